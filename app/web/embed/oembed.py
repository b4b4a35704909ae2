"""oEmbed 1.0: from an address of ours to the lines that show it elsewhere (oembed.com)."""

from collections.abc import Callable, Iterable
from html import escape
from typing import Any

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.web.absolute import absolute, file_address
from app.web.embed import bp, subjects
from app.web.embedding import frame_code
from app.web.guard import Audience, open_to
from app.web.problems import problem
from app.web.templating import by_width
from app.web.xml_words import printable

MINUTES = 5
"""How long somebody may keep an answer: a title or a picture in it may be taken back."""
LARGEST = 10_000
Size = tuple[int, int]


@bp.get("/oembed")
@open_to(Audience.PUBLIC, query=("url", "format", "maxwidth", "maxheight"))
def oembed() -> ResponseReturnValue:
    """The answer for one address. 404 for what is not ours, not for others or over; 410 for what was taken back."""
    written = FORMATS.get(request.args.get("format") or "json")
    if written is None:
        return problem(501, _("The formats are json and xml."), "format")
    most = [_read_size(name) for name in ("maxwidth", "maxheight")]
    if 0 in most:
        return problem(400, _("A width and a height are whole numbers from 1 on."), "size")
    if not request.args.get("url"):
        return problem(400, _("Say which address in “url”."), "url")
    return written(described(subjects.at(request.args["url"]), (most[0], most[1])))


def _read_size(name: str) -> int:
    """The most that somebody has room for; 0 for what is no size, and much where nothing is said."""
    typed = request.args.get(name)
    if not typed:
        return LARGEST
    return min(int(typed), LARGEST) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0


def described(found: subjects.Found, most: Size) -> dict[str, Any]:
    """What oEmbed says of a subject, in no more room than there is."""
    subject = found.subject
    width, height = (min(wanted, room) for wanted, room in zip(subject.size, most, strict=True))
    address = subject.address(found.look, found.language)
    said: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "title": subject.title,
        "provider_name": _("Eyes on Me"),
        "provider_url": absolute("gallery.home"),
        "cache_age": MINUTES * 60,
        "width": width,
        "height": height,
        "html": frame_code(address, subject.title, str(width), height),
    }
    if subject.author:
        said["author_name"] = subject.author
    return said | thumbnail(subject.images[:1], most)


def thumbnail(images: Iterable[dict[str, Any]], most: Size) -> dict[str, Any]:
    """The largest form of the first picture that there is room for."""
    fitting = [
        made
        for image in images
        for made in by_width(image, "image/jpeg")
        if made["width"] <= most[0] and made["height"] <= most[1]
    ]
    if not fitting:
        return {}
    made = fitting[-1]
    return {
        "thumbnail_url": file_address(made["name"]),
        "thumbnail_width": made["width"],
        "thumbnail_height": made["height"],
    }


def as_xml(said: dict[str, Any]) -> Response:
    """One element for each value."""
    lines = [f"<{name}>{escape(printable(str(value)), quote=False)}</{name}>" for name, value in said.items()]
    text = "\n".join(['<?xml version="1.0" encoding="utf-8" standalone="yes"?>', "<oembed>", *lines, "</oembed>", ""])
    return Response(text, mimetype="text/xml")


FORMATS: dict[str, Callable[[dict[str, Any]], Response]] = {"json": jsonify, "xml": as_xml}
