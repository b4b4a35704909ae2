"""The test client: every request in a context of its own, as on a real server, and every page checked as HTML."""

import re
from contextvars import copy_context
from functools import lru_cache, partial
from typing import Any

import werkzeug.test
from flask.globals import _cv_app
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse
from werkzeug.wsgi import get_current_url

from tests.web.html_checks import complaints

# The client wants to know, twice a request, whom its cookies are for; a hostile query is long, and no part of that.
werkzeug.test.get_current_url = partial(get_current_url, strip_querystring=True)

HTML = "text/html"
NONCE = re.compile(r"'nonce-([^']+)'")
TOKEN = re.compile(r'(name="csrf_token" value=)"[^"]+"')
complaints_of = lru_cache(256)(complaints)
"""A page that differs from one that was looked at by its nonce and its token alone is not looked at again."""


def plain(page: str, headers: Headers) -> tuple[str, str]:
    """A page and its Content-Security-Policy, with the same nonce in both and the same token as every other page."""
    policy = headers.get("Content-Security-Policy", "")
    for nonce in NONCE.findall(policy):
        page, policy = page.replace(nonce, "once"), policy.replace(nonce, "once")
    return TOKEN.sub(r'\1"token"', page), policy


class CheckedClient(FlaskClient):
    """A client that refuses pages no visitor should get."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Answer as a server would: nothing of the test's own app context, session or identity map is seen."""
        response: TestResponse = copy_context().run(self._open_alone, *args, **kwargs)
        if response.mimetype == HTML and response.request.method != "HEAD" and not 300 <= response.status_code < 400:
            found = complaints_of(*plain(response.get_data(as_text=True), response.headers))
            address = f"{response.request.method} {response.request.path} ({response.status_code})"
            assert not found, "\n".join([f"{address} is not a page for visitors:", *found])
        return response

    def _open_alone(self, *args: Any, **kwargs: Any) -> TestResponse:
        _cv_app.set(None)  # type: ignore[arg-type]  # Flask reads the missing context this way too
        return super().open(*args, **kwargs)
