"""What staff see of a story: its words, its files, its past, its conversation. Each look is in the audit.

Not here, whoever looks: contacts, court acts, the region, other stories of the same child (rights §4). The invented
name is, because it is printed wherever the story is shown and could be the real one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request, url_for

from app.audit.actions import record
from app.audit.rules import Verb
from app.errors import Gone, NotAllowed, NotFound
from app.extensions import is_id
from app.media.rules import State as AssetState
from app.people.keys import unseal
from app.people.models import Staff
from app.people.permissions import Permission, may
from app.safeguarding.queries import is_locked, under_case
from app.stories.lifecycle import State
from app.stories.models import Story, Version
from app.stories.queries import Content, Words, by_id, calls_for_help, content, find_version, messages, versions_of
from app.web import previews
from app.web.verdicts import shown_grades

OPENED = "look"
"""The parameter by which a lead says that they report what a locked story holds."""


@dataclass(frozen=True)
class Inspection:
    """One version of a story, opened for a member of staff."""

    story: Story
    words: Content
    invented_name: str
    versions: Sequence[Version]
    messages: Sequence[Words]
    closed: bool
    """Whether it holds an illegal image, and whoever looks has not said that they report it: nothing of it is shown."""
    images: list[dict[str, Any]]
    sounds: list[dict[str, Any]]
    unready: list[dict[str, str]]
    """Files that were refused, or are still being prepared."""
    grades: dict[str, int]
    """How much of the child everybody lets be seen, by attribute."""

    def address(self, name: str) -> str:
        """Where this story's files are looked at."""
        return url_for("moderation.file", story_id=self.story.id, name=name)


def find_story(staff: Staff, story_id: str, *, lock: bool = False) -> Story:
    """A story that was handed in. Raises `NotFound` before that, and `Gone` from when somebody asked to erase it.

    While a case is open, what it discloses is for the safeguarding leads alone: `NotAllowed("with_lead")`. A lead can
    look until the key is destroyed: the story may be why a case is open.
    """
    story = by_id(story_id, lock=lock) if is_id(story_id) else None
    if story is None or story.state is State.DRAFT:
        raise NotFound
    is_lead = may(staff.role, Permission.CASE_HANDLE)
    if story.state is State.ERASED or (story.erase_after is not None and not is_lead):
        raise Gone("erased")
    if not is_lead and under_case([story.id]):
        raise NotAllowed("with_lead")
    return story


def calls_for(staff: Staff) -> dict[str, datetime]:
    """The stories whose child asked for help and waits for words, as far as this person may read and answer them."""
    if may(staff.role, Permission.CASE_HANDLE):
        return calls_for_help(leaving=True)
    calls = calls_for_help()
    with_lead = under_case(calls)
    return {story_id: since for story_id, since in calls.items() if story_id not in with_lead}


def inspect(staff: Staff, story: Story, number: int | None = None) -> Inspection:
    """Open a version, the current one when none is named, and note who looked. Raises `NotFound`."""
    number = story.current if number is None else number
    version = find_version(story.id, number) if 1 <= number <= story.current else None
    if version is None:
        raise NotFound
    locked, reports = is_locked(story.id), OPENED in request.args
    how = {"to_report": True} if locked and reports else {}
    record(staff.id, Verb.STORY_VIEWED, story.id, version=version.number, **how)
    words, closed = content(version), locked and not reports
    teller = story.storyteller
    return Inspection(
        story=story,
        words=words,
        invented_name=unseal(teller.id, "invented_name", teller.invented_name_sealed),
        versions=versions_of(story),
        messages=messages(story),
        closed=closed,
        images=[] if closed else previews.images(words.assets),
        sounds=[] if closed else previews.sounds(words.assets),
        unready=[row for row in previews.rows(words.assets, previews.no_address) if row["state"] != AssetState.READY],
        grades=shown_grades(story),
    )
