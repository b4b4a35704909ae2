"""Plain rules about stories: limits, themes, and how many approvers a story needs."""

import hashlib
import json
from collections.abc import Iterable
from enum import StrEnum

from app.people.rules import GUARDIAN

TITLE_MAX = 80
TEXT_MAX = 20_000
MESSAGE_MAX = 4_000
FILES_MAX = 6
ERASE_UNDO_DAYS = 7
CAPTION_MAX = 300
NOTE_MAX = 200
TRANSLATED_TITLE_MAX = 160
TRANSLATED_TEXT_MAX = 40_000
"""Twenty thousand Chinese signs are more than twice as many letters."""


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


class Beside(StrEnum):
    """Words that somebody of the team puts beside what the child told."""

    CAPTION = "caption"
    """What a picture shows, for whoever cannot see it."""
    TRANSCRIPT = "transcript"
    """What is said in a recording, and when."""
    TRANSLATION = "translation"
    """Title and text in another language."""
    NOTE = "note"
    """What a story touches, so that nobody meets it unprepared."""


class Standing(StrEnum):
    """Where words beside a story stand."""

    WAITING = "waiting"
    RETURNED = "returned"
    CHECKED = "checked"
    REFUSED = "refused"
    """The child said no to them."""


class Eraser(StrEnum):
    """Who asked to erase a story."""

    CHILD = "child"
    GUARDIAN = "guardian"
    TEAM = "team"


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


def who_erases(asked_by: str | None) -> Eraser:
    """Who is behind an actor of the audit log that asked to erase; the child, where none is known."""
    if asked_by is None or asked_by == Eraser.CHILD:
        return Eraser.CHILD
    return Eraser.GUARDIAN if guardian_who_erases(asked_by) else Eraser.TEAM


def guardian_who_erases(asked_by: str | None) -> str:
    """The id of the guardian who asked to erase a story; empty where somebody else did, or nobody."""
    return asked_by.removeprefix(GUARDIAN) if asked_by is not None and asked_by.startswith(GUARDIAN) else ""


def may_undo(asked_by: str | None, actor: str, *, is_lead: bool = False, of_age: bool = False) -> bool:
    """Whether `actor` may stop an erasure: whoever asked, any lead for the team, and who decides alone for a guardian.

    `of_age` says that the story's child is.
    """
    match who_erases(asked_by):
        case Eraser.CHILD:
            return actor == Eraser.CHILD
        case Eraser.GUARDIAN:
            return actor == asked_by or (of_age and actor == Eraser.CHILD)
        case Eraser.TEAM:
            return is_lead


def approvals_needed(*, under_ten: bool, own_voice: bool, press_or_campaign: bool) -> int:
    """Two approvers for a young child, an own voice, the press and campaigns; one otherwise (rights §3)."""
    return 2 if under_ten or own_voice or press_or_campaign else 1


def puts_into_another_language(kind: Beside, locale: str, told_in: str) -> bool:
    """Whether such words say in another language what the child said: that takes a yes of its own (rights §2).

    What a picture shows, or a story touches, the team says in its own words.
    """
    return kind in (Beside.TRANSLATION, Beside.TRANSCRIPT) and locale != told_in
