"""What is started together says that it serves once it does, and not before."""

import os
import re
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import click
import pytest

from app.cli.serve import answers, refuse_taken, run_together, serve
from tests.house.tree import ROOT
from tests.services.processes import free_port, wait_for

ANSWERS_ONCE = """
import sys, time
from http.server import BaseHTTPRequestHandler, HTTPServer

class Alive(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()

time.sleep(0.3)
HTTPServer(("127.0.0.1", int(sys.argv[1])), Alive).handle_request()
time.sleep(0.5)
"""


DEAF = """
import signal, subprocess, sys

signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, file=open(sys.argv[1], "w"), flush=True)
child.wait()
"""


def script(words: str, told: object) -> Callable[[], object]:
    """What runs a program in the process it is called in."""
    return partial(os.execv, sys.executable, [sys.executable, "-c", words, str(told)])


@pytest.fixture
def own_signals() -> Iterator[None]:
    """The signals of this process are its own again afterwards."""
    before = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)}
    yield
    for one, handler in before.items():
        signal.signal(one, handler)


@pytest.mark.usefixtures("own_signals")
def test_it_is_asked_until_it_answers_and_then_left_alone() -> None:
    port, said = free_port(), []

    def begun() -> bool:
        said.append(answers(f"http://127.0.0.1:{port}"))
        return said[-1]

    assert run_together([script(ANSWERS_ONCE, port)], begun) == 0
    assert said[0] is False
    assert said.count(True) == 1
    assert said[-1] is True


@pytest.mark.usefixtures("own_signals")
def test_nothing_that_was_started_outlives_a_process_that_does_not_listen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["app.cli.serve"], "GRACE_SECONDS", 0.5)
    told = tmp_path / "pid"
    short = "import pathlib, sys, time\nwhile not pathlib.Path(sys.argv[1]).exists(): time.sleep(0.05)\ntime.sleep(0.3)"
    assert run_together([script(DEAF, told), script(short, told)]) == 0
    child = int(told.read_text())
    wait_for(lambda: not is_alive(child), 5, "the end of what was started")


@pytest.mark.usefixtures("own_signals")
def test_nothing_outlives_a_look_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["app.cli.serve"], "GRACE_SECONDS", 0.5)
    told = tmp_path / "pid"

    def begun() -> bool:
        if told.exists() and told.read_text().strip():
            raise RuntimeError("an error of ours")
        return False

    with pytest.raises(RuntimeError, match="an error of ours"):
        run_together([script(DEAF, told)], begun)
    child = int(told.read_text())
    wait_for(lambda: not is_alive(child), 5, "the end of what was started")


def test_what_speaks_no_http_is_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def greet() -> None:
            visitor, _address = listener.accept()
            with visitor:
                visitor.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")

        other = threading.Thread(target=greet)
        other.start()
        assert answers(f"http://127.0.0.1:{listener.getsockname()[1]}") is False
        other.join()


def test_a_port_is_for_one() -> None:
    with socket.create_server(("127.0.0.1", 0), reuse_port=True) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(click.ClickException) as refused:
            refuse_taken("127.0.0.1", port)
    assert refused.value.message == f"Nothing can listen at 127.0.0.1 on port {port}: Address already in use."
    refuse_taken("127.0.0.1", port)


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that ended and that nobody asked about does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_the_unit_of_systemd_starts_what_there_is() -> None:
    unit = (ROOT / "deploy" / "eyes.service").read_text(encoding="utf-8")
    started = re.search(r"^ExecStart=/srv/eyes/(\S+) --app wsgi serve (.*)$", unit, re.MULTILINE)
    assert started is not None
    assert started[1] == ".venv/bin/flask"
    assert serve.make_context("serve", started[2].split()).params["processes"] > 1
