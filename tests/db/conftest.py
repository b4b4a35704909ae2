"""Every test here runs on SQLite and on PostgreSQL, inside an app context."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask

from app.adapters.mailer import MemoryMailer
from app.adapters.webhook import MemoryWebhook
from app.extensions import db


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
def work(work: Callable[[], list[str]]) -> Callable[[], list[str]]:
    """Run the waiting jobs while the test itself lets the database go."""

    def alone() -> list[str]:
        db.session.rollback()
        ran = work()
        db.session.rollback()
        return ran

    return alone


@pytest.fixture
def hooked(app: Flask) -> MemoryWebhook:
    """A webhook that keeps what is posted, and a mailer that keeps letters; nobody answers before a test says so."""
    webhook = MemoryWebhook()
    app.extensions["eyes"] = replace(app.extensions["eyes"], webhook=webhook, mailer=MemoryMailer())
    return webhook
