"""What staff see of a story: its words, its files, its past, its conversation. Each look is in the audit.

Not here, whoever looks: contacts, court acts, the region, other stories of the same child (rights §4). The invented
name is, because it is printed wherever the story is shown and could be the real one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from app.audit.actions import record
from app.audit.rules import Verb
from app.errors import Gone, NotFound
from app.media.rules import State as AssetState
from app.people.keys import unseal
from app.people.models import Staff
from app.people.permissions import Permission, may
from app.safeguarding.queries import is_locked
from app.stories.lifecycle import State
from app.stories.models import Story, Version
from app.stories.queries import Content, Words, by_id, content, find_version, messages, versions_of
from app.web import previews
from app.web.verdicts import shown_grades

_ID = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True)
class Inspection:
    """One version of a story, opened for a member of staff."""

    story: Story
    words: Content
    invented_name: str
    versions: Sequence[Version]
    messages: Sequence[Words]
    locked: bool
    """A case says that a file is illegal to look at: nobody but a lead is given any."""
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
    """A story that was handed in. Raises `NotFound` before that, `Gone` from the moment the child asked to erase it.

    A safeguarding lead can still look until the key is destroyed: the story may be why a case is open.
    """
    story = by_id(story_id, lock=lock) if _ID.fullmatch(story_id) else None
    if story is None or story.state is State.DRAFT:
        raise NotFound
    if story.state is State.ERASED or (story.erase_after is not None and not may(staff.role, Permission.CASE_HANDLE)):
        raise Gone("erased")
    return story


def inspect(staff: Staff, story: Story, number: int | None = None) -> Inspection:
    """Open a version, the current one when none is named, and note who looked. Raises `NotFound`."""
    number = story.current if number is None else number
    version = find_version(story.id, number) if 1 <= number <= story.current else None
    if version is None:
        raise NotFound
    record(staff.id, Verb.STORY_VIEWED, story.id, version=version.number)
    words, locked = content(version), files_are_locked(staff, story)
    shown = () if locked else words.assets
    teller = story.storyteller
    return Inspection(
        story=story,
        words=words,
        invented_name=unseal(teller.id, "invented_name", teller.invented_name_sealed),
        versions=versions_of(story),
        messages=messages(story),
        locked=locked,
        images=previews.images(shown),
        sounds=previews.sounds(shown),
        unready=[row for row in previews.rows(shown, lambda name: name) if row["state"] != AssetState.READY],
        grades=shown_grades(story),
    )


def files_are_locked(staff: Staff, story: Story) -> bool:
    """Whether this person may not be given the story's files."""
    return is_locked(story.id) and not may(staff.role, Permission.CASE_HANDLE)
