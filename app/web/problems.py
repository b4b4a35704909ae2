"""Errors as programs read them: RFC 9457, `application/problem+json`."""

import json
from collections.abc import Sequence
from http import HTTPStatus

from flask import Response

MEDIA_TYPE = "application/problem+json"


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
