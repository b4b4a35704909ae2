"""How many requests are worked on at once, however slowly their clients send."""

from collections import deque
from collections.abc import Iterable
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import InputStream, StartResponse, WSGIApplication, WSGIEnvironment

PLACES, READERS = 4, 2
"""More at once would only wait for the same processor and the same database. Pages that are read by nobody in
particular are nearly all processor: more than two of them take the interpreter from each other at every row."""


class Turnstile:
    """WSGI middleware: so many requests are inside at a time; one that waits for its client's bytes steps out.

    So a class of slow telephones takes threads, which the server has plenty of, and nobody's turn; and a crowd at the
    gallery takes no turn of those who hand something in.
    """

    def __init__(self, app: "WSGIApplication", places: int = PLACES, readers: int = READERS) -> None:
        self.app = app
        self.places, self.readers = Line(places), Line(readers)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            _take_away_body(environ)
        if environ["REQUEST_METHOD"] == "GET" and "HTTP_COOKIE" not in environ:
            with self.readers:
                return self.app(environ, start_response)
        environ["wsgi.input"] = _Body(environ["wsgi.input"], self.places)
        if environ.get("CONTENT_LENGTH"):
            # The server ends a body that was cut off like one that is whole: Werkzeug is to count for itself.
            environ.pop("wsgi.input_terminated", None)
        with self.places:
            return self.app(environ, start_response)


def _take_away_body(environ: "WSGIEnvironment") -> None:
    """What somebody only reads has no body (RFC 9110, 9.3.1): a client that says it sends one would be waited for."""
    for header in ("HTTP_TRANSFER_ENCODING", "CONTENT_TYPE", "wsgi.input_terminated"):
        environ.pop(header, None)
    environ["CONTENT_LENGTH"], environ["wsgi.input"] = "0", BytesIO()


class Line:
    """So many at a time, first come, first served: a place that comes free goes to whoever has waited longest.

    A semaphore lets the newest pass those who wait.
    """

    def __init__(self, places: int) -> None:
        self._free, self._waiting, self._lock = places, deque[Lock](), Lock()

    def acquire(self) -> None:
        """Wait for a place."""
        with self._lock:
            if self._free:
                self._free -= 1
                return
            called = Lock()
            called.acquire()
            self._waiting.append(called)
        called.acquire()

    def release(self) -> None:
        """Give the place to the next in line."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *_raised: object) -> None:
        self.release()


class _Body:
    """What a client sends, waited for outside."""

    def __init__(self, stream: "InputStream", places: Line) -> None:
        self.stream = stream
        self.places = places

    def read(self, size: int = -1) -> bytes:
        self.places.release()
        try:
            return self.stream.read(size)
        finally:
            self.places.acquire()
