"""What a story is made of, as a child hands it in: a title, words, pictures, a recording. One page, two audiences:
while telling, and when a story is changed because somebody asked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import LazyString

from app.adapters.queue import rollback
from app.errors import Invalid
from app.media.actions import take
from app.media.models import Asset
from app.media.rules import Kind
from app.media.vault import Readable
from app.stories.actions import write
from app.stories.models import Version
from app.stories.queries import content
from app.web import intake, previews
from app.web.forms import many_lines, one_line, only_fields
from app.web.transaction import start_writing
from app.web.words import sentence

FIELDS = ("title", "text", "pictures", "recording", "asset_ids", "go")

KINDS = {kind.value for kind in Kind}

FindVersion = Callable[[], Version]


@dataclass(frozen=True)
class Desk:
    """Where a version is being written: how to find it while reading and while writing, and the endpoint that takes
    a file out of it."""

    look: FindVersion
    work: FindVersion
    remove: str


def typed() -> dict[str, str]:
    """The words of the form."""
    return {"title": one_line("title"), "text": many_lines("text")}


def stored(version: Version) -> dict[str, str]:
    """The words that are kept already."""
    words = content(version)
    return {"title": words.title, "text": words.text}


def save(desk: Desk) -> dict[str, LazyString]:
    """Keep words and files; a sentence for each field that could not be kept. What is good is kept all the same."""
    only_fields(*FIELDS)
    shelves = intake.find_shelves(desk.look())
    rollback()
    received = intake.take_all(shelves)
    start_writing()
    version = desk.work()
    intake.keep_all(version, received.taken)
    errors = {name: sentence(code) for name, code in received.errors.items()}
    words = typed()
    try:
        write(version, words["title"], words["text"])
    except Invalid as error:
        errors[error.field or "text"] = sentence(error.code)
    return errors


def receive_one(desk: Desk, asset_id: str, stream: Readable, kind: str) -> ResponseReturnValue:
    """Take one file in by itself; the same id again answers the same asset."""
    try:
        asset_id = intake.read_id(asset_id)
        shelf = intake.find_shelf(desk.look(), asset_id)
        rollback()
        taken = take(shelf, stream, Kind(kind) if kind in KINDS else None) if shelf else None
        start_writing()
        asset = intake.keep_one(desk.work(), asset_id, taken)
    except Invalid as error:
        words = str(sentence(error.code))
        return jsonify(code=error.code, sentence=words, message=words), 413 if error.code == "too_large" else 400
    return jsonify(described(asset)), 201 if taken else 200


def receive_body(desk: Desk, asset_id: str) -> ResponseReturnValue:
    """The file is the body of the request; `?kind=image` or `sound` says what it is meant to be."""
    return receive_one(desk, asset_id, request.stream, request.args.get("kind", ""))


def described(asset: Asset) -> dict[str, Any]:
    """An asset as the page's script is told about it."""
    code = asset.refusal.value if asset.refusal else ""
    words = str(sentence(code)) if code else ""
    return {"id": asset.id, "kind": asset.kind.value, "state": asset.state.value, "sentence": words}


def files(desk: Desk, version: Version, address: previews.Address) -> list[dict[str, str]]:
    """The files that are there, for the page."""
    return previews.rows(content(version).assets, address, desk.remove)
