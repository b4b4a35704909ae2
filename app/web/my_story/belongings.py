"""Everything of a child that they may take along, as plain values: words, files, answers, messages.

Of other people only what the child knows: that a parent or carer answered, and what. No name, address or evidence of
theirs, and nobody of the team.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import LazyString

from app.consent.models import Answer
from app.consent.queries import ledger
from app.consent.rules import Attribute, grade
from app.consent.texts import load
from app.media.actions import opener
from app.media.models import Asset
from app.media.queries import assets_of, renditions_of
from app.media.rules import Alteration, Format, Kind, Purpose, format_of
from app.people.queries import ever_named
from app.safeguarding.queries import is_locked
from app.stories.models import Story, Version
from app.stories.queries import Content, Words, content, find_version, messages, versions_of
from app.stories.wordings import Written, written_beside
from app.web.child_words import SHOWN_FOR_CHILD
from app.web.questions import about
from app.web.words import ANSWERS

ENDINGS = {Format.JPEG: "jpg", Format.MP4: "m4a"}
"""File endings that differ from the name of the format."""
TO_LOOK_AT = {Purpose.IMAGE_JPEG: "jpg", Purpose.SOUND_AAC: "m4a"}
"""What every browser shows or plays, whatever was handed in."""


@dataclass(frozen=True)
class File:
    """A file in the folder of its story; `view` is what a browser shows in its place, empty where there is nothing."""

    kind: Kind
    changed: bool
    name: str
    source: str
    view: str = ""
    view_source: str = ""


@dataclass(frozen=True)
class Told:
    """One version."""

    words: Content
    made_on: datetime
    by_team: bool
    sent: bool
    files: list[File]


@dataclass(frozen=True)
class Said:
    """One answer; `who` is 0 for the child, and counts the guardians."""

    at: datetime
    who: int
    question: str
    answer: LazyString | str
    until: datetime | None
    version: int


@dataclass(frozen=True)
class Belongings:
    """Everything of one story."""

    folder: str
    versions: list[Told]
    files: list[File]
    said: list[Said]
    messages: list[Words]
    beside: list[Written]
    """What the team wrote beside it."""
    locked: bool
    """The files may not be copied now."""
    read: Callable[[str], Iterator[bytes]]
    """Decrypts a file by its source."""


def of_story(story: Story, number: int) -> Belongings:
    """What belongs to a story, the `number`th of its child."""
    folder, locked = f"story-{number}", is_locked(story.id)
    files = {} if locked else _files(assets_of(story.id), folder)
    unsent = find_version(story.id, story.current + 1)
    versions = [*([unsent] if unsent else []), *versions_of(story)]
    return Belongings(
        folder=folder,
        versions=[_told(version, files, sent=version is not unsent) for version in versions],
        files=list(files.values()),
        said=_said(story),
        messages=messages(story),
        beside=written_beside(story),
        locked=locked,
        read=opener(story.id),
    )


def _files(assets: Sequence[Asset], folder: str) -> dict[str, File]:
    """The files by the ids of their assets, named by kind and number."""
    counts = dict.fromkeys(Kind, 0)
    found = {}
    for asset in assets:
        counts[asset.kind] += 1
        changed = asset.alteration is not Alteration.NONE
        stem = f"{folder}/{asset.kind.value}-{counts[asset.kind]}{'-changed' if changed else ''}"
        form = format_of(asset.media_type)
        name = f"{stem}.{ENDINGS.get(form, form.value)}"
        made = next((item for item in renditions_of(asset.id) if item.purpose in TO_LOOK_AT), None)
        view = f"{stem}-to-look-at.{TO_LOOK_AT[made.purpose]}" if made else ""
        found[asset.id] = File(asset.kind, changed, name, asset.vault_name, view, made.vault_name if made else "")
    return found


def _told(version: Version, files: dict[str, File], *, sent: bool) -> Told:
    words = content(version)
    shown = [files[asset.id] for asset in words.assets if asset.id in files]
    return Told(words, version.created_at, version.differs, sent, shown)


def _said(story: Story) -> list[Said]:
    order = {guardian.id: place for place, guardian in enumerate(ever_named(story.storyteller_id), start=1)}
    return [
        Said(
            at=row.answered_at,
            who=order.get(row.guardian_id or "", 0),
            question=_question(row),
            answer=_answer(row),
            until=row.expires_at,
            version=row.version_number,
        )
        for row in ledger(story.id)
    ]


def _question(row: Answer) -> str:
    """The question as it was asked then; its short name where that text did not have it."""
    questions = load(row.text_id, row.text_version, row.text_locale).questions
    asked = questions.get(row.scope.partition(":")[0], row.scope)
    return about(asked, row.campaign_title)


def _answer(row: Answer) -> LazyString | str:
    if row.value in ANSWERS or row.scope not in set(Attribute):
        return ANSWERS[row.value]
    return SHOWN_FOR_CHILD[f"{row.scope}-{grade(row.scope, row.value)}"]
