"""What every test of the pages may ask for."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.adapters.queue import MemoryQueue
from app.config import Settings
from app.extensions import limiter
from tests.services.application import disconnect, hashed_quickly, settings_in, sqlite_file
from tests.web.team import Colleague, hire
from tests.web.telling import Child, Visitor


@pytest.fixture(autouse=True)
def fresh_brakes(app: Flask) -> None:
    """The brakes count in one place for all apps of this process: each test begins at zero."""
    limiter.reset()


@pytest.fixture
def moderator(app: Flask) -> Colleague:
    """A moderator at a browser, logged in."""
    return hire(app)


@dataclass(frozen=True)
class Told:
    """What a child left behind who told a story through all the pages: tests that need no more go on from there."""

    folder: Path
    link: str
    cookies: dict[Any, Any]
    jobs: list[tuple[str, ...]]


def jobs(app: Flask) -> list[tuple[str, ...]]:
    """The jobs that wait until a test runs them."""
    queue: MemoryQueue = app.extensions["eyes"].queue
    return queue.sent


@pytest.fixture(scope="session")
def told(
    sqlite_template: Path, make_app: Callable[[Settings], Flask], tmp_path_factory: pytest.TempPathFactory
) -> Told:
    """The story that `link` leads to, told once."""
    folder = tmp_path_factory.mktemp("told")
    settings = settings_in(folder)
    shutil.copyfile(sqlite_template, sqlite_file(settings))
    with hashed_quickly():
        client = make_app(settings).test_client()
        child = Child(client)
        child.tell(gallery="yes", embed="yes")
        told = Told(folder, child.link(), dict(client._cookies), list(jobs(client.application)))
    disconnect(client.application)  # and so the database is one file
    return told


@pytest.fixture
def settings(settings: Settings, chosen: dict[str, Any], request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """A deployment of its own; where a test begins with a told story and changes no settings, that one is in it."""
    if "link" in request.fixturenames and not chosen:
        told: Told = request.getfixturevalue("told")
        shutil.copytree(told.folder, tmp_path, dirs_exist_ok=True)
    return settings


@pytest.fixture
def link(client: FlaskClient, told: Told, chosen: dict[str, Any]) -> str:
    """The address a child hands over to a guardian; `client` is the child's browser."""
    if chosen:
        child = Child(client)
        child.tell(gallery="yes", embed="yes")
        return child.link()
    client._cookies.update(told.cookies)
    jobs(client.application).extend(told.jobs)
    return told.link


@pytest.fixture
def guardian(app: Flask, link: str) -> Visitor:
    """A guardian at a browser, who has opened the link."""
    visitor = Visitor(app.test_client())
    visitor.get(f"{link}?lang=en")
    return visitor
