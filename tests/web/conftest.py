"""What every test of the pages may ask for."""

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.config import Settings
from app.extensions import limiter
from app.people.permissions import Role
from app.people.rules import CardNumber
from tests.web.consenting import Family, hire_pair, make_family
from tests.web.team import Colleague, hire
from tests.web.telling import Child, Visitor
from tests.web.told import STORIES, Told, asked_for, tell_once


@pytest.fixture(autouse=True)
def fresh_brakes(app: Flask) -> None:
    """The brakes count in one place for all apps of this process: each test begins at zero."""
    limiter.reset()


@pytest.fixture
def moderator(app: Flask) -> Colleague:
    """A moderator at a browser, logged in."""
    return hire(app)


@pytest.fixture
def helper(app: Flask) -> Colleague:
    """A facilitator at a browser, logged in."""
    return hire(app, Role.FACILITATOR)


@pytest.fixture
def family(app: Flask) -> Family:
    """A child who told a story, and a guardian."""
    return make_family(app)


@pytest.fixture(scope="session")
def told(
    sqlite_template: Path, make_app: Callable[[Settings], Flask], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Told]:
    """One of the stories by its name, told at its first use."""

    @cache
    def tell(name: str) -> Told:
        return tell_once(name, tmp_path_factory.mktemp("told"), sqlite_template, make_app)

    return tell


@pytest.fixture
def settings(settings: Settings, chosen: dict[str, Any], request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """A deployment of its own; where a test begins with a told story and changes no settings, that one is in it."""
    name = asked_for(request.fixturenames)
    if name and not chosen:
        told: Callable[[str], Told] = request.getfixturevalue("told")
        shutil.copytree(told(name).folder, tmp_path, dirs_exist_ok=True)
    return settings


@pytest.fixture
def begun(
    client: FlaskClient, told: Callable[[str], Told], chosen: dict[str, Any], request: pytest.FixtureRequest
) -> tuple[Child, CardNumber]:
    """The child whose story this test begins with, at the browser of `client`, and the card."""
    name = asked_for(request.fixturenames)
    if chosen:
        child = Child(client)
        return child, STORIES[name](child)
    return told(name).goes_on(client), told(name).card


@pytest.fixture
def link(begun: tuple[Child, CardNumber]) -> str:
    """The address a child hands over to a guardian; `client` is the child's browser."""
    return begun[0].link()


@pytest.fixture
def sent(begun: tuple[Child, CardNumber]) -> tuple[Child, CardNumber]:
    """A child who has sent a story and reads the card."""
    return begun


@pytest.fixture
def noted(begun: tuple[Child, CardNumber]) -> CardNumber:
    """The card of a child who has sent a story and written it down."""
    return begun[1]


@pytest.fixture
def returned(begun: tuple[Child, CardNumber]) -> Child:
    """A child who came back with the card of a story."""
    return begun[0]


@pytest.fixture
def guardian(app: Flask, link: str) -> Visitor:
    """A guardian at a browser, who has opened the link."""
    visitor = Visitor(app.test_client())
    visitor.get(f"{link}?lang=en")
    return visitor


@pytest.fixture
def pair(app: Flask) -> tuple[Colleague, Colleague]:
    return hire_pair(app)
