"""The stories that words may be written beside: approved ones that the rule lets be shown somewhere, now or later.

A recording that nobody may hear is among them, although nothing of it can be shown before somebody wrote it down.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import ColumnElement, select, tuple_

from app import clock
from app.audit.actions import record
from app.audit.rules import Verb
from app.consent.rules import Scope
from app.curation.queries import unseen
from app.errors import NotFound
from app.extensions import db
from app.media.models import Asset
from app.media.rules import Kind
from app.people.models import Staff
from app.release.consensus import REFUSALS
from app.release.facts import facts_with, usable
from app.release.policy import WORDLESS, against_translation, places_of, window
from app.release.terms import Facts, Reason
from app.stories.actions import lock as lock_story
from app.stories.lifecycle import State
from app.stories.models import Story, Version, Wording
from app.stories.queries import Content, assets_of_version, content_with, version_of
from app.stories.rules import Beside, Standing
from app.stories.wordings import Written, checked_beside, written_beside

PAGE = 24
LOOKED_AT = 200
"""How many stories one page of the list looks at: each is judged anew, and a reader can go on from there."""
WAITING = 50


REFUSED = frozenset({Reason.CHILD_NO, Reason.CHILD_UNSURE, *REFUSALS})
SILENT = frozenset(
    {Reason.CHILD_SILENT, Reason.GUARDIAN_SILENT, Reason.GUARDIAN_MISSING, Reason.NO_KEY, Reason.KEY_GONE}
)


class Untranslated(StrEnum):
    """Why a story may not be put into other languages."""

    REFUSED = "refused"
    UNHEARD = "unheard"
    """Nobody has answered the question."""
    UNANSWERED = "unanswered"
    """Somebody who must has not."""
    ONCE_MORE = "once_more"
    """A yes must be said anew, or confirmed."""


def why_untranslated(facts: Facts) -> Untranslated | None:
    """What stands in the way of a translation; None where everybody has said yes to it."""
    against = against_translation(facts)
    if not against:
        return None
    if against & REFUSED:
        return Untranslated.REFUSED
    if not any(Scope.TRANSLATE in said for said in (facts.child, *(key.said for key in facts.keys))):
        return Untranslated.UNHEARD
    return Untranslated.UNANSWERED if against & SILENT else Untranslated.ONCE_MORE


@dataclass(frozen=True)
class Worded:
    """A story that words may be written beside, opened."""

    story: Story
    words: Content
    untranslated: Untranslated | None
    """Why it may not be put into other languages."""
    written: Sequence[Written]

    @property
    def translatable(self) -> bool:
        """Whether everybody has said yes to putting it into other languages."""
        return self.untranslated is None

    @property
    def missing(self) -> list[Beside]:
        """What nobody has written yet: a caption for each picture, a transcript for each recording."""
        locale = self.story.locale.value
        there = {(each.kind, each.about) for each in self.current if each.locale == locale}
        wanted = [
            (Beside.CAPTION if asset.kind is Kind.IMAGE else Beside.TRANSCRIPT, asset.id) for asset in self.words.assets
        ]
        return [kind for kind, about in wanted if (kind, about) not in there]

    @property
    def current(self) -> list[Written]:
        """What was written beside the newest version."""
        return [each for each in self.written if each.version == self.story.current]

    @property
    def languages(self) -> list[str]:
        """The languages into which it was put, checked or not."""
        return sorted({each.locale for each in self.current if each.kind is Beside.TRANSLATION})

    @property
    def waiting(self) -> list[Written]:
        """What waits for a second person."""
        return [each for each in self.current if each.standing is Standing.WAITING]

    @property
    def returned(self) -> list[Written]:
        """What was sent back, and waits for somebody who writes it anew."""
        return [each for each in self.current if each.standing is Standing.RETURNED]


@dataclass(frozen=True)
class Listed:
    """Some stories, the newest approval first; `after` is where the list goes on, None at the end."""

    stories: list[Worded]
    after: str | None


def open_words_of(story: Story) -> Worded | None:
    """A story with what was written beside it; None where nothing may be."""
    found = judged(story)
    if found is None:
        return None
    version, assets, facts = found
    words = content_with(version, tuple(asset for asset in assets if usable(asset)))
    return Worded(story, words, why_untranslated(facts), written_beside(story))


def judged(story: Story) -> tuple[Version, tuple[Asset, ...], Facts] | None:
    """A story that words may be written beside, without opening it; None for any other."""
    if story.state is not State.APPROVED:
        return None
    version = version_of(story)
    assets = assets_of_version(version.id)
    facts = facts_with(story, version, assets, checked_beside(story.id, version.number))
    return (version, assets, facts) if can_be_shown(facts) else None


def can_be_shown(facts: Facts) -> bool:
    """Whether a story is shown anywhere now, or will be, or would be once a recording is written down."""
    told, now = replace(facts, has_other=True), clock.now()
    windows = [window(told, place) for place in places_of(told) if place not in WORDLESS]
    return any(span is not None and span[1] > now for span in windows)


def find(story_id: str, *, lock: bool = False) -> Worded:
    """A story to read or to write beside; `lock` it to write. Raises `NotFound`."""
    story = db.session.get(Story, story_id)
    if story is not None and lock:
        lock_story(story)
    worded = open_words_of(story) if story is not None else None
    if worded is None:
        raise NotFound
    return worded


def listed(after: str) -> Listed:
    """One page of the stories that words may be written beside."""
    statement = select(Story).where(Story.state == State.APPROVED)
    last = db.session.get(Story, after) if after else None
    if last is not None and last.approved_at is not None:
        statement = statement.where(tuple_(Story.approved_at, Story.id) < (last.approved_at, last.id))
    newest = statement.order_by(Story.approved_at.desc(), Story.id.desc()).limit(LOOKED_AT)
    found: list[Worded] = []
    stories = db.session.scalars(newest).all()
    for looked_at, story in enumerate(stories, 1):
        worded = open_words_of(story)
        if worded is not None:
            found.append(worded)
        if len(found) == PAGE and looked_at < len(stories):
            return Listed(found, story.id)
    return Listed(found, stories[-1].id if len(stories) == LOOKED_AT else None)


_UNCHECKED = (Wording.reviewed_at.is_(None), Wording.refused_at.is_(None))
RETURNED = (*_UNCHECKED, Wording.returned_at.is_not(None))
"""Words that were sent back."""


def waits_for(staff: Staff) -> tuple[ColumnElement[bool], ...]:
    """Words that somebody other than their author must check."""
    return (*_UNCHECKED, Wording.returned_at.is_(None), Wording.written_by != staff.id)


def waiting_for(staff: Staff) -> list[Worded]:
    """Stories with words that this person may check, the longest waiting first."""
    return _beside(*waits_for(staff))


def sent_back() -> list[Worded]:
    """Stories with words that were sent back, whoever wrote them, the oldest words first."""
    return _beside(*RETURNED)


def _beside(*conditions: ColumnElement[bool]) -> list[Worded]:
    """Stories beside whose newest version stand words of which this is true."""
    statement = (
        select(Story)
        .join(Wording, (Wording.story_id == Story.id) & (Wording.version_number == Story.current))
        .where(*conditions)
        .order_by(Wording.written_at)
        .limit(WAITING)
    )
    stories = {story.id: story for story in db.session.scalars(statement)}
    return [worded for story in stories.values() if (worded := open_words_of(story)) is not None]


def note_looks(staff: Staff, stories: Sequence[Worded]) -> None:
    """Somebody looked at stories; those that the public cannot see yet are in the log."""
    for story_id in sorted(unseen([worded.story.id for worded in stories])):
        record(staff.id, Verb.STORY_VIEWED, story_id, words=True)
