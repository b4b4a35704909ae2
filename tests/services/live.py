"""The product as it really runs: granian and the worker as processes, on a data folder of their own."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from http import HTTPStatus
from itertools import count
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from flask import Flask
from pydantic import SecretStr

from app import create_app
from app.cli.serve import web_command
from app.config import Settings
from tests.services.application import disconnect
from tests.services.processes import Server, free_port, listens

ROOT = Path(__file__).parents[2]

_numbers = count(1)


class Live:
    """A running web process and worker; `app` is a second app on the same deployment, for the test's own hands."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.settings = settings
        self.folder = folder
        self.data_dir = settings.data_dir
        self.url = settings.public_url
        self.port = int(self.url.rpartition(":")[2])
        self.app: Flask = create_app(settings)
        self.start()

    def start(self) -> None:
        """Serve and work until `stop` or `kill9`; can be started again on what the last run left."""
        self.start_web()
        self.start_worker()

    def start_web(self) -> None:
        """Start the web process alone, and wait until it answers."""
        self.web = self._run("web", web_command("127.0.0.1", self.port))
        self.web.wait_until(self.answers)

    def start_worker(self) -> None:
        """Start the worker alone."""
        self.worker = self._run("worker", [sys.executable, "-m", "flask", "--app", "wsgi", "worker"])

    def answers(self) -> bool:
        """Whether the web process answers that it is alive."""
        try:
            with urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return bool(answer.status == HTTPStatus.OK)
        except OSError:
            return False

    def start_again(self, name: str) -> None:
        """Start `web` or `worker` after it was killed, without waiting for its first answer."""
        if name == "worker":
            self.start_worker()
        else:
            self.web = self._run("web", web_command("127.0.0.1", self.port))
            self.web.wait_until(lambda: listens(self.port))

    def stop(self) -> None:
        """End both as an operator does."""
        for server in (self.web, self.worker):
            server.stop(signal.SIGTERM)

    def kill9(self) -> None:
        """SIGKILL to both and to whatever they started, wherever they are."""
        for server in (self.web, self.worker):
            server.kill()

    def logs(self) -> str:
        """Everything both processes wrote."""
        return "".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))

    def _run(self, name: str, command: list[str]) -> Server:
        return Server(command, log=self.folder / f"{name}.log", cwd=ROOT, env=environment(self.settings))


def environment(settings: Settings) -> dict[str, str]:
    """The environment in which a process of the product finds these settings."""
    values = {f"EYES_{name}".upper(): plain(value) for name, value in settings.model_dump().items()}
    return {name: value for name, value in os.environ.items() if not name.startswith("EYES_")} | values


def plain(value: Any) -> str:
    """One setting as a deployment would write it."""
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


@pytest.fixture
def start_live(settings: Settings, tmp_path: Path) -> Iterator[Callable[..., Live]]:
    """Start the product on this test's settings, with single ones changed; everything is ended after the test."""
    started: list[Live] = []

    def start(**values: Any) -> Live:
        folder = tmp_path / f"live-{next(_numbers)}"
        folder.mkdir()
        address = {"public_url": f"http://127.0.0.1:{free_port()}"}
        running = Live(settings.model_copy(update=address | values), folder)
        started.append(running)
        return running

    yield start
    for running in started:
        running.kill9()
        disconnect(running.app)


@pytest.fixture
def live(start_live: Callable[..., Live]) -> Live:
    """The product, running."""
    return start_live()
