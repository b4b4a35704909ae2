"""Every test here runs on SQLite and on PostgreSQL, inside an app context."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.extensions import Base, db


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """Both databases in turn."""
    return str(request.param)


@pytest.fixture(autouse=True)
def in_context(app: Flask) -> Iterator[None]:
    """Actions and queries find the session through the app."""
    with app.app_context():
        yield


@pytest.fixture
def refused_by_database() -> Callable[[Base], bool]:
    """Whether the database itself refuses a row, whatever the code would have let through."""

    def is_refused(row: Base) -> bool:
        try:
            with db.session.begin_nested():
                db.session.add(row)
        except IntegrityError:
            return True
        return False

    return is_refused
