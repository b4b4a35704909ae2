"""What every test of the pages may ask for."""

import pytest
from flask import Flask

from app.extensions import limiter
from tests.web.team import Colleague, hire


@pytest.fixture(autouse=True)
def fresh_brakes(app: Flask) -> None:
    """The brakes count in one place for all apps of this process: each test begins at zero."""
    limiter.reset()


@pytest.fixture
def moderator(app: Flask) -> Colleague:
    """A moderator at a browser, logged in."""
    return hire(app)
