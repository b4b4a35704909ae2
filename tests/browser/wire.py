"""A visitor over a real socket, for tests whose server may be killed at any moment."""

import http.client
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

BOUNDARY = "a-boundary-that-no-field-contains"
PATIENCE_SECONDS = 90


@dataclass(frozen=True)
class Answer:
    """What a server said, with the names that Werkzeug's test client uses."""

    status_code: int
    location: str
    mimetype: str
    text: str
    retry_after: str = ""


class Wire:
    """A cookie jar and a stubborn connection: what was not answered, or by a 503, is sent again, word for word."""

    def __init__(self, url: str, address: str) -> None:
        self.host = urlsplit(url).netloc
        self.address = address
        self.stubborn = True
        self.cookies: dict[str, str] = {}
        self.repeated = 0

    @property
    def jar(self) -> str:
        """The cookies, as they are sent."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def get(self, path: str, query_string: dict[str, str] | None = None) -> Answer:
        """GET until it is answered."""
        address = f"{path}?{urlencode(query_string)}" if query_string else path
        return self._insist(lambda: self._once("GET", address, b"", {}))

    def post(self, path: str, data: dict[str, Any], content_type: str = "") -> Answer:
        """POST a form until it is answered."""
        if content_type == "multipart/form-data":
            body, kind = multipart(data), f"multipart/form-data; boundary={BOUNDARY}"
        else:
            body, kind = urlencode(data).encode(), "application/x-www-form-urlencoded"
        return self._insist(lambda: self._once("POST", path, body, {"Content-Type": kind}))

    def put(self, path: str, data: bytes, headers: dict[str, str], content_type: str) -> Answer:
        """PUT bytes until it is answered."""
        return self._insist(lambda: self._once("PUT", path, data, {"Content-Type": content_type, **headers}))

    def _insist(self, send: Callable[[], Answer]) -> Answer:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                answer = send()
                if answer.status_code != 503 or not self.stubborn:
                    return answer
            except (OSError, http.client.HTTPException):
                if time.monotonic() > deadline:
                    raise
            self.repeated += 1
            time.sleep(0.1)

    def _once(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection(self.host, timeout=20)
        sent = {"X-Forwarded-For": self.address, **headers}
        if self.cookies:  # as a browser does: an empty header is a visitor of no kind
            sent["Cookie"] = self.jar
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            text = response.read().decode("utf-8", "replace")
        finally:
            connection.close()
        for header in response.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(header).items()}
        place = urlsplit(response.headers.get("Location", ""))
        location = place.path + (f"?{place.query}" if place.query else "")
        retry_after = response.headers.get("Retry-After", "")
        return Answer(response.status, location, response.headers.get_content_type(), text, retry_after)


def multipart(fields: dict[str, Any]) -> bytes:
    """The fields as a multipart body."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return ("".join(parts) + f"--{BOUNDARY}--\r\n").encode()
