"""Every test here runs on SQLite and on PostgreSQL, inside an app context."""

from collections.abc import Iterator

import pytest
from flask import Flask


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """Both databases in turn."""
    return str(request.param)


@pytest.fixture(autouse=True)
def in_context(app: Flask) -> Iterator[None]:
    """Actions and queries find the session through the app."""
    with app.app_context():
        yield
