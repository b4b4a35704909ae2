"""Taking files in: in the body of a request of their own, or as plain fields of a form.

The database is let go while the bytes come in: `take_*` needs none, and what they return is kept by `keep_all` once
the view has called `start_writing`.
"""

import base64
import uuid
from collections.abc import Container, Iterable
from dataclasses import dataclass, field

from flask import Request, request
from werkzeug.datastructures import FileStorage

from app.errors import Invalid
from app.media.actions import find_taken, keep, prepare, take
from app.media.models import Asset
from app.media.rules import IMAGE_BYTES, MEGABYTE, SOUND_BYTES, Kind
from app.media.vault import Shelf, Taken
from app.stories.actions import attach
from app.stories.models import Version
from app.stories.queries import assets_of_version
from app.stories.rules import FILES_MAX

ONE_FILE = SOUND_BYTES + MEGABYTE
"""A file by itself, with what a form wraps around it; the exact limits are kept while it is read."""
FILES_FORM = SOUND_BYTES + 2 * IMAGE_BYTES + MEGABYTE
"""The largest form without JavaScript: a recording, two photographs and the words. More go in several goes."""

FIELDS = {"pictures": Kind.IMAGE, "recording": Kind.SOUND}


def widen(current: Request, forms: Container[str | None], files: Container[str | None]) -> None:
    """Let these endpoints be sent files; called before anything reads the body, the check of the token included."""
    if current.endpoint in forms:
        current.max_content_length = FILES_FORM
    elif current.endpoint in files:
        current.max_content_length = ONE_FILE


@dataclass
class Received:
    """What came in: files that wait to be kept, and what was wrong by field."""

    taken: list[Taken] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)


def read_id(asset_id: str) -> str:
    """An asset's id: as it is, or made from a UUID, which is the same 128 bits written longer."""
    try:
        raw = uuid.UUID(asset_id).bytes if len(asset_id) == 36 else None
    except ValueError:
        return asset_id
    return base64.urlsafe_b64encode(raw).decode().rstrip("=") if raw else asset_id


def has_room(version: Version) -> int:
    """How many more files a version can hold. Raises `Invalid` when it is full."""
    room = FILES_MAX - len(assets_of_version(version.id))
    if room <= 0:
        raise Invalid("too_many_files", "file")
    return room


def find_shelf(version: Version, asset_id: str) -> Shelf | None:
    """Where a file sent by itself will lie; None when it is there already."""
    if find_taken(version.story_id, asset_id) is not None:
        return None
    has_room(version)
    return prepare(version.story_id, asset_id)


def find_shelves(version: Version) -> list[tuple[str, FileStorage, Shelf | None]]:
    """The files of a plain form, each with its place; None for those that are too many."""
    sent = [(name, file) for name in FIELDS for file in request.files.getlist(name) if file.filename]
    room = FILES_MAX - len(assets_of_version(version.id))
    return [
        (name, file, prepare(version.story_id) if number < room else None) for number, (name, file) in enumerate(sent)
    ]


def take_all(shelves: list[tuple[str, FileStorage, Shelf | None]]) -> Received:
    """Read every file of a form into the vault; one that cannot be used does not hold up the others."""
    received = Received()
    for name, file, shelf in shelves:
        if shelf is None:
            received.errors[name] = "too_many_files"
            continue
        try:
            received.taken.append(take(shelf, file.stream, FIELDS[name]))
        except Invalid as error:
            received.errors[name] = error.code
    return received


def keep_all(version: Version, taken: Iterable[Taken]) -> list[Asset]:
    """Record what was taken in, and put it into the version."""
    assets = [keep(one) for one in taken]
    for asset in assets:
        attach(version, asset)
    return assets


def keep_one(version: Version, asset_id: str, taken: Taken | None) -> Asset:
    """The same for a file sent by itself; without `taken` it is there already."""
    asset = keep(taken) if taken else find_taken(version.story_id, asset_id)
    if asset is None:
        raise Invalid("empty", "file")
    attach(version, asset)
    return asset
