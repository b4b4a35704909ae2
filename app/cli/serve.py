"""`flask serve`: the web server and the worker side by side, stopped together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from http import HTTPStatus
from http.client import HTTPException
from types import FrameType
from urllib.request import urlopen

import click
from flask.cli import with_appcontext

from app.cli.following import go_dark
from app.consent.publishing import reworded

GRACE_SECONDS = 15
POLL_SECONDS = 0.2
ANSWER_SECONDS = 1
THREADS = 64
"""Most of them wait for slow clients; how many requests are worked on at once is the turnstile's to say."""
WORKER = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, envvar="PORT")
@click.option("--processes", default=1, show_default=True, help="Web processes.")
@click.option("--threads", default=THREADS, show_default=True, help="Clients that one process listens to at once.")
@click.option("--worker/--no-worker", default=True, help="Start the worker beside the web process.")
@with_appcontext
def serve(host: str, port: int, processes: int, threads: int, worker: bool) -> None:
    """Serve on HOST:PORT until Ctrl-C or SIGTERM; first, what changed settings do not allow to be shown goes.

    Refused while a consent text is not what it was when it was published: what families answered would be another one.
    """
    if edited := reworded():
        raise click.ClickException("\n".join(edited))
    go_dark()
    commands = [web_command(host, port, processes, threads)]
    if worker:
        commands.append(WORKER)
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    words = f"Eyes on Me answers at {host} on port {port}. Ctrl-C or SIGTERM stops everything."
    sys.exit(run_together(commands, once_it_answers(address, lambda: click.echo(words))))


def web_command(host: str, port: int, processes: int = 1, threads: int = THREADS) -> list[str]:
    """How granian is started."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi"),
        *("--http", "1", "--no-ws"),  # to look for other protocols costs each request as much as a kept page
        *("--host", host, "--port", str(port)),
        *("--workers", str(processes), "--blocking-threads", str(threads)),
        *("--backpressure", str(threads * 4), "--log-level", "error"),  # it warns of many threads
        "wsgi:app",
    ]


def answers(address: str) -> bool:
    """Whether the web process at `address` answers that it is alive."""
    try:
        with urlopen(f"{address}/healthz", timeout=ANSWER_SECONDS) as answer:  # noqa: S310  (an address of ours)
            return bool(answer.status == HTTPStatus.OK)
    except (OSError, HTTPException):
        return False


def once_it_answers(address: str, say: Callable[[], None]) -> Callable[[], bool]:
    """What `run_together` asks: whether the web process at `address` answers; when it first does, `say` is called."""

    def begun() -> bool:
        answered = answers(address)
        if answered:
            say()
        return answered

    return begun


def run_together(commands: Sequence[Sequence[str]], begun: Callable[[], bool] = lambda: True) -> int:
    """Run processes until one of them ends or a signal comes; then end all. The exit code of what ended first.

    `begun` is asked again and again until it says that they have begun to serve.
    """
    running: list[subprocess.Popen[bytes]] = []

    def stop(_signal: int, _frame: FrameType | None) -> None:
        for process in running:
            process.terminate()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    try:
        running.extend(subprocess.Popen(command, start_new_session=True) for command in commands)
        waits = True
        while all(process.poll() is None for process in running):
            waits = waits and not begun()
            time.sleep(POLL_SECONDS)
        code = next(process.returncode for process in running if process.returncode is not None)
    finally:
        end(running)
    return 0 if code == -signal.SIGTERM else code


def end(running: Sequence[subprocess.Popen[bytes]]) -> None:
    """End processes, kindly and then not, with all that they started: each leads a group of its own."""
    for process in running:
        process.terminate()
    for process in running:
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
