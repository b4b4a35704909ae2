"""Errors as programs read them: RFC 9457, `application/problem+json`; and who is told them as a page instead."""

import json
from collections.abc import Sequence
from functools import lru_cache
from http import HTTPStatus

from flask import Response, request
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

MEDIA_TYPE = "application/problem+json"
PAGE, SCRIPT = "text/html", "application/json"


@lru_cache(maxsize=256)
def error_type(header: str) -> str:
    """The media type in which an error is told to whoever sends this `Accept`: a page, or JSON if they like it more."""
    return parse_accept_header(header, MIMEAccept).best_match((PAGE, SCRIPT), default=PAGE)


def by_script() -> bool:
    """Whether whoever sent this request reads JSON rather than a page."""
    return error_type(request.headers.get("Accept", "")) == SCRIPT


def problem(status: int, detail: str, code: str = "", errors: Sequence[dict[str, str]] = ()) -> Response:
    """An answer that says what went wrong: `detail` for people, `code` and `errors` for programs."""
    return Response(document(status, detail, code, errors), status, mimetype=MEDIA_TYPE)


def document(status: int, detail: str, code: str = "", errors: Sequence[dict[str, str]] = ()) -> bytes:
    """The problem itself."""
    said: dict[str, object] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    said |= {"detail": detail, "code": code or HTTPStatus(status).name.lower()}
    if errors:
        said["errors"] = list(errors)
    return json.dumps(said, ensure_ascii=False).encode()
