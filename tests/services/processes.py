"""Programs that tests start: found or the test fails, on a free port, stopped for certain."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

ROOT = Path(__file__).parents[2]
LAST_LINES = 40


class ServiceMissing(AssertionError):
    """A real server the tests need is not installed. Never a skip: `make test` installs it."""


def find_program(name: str, *folders: Path) -> str:
    """The path of an installed program, on the PATH or in one of `folders`; the last folder wins."""
    beside = [str(folder / name) for folder in folders if (folder / name).exists()]
    found = beside[-1] if beside else shutil.which(name)
    if found is None:
        raise ServiceMissing(f"{name} is not installed; `make test` installs it")
    return found


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def wait_for(ready: Callable[[], bool], seconds: float, what: str) -> None:
    """Return once `ready()` is true; AssertionError after `seconds`."""
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not happen within {seconds} s")
        time.sleep(0.02)


def listens(port: int) -> bool:
    """Whether something accepts connections on the loopback port."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


class Process(Protocol):
    """As much of `subprocess.Popen` as a server needs."""

    args: Any
    pid: int

    def poll(self) -> int | None: ...

    def send_signal(self, sig: int) -> None: ...

    def wait(self, timeout: float | None = None) -> int: ...


def begin_anew(command: Sequence[str], log: Path, env: Mapping[str, str] | None, **more: Any) -> Process:
    """A program in a session of its own, that writes to `log`."""
    with log.open("ab") as output:
        return subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, env=env, start_new_session=True, **more
        )


class Server:
    """A server process in a process group of its own, with its output kept in a file."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        begin: Callable[..., Process] = begin_anew,
        **more: Any,
    ) -> None:
        self.log = log
        self.process = begin(command, log, env, **more)

    def wait_until(self, ready: Callable[[], bool], seconds: float = 30) -> None:
        """Return once `ready()` is true; fail with what the server said if it ends or takes too long."""

        def ready_or_dead() -> bool:
            if self.process.poll() is not None:
                raise AssertionError(f"{self.process.args} ended at once:\n{self.last_words()}")
            return ready()

        try:
            wait_for(ready_or_dead, seconds, f"the start of {self.process.args}")
        except AssertionError:
            self.kill()
            raise

    def last_words(self) -> str:
        """The end of the server's output."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-LAST_LINES:])

    def stop(self, how: signal.Signals = signal.SIGTERM, seconds: float = 15) -> int:
        """Ask the server to end, insist if it does not; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"{self.process.args} ignored {how.name}:\n{self.last_words()}") from None

    def kill(self) -> None:
        """SIGKILL to the server and all it started, at once."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
