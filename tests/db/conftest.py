"""Every test here runs on SQLite and on PostgreSQL, inside an app context."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app import create_app
from app.adapters.mailer import MemoryMailer
from app.adapters.webhook import MemoryWebhook
from app.config import Settings
from app.extensions import Base, db
from app.people.actions import declare_guardian
from app.people.models import Guardian, Staff
from app.people.permissions import Role
from app.people.rules import Relation
from tests.factories.people import make_guardian, make_staff, make_storyteller
from tests.services.application import disconnect
from tests.services.postgres import Postgres


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


@pytest.fixture
def new_machine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Make a deployment that has neither tables nor files nor a keyring: (which database, settings …)."""
    started: list[tuple[Flask, str]] = []

    def start(backend: str, **values: Any) -> Flask:
        folder, name = tmp_path / f"machine-{len(started)}", ""
        if backend == "postgresql":
            postgres: Postgres = request.getfixturevalue("postgres")
            name = postgres.create()
            values["database_url"] = postgres.url(name)
        app = create_app(
            Settings(**{"data_dir": folder / "data", "keyring": folder / "keys" / "keyring.json"} | values)
        )
        started.append((app, name))
        return app

    yield start
    for app, name in started:
        disconnect(app)
        if name:
            request.getfixturevalue("postgres").drop(name)


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


@pytest.fixture
def carer() -> Guardian:
    """Somebody whom a court appointed, as they say."""
    guardian = make_guardian(make_storyteller(), declared=False)
    declare_guardian(guardian, "Ana Ionescu", Relation.COURT_CARER)
    return guardian


@pytest.fixture
def facilitator() -> Staff:
    return make_staff(Role.FACILITATOR)
