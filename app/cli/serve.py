"""`flask serve`: the web server and the worker side by side, stopped together.

Both are forked from this process, which has imported the product: a start takes half as long, and what they do not
change of it is in memory once. They are forked before anything was opened, and wait until all is prepared.
"""

import multiprocessing
import os
import runpy
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from contextvars import Context
from functools import partial
from http import HTTPStatus
from http.client import HTTPException
from multiprocessing.process import BaseProcess
from types import FrameType
from urllib.request import urlopen

import click
from flask.cli import with_appcontext

from app.adapters import outside
from app.cli.following import go_dark
from app.consent.publishing import reworded
from app.people.keys import try_keyring

GRACE_SECONDS = 15
POLL_SECONDS = 0.2
END_SECONDS = 0.02
ANSWER_SECONDS = 1
THREADS = 64
"""Most of them wait for slow clients; how many requests are worked on at once is the turnstile's to say."""
FORK = multiprocessing.get_context("fork")
GO = b"\1"

Target = Callable[[], object]


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
    refuse_taken(host, port)
    targets: list[Target] = [partial(run_module, web_arguments(host, port, processes, threads))]
    if worker:
        targets.append(run_worker)
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    words = f"Eyes on Me answers at {host} on port {port}. Ctrl-C or SIGTERM stops everything."
    sys.exit(run_together(targets, once_it_answers(address, lambda: click.echo(words)), close_what_must_be))


def refuse_taken(host: str, port: int) -> None:
    """Two web servers may share a port, and visitors would meet now one and now the other. Raises `ClickException`."""
    try:
        with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
            return
    except OSError as error:
        why = (error.strerror or "").partition(" (")[0]
        raise click.ClickException(f"Nothing can listen at {host} on port {port}: {why}.") from None


def close_what_must_be() -> None:
    """Before anybody is served; and nobody is where nothing could be opened."""
    if edited := reworded():
        raise click.ClickException("\n".join(edited))
    try_keyring()
    keyring = outside().keyring
    if keyring.is_for_all_eyes():
        click.echo(f"Every user of this machine can read the keyring. Run: chmod o-rwx {keyring.path}", err=True)
    go_dark()


def web_arguments(
    host: str, port: int, processes: int = 1, threads: int = THREADS, program: str = "wsgi:app"
) -> list[str]:
    """What granian is told; the first is its own name."""
    return [
        *("granian", "--interface", "wsgi"),
        *("--http", "1", "--no-ws"),  # to look for other protocols costs each request as much as a kept page
        *("--host", host, "--port", str(port)),
        *("--workers", str(processes), "--blocking-threads", str(threads)),
        *("--backpressure", str(threads * 4), "--log-level", "error"),  # it warns of many threads
        program,
    ]


def run_worker() -> None:
    """Be `flask worker`."""
    run_module(["flask", "--app", "wsgi", "worker"])


def run_module(argv: Sequence[str]) -> None:
    """Be `python -m …`."""
    sys.argv = list(argv)
    Context().run(runpy.run_module, argv[0], run_name="__main__", alter_sys=True)


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


def run_together(
    targets: Sequence[Target], begun: Callable[[], bool] = lambda: True, prepare: Callable[[], object] = lambda: None
) -> int:
    """Run each target in a process of its own until one of them ends or a signal comes; then end all.

    They begin when `prepare` is done, and `begun` is asked again and again until it says that they serve. The exit code
    of what ended first.
    """
    waiting, gate = os.pipe()
    running = [FORK.Process(target=wait_and_run, args=(waiting, gate, target)) for target in targets]
    try:
        for process in running:
            process.start()
        prepare()

        def stop(_signal: int, _frame: FrameType | None) -> None:
            for process in running:
                process.terminate()

        signal.signal(signal.SIGINT, stop)
        signal.signal(signal.SIGTERM, stop)
        os.write(gate, GO * len(running))
        waits = True
        while all(process.exitcode is None for process in running):
            waits = waits and not begun()
            time.sleep(POLL_SECONDS)
        code = next(process.exitcode for process in running if process.exitcode is not None)
    finally:
        os.close(waiting)
        os.close(gate)
        end(running)
    return 0 if code == -signal.SIGTERM else code


def wait_and_run(waiting: int, gate: int, target: Target) -> None:
    """In a process of its own, which leads a group of its own: nothing before the word is given, or if it never is."""
    os.setsid()
    os.close(gate)
    told = os.read(waiting, len(GO))
    os.close(waiting)
    if told:
        multiprocessing.set_start_method("fork", force=True)  # by which granian starts what answers
        target()


def end(running: Sequence[BaseProcess]) -> None:
    """End processes, kindly and then not, with all that they started: each leads a group of its own."""
    started = [(process, process.pid) for process in running if process.pid is not None]
    for process, _ in started:
        process.terminate()
    for process, group in started:
        until = time.monotonic() + GRACE_SECONDS  # `join` would wait for what it started, too
        while process.exitcode is None and time.monotonic() < until:
            time.sleep(END_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)
        process.join()
