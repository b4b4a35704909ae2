"""Somebody else's web site, on another origin, whose one page holds whatever was pasted into it."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest


class OtherSite:
    """A page with a `snippet` in it, under the Content-Security-Policy `policy` where there is one."""

    def __init__(self) -> None:
        self.snippet = ""
        self.policy = ""
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                head = '<!doctype html><html lang="en"><title>Another site</title><main><h1>Another site</h1>'
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                if site.policy:
                    self.send_header("Content-Security-Policy", site.policy)
                self.end_headers()
                self.wfile.write(f"{head}{site.snippet}</main></html>".encode())

            def log_message(self, *_arguments: Any) -> None:
                """Be quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def other_site() -> Iterator[OtherSite]:
    """Running until the test is over."""
    site = OtherSite()
    yield site
    site.server.shutdown()
    site.server.server_close()
