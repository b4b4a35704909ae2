"""What is started together says that it serves once it does, and not before."""

import signal
import sys
from collections.abc import Iterator

import pytest

from app.cli.serve import answers, run_together
from tests.services.processes import free_port

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

    assert run_together([[sys.executable, "-c", ANSWERS_ONCE, str(port)]], begun) == 0
    assert said[0] is False
    assert said.count(True) == 1
    assert said[-1] is True
