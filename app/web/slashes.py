"""`//api` is no other address than `/api`: whoever looks at a path in front of Flask sees the one that Flask sees."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


class Slashes:
    """WSGI middleware that leaves one slash at the beginning of a path. Where others stand twice, Flask redirects."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith("//"):
            environ["PATH_INFO"] = "/" + environ["PATH_INFO"].lstrip("/")
        return self.app(environ, start_response)
