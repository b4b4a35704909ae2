"""What the team does about words beside a story: write them, check what a colleague wrote, take them off; and themes.

A second person checks everything before it is printed, and the child's no always wins: words that were refused come
back only when somebody writes them anew.
"""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from sqlalchemy import select

from app import clock
from app.audit.actions import record
from app.audit.rules import Verb
from app.curation.worded import Worded
from app.errors import Conflict, Faulty, Invalid, NotAllowed, NotFound
from app.extensions import db, new_id
from app.media.rules import Kind
from app.people.models import Staff
from app.people.rules import Locale
from app.stories.cues import Cue, faults_of, in_order
from app.stories.models import Story, Wording
from app.stories.rules import (
    CAPTION_MAX,
    MESSAGE_MAX,
    NOTE_MAX,
    TRANSLATED_TEXT_MAX,
    TRANSLATED_TITLE_MAX,
    Beside,
    Standing,
    Theme,
    puts_into_another_language,
)
from app.stories.wordings import seal_reason, seal_words, standing_of

KIND_OF = {Beside.CAPTION: Kind.IMAGE, Beside.TRANSCRIPT: Kind.SOUND}
REASON_MIN = 10
THEMES_MAX = 3


class Place(NamedTuple):
    """What words are about, and their language; `about` is empty where that is the whole story."""

    kind: Beside
    about: str
    locale: Locale


def write_words(staff: Staff, worded: Worded, place: Place, words: Mapping[str, Any], base: str) -> Wording:
    """Put words beside the newest version, for a colleague to check; they take the place of unchecked ones.

    `base` is the id of what stood in the form before, empty for nothing. Raises `Conflict` when that has changed,
    `Faulty` for words that cannot be kept, `NotFound` for a file that is not of this version.
    """
    story = worded.story
    _check_place(worded, place)
    kept = _checked_words(worded, place, words)
    rows = _rows_at(story, place)
    if base != base_of(rows, story.current):
        raise Conflict("words_changed")
    for row in rows:
        if row.reviewed_at is None or row.refused_at is not None or row.version_number != story.current:
            db.session.delete(row)
    db.session.flush()
    row = Wording(
        id=new_id(),
        story_id=story.id,
        version_number=story.current,
        kind=place.kind,
        about=place.about,
        locale=place.locale,
        written_by=staff.id,
    )
    seal_words(row, kept)
    db.session.add(row)
    db.session.flush()
    _note(staff, Verb.WORDS_WRITTEN, row)
    return row


def base_of(rows: Collection[Wording], version: int) -> str:
    """The id of the newest words in one place that are about a version; empty where there are none."""
    mine = [row for row in rows if row.version_number == version]
    return max(mine, key=lambda row: (row.reviewed_at is None, row.written_at)).id if mine else ""


def _rows_at(story: Story, place: Place) -> list[Wording]:
    same = (Wording.kind == place.kind, Wording.about == place.about, Wording.locale == place.locale)
    return list(db.session.scalars(select(Wording).where(Wording.story_id == story.id, *same)))


def _check_place(worded: Worded, place: Place) -> None:
    wanted = KIND_OF.get(place.kind)
    files = {asset.id for asset in worded.words.assets if asset.kind is wanted}
    if place.about not in (files if wanted else {""}):
        raise NotFound
    if place.kind is Beside.TRANSLATION and place.locale is worded.story.locale:
        raise NotFound
    if puts_into_another_language(place.kind, place.locale, worded.story.locale) and not worded.translatable:
        raise Conflict("not_translatable")


def _checked_words(worded: Worded, place: Place, words: Mapping[str, Any]) -> dict[str, Any]:
    """Exactly what is kept of these words. Raises `Faulty`."""
    if place.kind is Beside.TRANSCRIPT:
        cues = in_order(Cue(*cue) for cue in words["cues"])
        duration = next(asset.duration_ms for asset in worded.words.assets if asset.id == place.about)
        faults = faults_of(cues, duration)
        kept: dict[str, Any] = {"cues": [list(cue) for cue in cues]}
    elif place.kind is Beside.TRANSLATION:
        kept = {"title": words["title"].strip(), "text": words["text"].strip()}
        faults = dict(_faults_of_translation(worded, kept))
    else:
        most, code = (
            (CAPTION_MAX, "caption_length") if place.kind is Beside.CAPTION else (NOTE_MAX, "content_note_length")
        )
        kept = {"text": words["text"].strip()}
        faults = {} if 0 < len(kept["text"]) <= most else {"text": code}
    if faults:
        raise Faulty(faults)
    return kept


def _faults_of_translation(worded: Worded, kept: Mapping[str, str]) -> Mapping[str, str]:
    """A translation says all of the original: a title where that has one, a text where that has one."""
    limits = {"title": TRANSLATED_TITLE_MAX, "text": TRANSLATED_TEXT_MAX}
    original = {"title": worded.words.title, "text": worded.words.text}
    faults = {name: f"translated_{name}_length" for name, most in limits.items() if len(kept[name]) > most}
    missing = {name: "untranslated" for name, words in original.items() if words.strip() and not kept[name]}
    if not any(kept.values()):
        missing = missing or {"title": "untranslated"}
    return {**missing, **faults}


def find_words(story: Story, wording_id: str) -> Wording:
    """Words beside the newest version of a story. Raises `NotFound`."""
    row = db.session.get(Wording, wording_id)
    if row is None or row.story_id != story.id or row.version_number != story.current:
        raise NotFound
    return row


def _waiting(staff: Staff, worded: Worded, wording_id: str) -> Wording:
    """Words that this person may judge. Raises `Conflict` once they are not as the form showed them."""
    row = db.session.get(Wording, wording_id)
    if row is not None and row.story_id != worded.story.id:
        raise NotFound
    if row is None or row.version_number != worded.story.current or standing_of(row) is not Standing.WAITING:
        raise Conflict("not_in_this_state")
    if row.written_by == staff.id:
        raise NotAllowed("own_words")
    return row


def accept_words(staff: Staff, worded: Worded, wording_id: str, *, answered: bool) -> None:
    """A second person has checked them, line by line: they are printed, in place of those before.

    Whoever says it twice has said it.
    """
    if _has_accepted(staff, worded.story, wording_id):
        return
    row = _waiting(staff, worded, wording_id)
    if not answered:
        raise Invalid("words_unchecked", "checks")
    if puts_into_another_language(row.kind, row.locale, worded.story.locale) and not worded.translatable:
        raise Conflict("not_translatable")
    place = Place(row.kind, row.about, row.locale)
    for other in _rows_at(worded.story, place):
        if other.id != row.id:
            db.session.delete(other)
    db.session.flush()
    row.reviewed_by, row.reviewed_at = staff.id, clock.now()
    _note(staff, Verb.WORDS_CHECKED, row)


def _has_accepted(staff: Staff, story: Story, wording_id: str) -> bool:
    row = db.session.get(Wording, wording_id)
    if row is None or row.story_id != story.id or row.reviewed_by != staff.id:
        return False
    return row.version_number == story.current and standing_of(row) is Standing.CHECKED


def send_back(staff: Staff, worded: Worded, wording_id: str, reason: str) -> None:
    """A second person asks for other words, and says why."""
    row = _waiting(staff, worded, wording_id)
    if not REASON_MIN <= len(reason.strip()) <= MESSAGE_MAX:
        raise Invalid("reason_too_short", "reason")
    seal_reason(row, reason.strip())
    row.returned_at = clock.now()
    _note(staff, Verb.WORDS_SENT_BACK, row)


def take_off(staff: Staff, worded: Worded, wording_id: str) -> None:
    """Take words away, printed or not: from the commit on they are gone."""
    row = find_words(worded.story, wording_id)
    if row.refused_at is not None:
        raise Conflict("not_in_this_state")
    _note(staff, Verb.WORDS_TAKEN_OFF, row)
    db.session.delete(row)
    db.session.flush()


def set_themes(staff: Staff, worded: Worded, themes: Collection[str]) -> None:
    """Which of the six concerns a story speaks of: one, two or three."""
    chosen = [theme.value for theme in Theme if theme.value in themes]
    if not 1 <= len(chosen) <= THEMES_MAX:
        raise Invalid("themes", "themes")
    worded.story.themes = chosen
    db.session.flush()
    record(staff.id, Verb.THEMES_SET, worded.story.id, themes=",".join(chosen))


def _note(staff: Staff, verb: Verb, row: Wording) -> None:
    db.session.flush()
    what = {"kind": row.kind.value, "language": row.locale.value, "version": row.version_number}
    record(staff.id, verb, row.story_id, wording=row.id, **what)
