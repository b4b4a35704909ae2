"""Stories that are told through all the pages once, and copied for every test that begins where they end."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from app.adapters.queue import MemoryQueue
from app.config import Settings
from app.people.rules import CardNumber
from tests.services.application import disconnect, hashed_quickly, settings_in, sqlite_file
from tests.web.telling import Child


def sent(child: Child, **answers: str) -> CardNumber:
    """The card is on the screen."""
    return child.tell(**(answers or {"gallery": "yes"}))


def noted(child: Child) -> CardNumber:
    """The card was written down."""
    card = sent(child)
    child.confirm(card)
    return card


def returned(child: Child) -> CardNumber:
    """The story was opened with the card."""
    return child.come_back(gallery="yes")


def link(child: Child) -> CardNumber:
    """The card is on the screen, and beside it the link for a guardian."""
    return sent(child, gallery="yes", embed="yes")


STORIES: dict[str, Callable[[Child], CardNumber]] = {each.__name__: each for each in (link, sent, noted, returned)}
"""How far each has come, by the name of the fixture that a test asks for."""


def asked_for(fixtures: list[str]) -> str:
    """Which of the stories a test begins with, if any."""
    return next((name for name in STORIES if name in fixtures), "")


def jobs(app: Flask) -> list[tuple[str, ...]]:
    """The jobs that wait until a test runs them."""
    queue: MemoryQueue = app.extensions["eyes"].queue
    return queue.sent


@dataclass(frozen=True)
class Told:
    """What a child left behind: the deployment, and what is in their browser."""

    folder: Path
    card: CardNumber
    page: str
    token: str
    cookies: dict[Any, Any]
    jobs: list[tuple[str, ...]]

    def goes_on(self, client: FlaskClient) -> Child:
        """The child at another browser, where the app has this deployment."""
        client._cookies.update(self.cookies)
        jobs(client.application).extend(self.jobs)
        child = Child(client)
        child.page, child.token, child.kept = self.page, self.token, self.card
        return child


def tell_once(name: str, folder: Path, template: Path, make_app: Callable[[Settings], Flask]) -> Told:
    """Tell one of the stories in this folder."""
    settings = settings_in(folder)
    shutil.copyfile(template, sqlite_file(settings))
    with hashed_quickly():
        client = make_app(settings).test_client()
        child = Child(client)
        card = STORIES[name](child)
    disconnect(client.application)  # and so the database is one file
    return Told(folder, card, child.page, child.token, dict(client._cookies), list(jobs(client.application)))
