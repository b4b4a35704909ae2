"""The product as it really runs: granian and the worker as processes, on a data folder of their own."""

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from itertools import count
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from flask import Flask
from pydantic import SecretStr

from app import clock, create_app
from app.cli.serve import web_arguments
from app.cli.sweeper import sweep
from app.cli.writing import transaction
from app.config import Settings
from tests.services.application import disconnect, settings_in, sqlite_file
from tests.services.forking import PYTHON, Forked
from tests.services.processes import Server, free_port, listens

_numbers = count(1)


class Live:
    """A running web process and worker; `app` is a second app on the same deployment, for the test's own hands."""

    program = "wsgi"

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
        self._run_web()
        self.web.wait_until(self.answers)

    def start_worker(self) -> None:
        """Start the worker alone."""
        self.worker = self._run("worker", [sys.executable, "-m", "flask", "--app", self.program, "worker"])

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
            self._run_web()
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

    def _run_web(self) -> None:
        self.web = self._run("web", [*PYTHON, *web_arguments("127.0.0.1", self.port, program=f"{self.program}:app")])

    def _run(self, name: str, command: list[str]) -> Server:
        return Server(command, log=self.folder / f"{name}.log", env=self.environment(), begin=Forked)

    def environment(self) -> dict[str, str]:
        """What both processes find in their environment."""
        return environment(self.settings)


class Quick(Live):
    """The product for a test that tells many stories and starts it many times; its story cards are its own alone."""

    program = "tests.services.quick"

    def environment(self) -> dict[str, str]:
        """With the folder of the compiled templates."""
        return super().environment() | {"TEMPLATE_CACHE": str(self.folder)}


class Moving(Live):
    """The product under a clock that only the test moves on."""

    program = "tests.services.moved"

    def start(self) -> None:
        """Serve and work, from the present moment on."""
        self._set_ahead(timedelta())
        super().start()

    def environment(self) -> dict[str, str]:
        """With the file that says how far the clock is ahead."""
        return super().environment() | {"CLOCK_FILE": str(self._clock_file)}

    @property
    def _clock_file(self) -> Path:
        return self.folder / "clock"

    def _set_ahead(self, ahead: timedelta) -> None:
        self._ahead = ahead
        self._clock_file.write_text(str(ahead.total_seconds()))

    @property
    def now(self) -> datetime:
        """What the product's clock says."""
        return datetime.now(UTC) + self._ahead

    @contextmanager
    def hands(self, ago: timedelta = timedelta()) -> Iterator[None]:
        """The test's own hands on the data, in one transaction, at the product's time or earlier."""
        with self.app.app_context(), clock.fixed(self.now - ago), transaction():
            yield

    def go_on(self, **how: float) -> None:
        """Let time pass (days, hours …), and the sweeper see to what has become due."""
        self._set_ahead(self._ahead + timedelta(**how))
        with self.app.app_context(), clock.fixed(self.now):
            sweep()


def environment(settings: Settings) -> dict[str, str]:
    """The environment in which a process of the product finds these settings."""
    values = {f"EYES_{name}".upper(): plain(value) for name, value in settings.model_dump().items()}
    return {name: value for name, value in os.environ.items() if not name.startswith("EYES_")} | values


def plain(value: Any) -> str:
    """One setting as a deployment would write it."""
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


@contextmanager
def ended() -> Iterator[list[Live]]:
    """A list of what was started; all of it is ended with the block."""
    started: list[Live] = []
    yield started
    for running in started:
        running.kill9()
        disconnect(running.app)


@pytest.fixture
def start_live(settings: Settings, tmp_path: Path) -> Iterator[Callable[..., Live]]:
    """Start the product on this test's settings, with single ones changed; everything is ended after the test."""

    def start(kind: type[Live] = Live, **values: Any) -> Live:
        folder = tmp_path / f"live-{next(_numbers)}"
        folder.mkdir()
        address = {"public_url": f"http://127.0.0.1:{free_port()}"}
        started.append(kind(settings.model_copy(update=address | values), folder))
        return started[-1]

    with ended() as started:
        yield start


@pytest.fixture(scope="module")
def start_shared(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Live]]:
    """Start a product for all tests of a module, none of which minds what another left there."""

    def start(kind: type[Live] = Live, **values: Any) -> Live:
        folder = tmp_path_factory.mktemp("shared")
        settings = settings_in(folder, public_url=f"http://127.0.0.1:{free_port()}", **values)
        shutil.copyfile(sqlite_template, sqlite_file(settings))
        started.append(kind(settings, folder))
        return started[-1]

    with ended() as started:
        yield start


@pytest.fixture(scope="module")
def moving(start_shared: Callable[..., Moving]) -> Moving:
    """One running product for all tests of a module, who move its clock on, each for those who come after."""
    return start_shared(Moving)


@pytest.fixture(scope="module")
def shared_live(start_shared: Callable[..., Live]) -> Live:
    """One running product for all tests of a module."""
    return start_shared()


@pytest.fixture
def live(start_live: Callable[..., Live]) -> Live:
    """The product, running."""
    return start_live()
