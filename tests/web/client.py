"""The test client: every request in a context of its own, as on a real server, and every page checked as HTML."""

from contextvars import copy_context
from typing import Any

from flask.globals import _cv_app
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.html_checks import complaints

HTML = "text/html"


class CheckedClient(FlaskClient):
    """A client that refuses pages no visitor should get."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Answer as a server would: nothing of the test's own app context, session or identity map is seen."""
        response: TestResponse = copy_context().run(self._open_alone, *args, **kwargs)
        if response.mimetype == HTML and response.request.method != "HEAD" and not 300 <= response.status_code < 400:
            found = complaints(response.get_data(as_text=True), response.headers.get("Content-Security-Policy", ""))
            address = f"{response.request.method} {response.request.path} ({response.status_code})"
            assert not found, "\n".join([f"{address} is not a page for visitors:", *found])
        return response

    def _open_alone(self, *args: Any, **kwargs: Any) -> TestResponse:
        _cv_app.set(None)  # type: ignore[arg-type]  # Flask reads the missing context this way too
        return super().open(*args, **kwargs)
