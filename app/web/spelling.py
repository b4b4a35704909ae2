"""An address is read the same by everybody behind this, whether they stand in front of Flask or are it.

`//api` is no other address than `/api`. And a query of which not every sign was escaped is escaped here: some of us
would read its bytes as Latin-1, and some not at all.
"""

from collections.abc import Iterable
from urllib.parse import quote
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

AS_THEY_ARE = "%&=+;/?:@!$'()*,~-._[]"
"""The signs of a query that mean something there, or need no escape."""


class Spelling:
    """WSGI middleware that leaves one slash at the beginning of a path, and nothing but ASCII in a query.

    Where slashes stand twice elsewhere, Flask redirects.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith("//"):
            environ["PATH_INFO"] = "/" + environ["PATH_INFO"].lstrip("/")
        query = environ.get("QUERY_STRING", "")
        if not query.isascii():
            environ["QUERY_STRING"] = quote(query.encode("latin-1").decode(errors="replace"), safe=AS_THEY_ARE)
        return self.app(environ, start_response)
