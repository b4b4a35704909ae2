"""The most that the server of the product can do for a page: an application that knows its answers, and does nothing.

It reads them once from `same.json` in the data folder: for each encoding the headers and the body, as Latin-1.
"""

import json
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

NAME = "same.json"


@cache
def answers() -> dict[str, tuple[list[tuple[str, str]], bytes]]:
    """What is known, by encoding."""
    known = json.loads((Path(os.environ["EYES_DATA_DIR"]) / NAME).read_text(encoding="utf-8"))
    return {
        way: ([(name, value) for name, value in headers], body.encode("latin-1"))
        for way, (headers, body) in known.items()
    }


def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """The answer in the encoding that is asked for."""
    headers, body = answers()[environ["HTTP_ACCEPT_ENCODING"]]
    start_response("200 OK", headers)
    return (body,)
