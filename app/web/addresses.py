"""What the variable parts of an address may hold."""

from flask import Flask
from werkzeug.routing import BaseConverter


class OneLine(BaseConverter):
    """A part without control signs: no name of ours has one, and PostgreSQL takes no text with a NUL in it."""

    regex = r"[^/\x00-\x1f\x7f]+"
    part_isolating = True


def init_app(app: Flask) -> None:
    """Read every `<part>` of the addresses that are registered from now on as one line."""
    app.url_map.converters["default"] = OneLine
