"""Processes of the product, forked from one that has imported it: a start then takes a tenth of a second, not three.

Each is a process of its own that runs the command it is given, with its own environment, in its own session; only the
imports are done already. Without any help the product is started in `test_start_with_other_settings`.
"""

import gc
import importlib
import json
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from app.cli.serve import run_module
from tests.services.processes import ROOT

PYTHON = [sys.executable, "-m"]
LONG = 60
IMPORTED = (
    "app",
    "app.cli.worker",
    "flask.cli",
    "granian.cli",
    "granian.server.mp",
    "granian._loops",
    "huey.consumer",
    "logging.config",
    "sqlalchemy.dialects.sqlite",
    "sqlalchemy.dialects.postgresql.psycopg",
)


class Forker:
    """The process that has imported everything, asked for one thing at a time; it ends with whoever started it."""

    def __init__(self) -> None:
        self._asking = Lock()
        self._process = subprocess.Popen(
            [*PYTHON, __spec__.name], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def ask(self, **question: Any) -> Any:
        """What it answers."""
        with self._asking:
            print(json.dumps(question), file=self._process.stdin)
            return json.loads(self._process.stdout.readline())  # type: ignore[union-attr]


@cache
def forker() -> Forker:
    """The one of this process of the test run, from its first use on."""
    return Forker()


class Forked:
    """What `subprocess.Popen` is for other processes, as far as it is needed."""

    def __init__(self, args: Sequence[str], log: Path, env: Mapping[str, str]) -> None:
        assert args[: len(PYTHON)] == PYTHON, f"this is no module to run: {args}"
        self.args = args
        self.returncode: int | None = None
        self.pid: int = forker().ask(run=args[len(PYTHON) :], log=str(log), env=dict(env))

    def poll(self) -> int | None:
        """How it ended; None while it runs."""
        if self.returncode is None:
            self.returncode = forker().ask(ended=self.pid)
        return self.returncode

    def send_signal(self, sig: int) -> None:
        """To it alone, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, sig)

    def wait(self, timeout: float | None = None) -> int:
        """How it ended, once it has. Raises `TimeoutExpired`."""
        deadline = time.monotonic() + (timeout or LONG)
        while (ended := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(self.args, timeout or LONG)
            time.sleep(0.01)
        return ended


def serve_forks() -> dict[str, Any]:
    """Answer what is asked, until nobody asks any more; in a forked process: what that one is to run."""
    for line in sys.stdin:
        question = json.loads(line)
        if "run" in question:
            if os.fork() == 0:
                os.setsid()
                answer(os.getpid())
                return dict(question)
        else:
            pid, status = os.waitpid(question["ended"], os.WNOHANG)
            answer(os.waitstatus_to_exitcode(status) if pid else None)
    sys.exit()


def answer(what: int | None) -> None:
    """Say it to who asked."""
    sys.stdout.write(f"{json.dumps(what)}\n")
    sys.stdout.flush()


def become(run: Sequence[str], log: str, env: Mapping[str, str]) -> None:
    """Turn this forked process into `python -m RUN …`."""
    with open(os.devnull, "rb") as nothing, open(log, "ab") as output:
        os.dup2(nothing.fileno(), 0)
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    os.environ.clear()
    os.environ.update(env)
    run_module(run)


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")  # by which granian starts its worker
    gc.disable()
    for name in IMPORTED:
        importlib.import_module(name)
    gc.freeze()
    gc.enable()
    become(**serve_forks())
