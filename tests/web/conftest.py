"""What every test of the pages may ask for."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.extensions import limiter
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


@pytest.fixture
def link(client: FlaskClient) -> str:
    """The address a child hands over to a guardian."""
    child = Child(client)
    child.tell(gallery="yes", embed="yes")
    return child.link()


@pytest.fixture
def guardian(app: Flask, link: str) -> Visitor:
    """A guardian at a browser, who has opened the link."""
    visitor = Visitor(app.test_client())
    visitor.get(f"{link}?lang=en")
    return visitor
