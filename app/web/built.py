"""Files that were built, compressed for whoever reads it: what nginx does by `gzip_static`, where no nginx stands."""

from functools import cache
from pathlib import Path

from flask import Flask, current_app, request
from flask.wrappers import Response

from app.web.guard import Audience, open_to


def init_app(app: Flask) -> None:
    """Answer for the files of `static/` in place of Flask."""
    app.view_functions["static"] = send


@open_to(Audience.OPERATOR)
def send(filename: str) -> Response:
    """A file, or its compressed form."""
    if f"{filename}.gz" not in _compressed(current_app.static_folder or ""):
        return current_app.send_static_file(filename)
    zipped = request.accept_encodings.quality("gzip") > 0
    response = current_app.send_static_file(f"{filename}.gz" if zipped else filename)
    response.headers.pop("Content-Disposition", None)  # it would name the compressed file
    response.vary.add("Accept-Encoding")
    return response


@cache
def _compressed(static: str) -> frozenset[str]:
    """What `tools/build_assets.py` put beside each text."""
    return frozenset(f"dist/{path.name}" for path in Path(static, "dist").glob("*.gz"))
