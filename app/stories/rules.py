"""Plain rules about stories: limits, themes, and how many approvers a story needs."""

import hashlib
import json
from collections.abc import Iterable
from enum import StrEnum

TITLE_MAX = 80
TEXT_MAX = 20_000
MESSAGE_MAX = 4_000
FILES_MAX = 6
ERASE_UNDO_DAYS = 7


class Theme(StrEnum):
    """The six concerns of the 2012 dialogue."""

    MIGRATION = "migration"
    RIGHTS = "rights"
    EDUCATION = "education"
    FEELINGS = "feelings"
    FAMILY = "family"
    HEARD = "heard"


class Medium(StrEnum):
    """What a story is made of."""

    DRAWING = "drawing"
    TEXT = "text"
    SOUND = "sound"


class Author(StrEnum):
    """Who wrote a message."""

    CHILD = "child"
    MODERATOR = "moderator"


class Change(StrEnum):
    """What somebody changed in a version to protect the child."""

    TITLE = "title"
    WORDS = "words"
    PICTURE_OUT = "picture_out"
    PICTURE_CHANGED = "picture_changed"
    SOUND_OUT = "sound_out"
    SOUND_CHANGED = "sound_changed"


def version_digest(title: str, text: str, assets: Iterable[str]) -> str:
    """SHA-256 (hex) of exactly what a version shows: its words and the digests of its files."""
    return hashlib.sha256(json.dumps([title, text, *assets]).encode()).hexdigest()


def approvals_needed(*, under_ten: bool, own_voice: bool, press_or_campaign: bool) -> int:
    """Two approvers for a young child, an own voice, the press and campaigns; one otherwise (rights §3)."""
    return 2 if under_ten or own_voice or press_or_campaign else 1
