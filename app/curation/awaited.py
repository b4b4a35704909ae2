"""How many words beside stories wait for somebody, as far as their pages show them. None of them are opened for it."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, exists, select

from app.curation.worded import LOOKED_AT, RETURNED, judged, waits_for
from app.extensions import db
from app.media.models import Asset
from app.media.rules import Kind
from app.people.models import Staff
from app.release.facts import usable
from app.stories.lifecycle import State
from app.stories.models import Story, Version, VersionAsset, Wording
from app.stories.rules import Beside

MANY = 20
"""What is more is not counted: each story is judged anew, and whoever looks sees that there is enough to do."""


class Awaited(NamedTuple):
    """How many there are, at most `MANY` + 1 of each."""

    unwritten: int
    """Stories of which a picture has no caption or a recording no transcript, among the newest."""
    unchecked: int
    """Words that somebody other than their author must check."""
    returned: int
    """Words that were sent back and not written anew."""


def awaited(staff: Staff) -> Awaited:
    """What waits for this person, and for everybody who writes."""
    return Awaited(_unwritten(), _words(*waits_for(staff)), _words(*RETURNED))


def _words(*conditions: ColumnElement[bool]) -> int:
    """Words of which this is true, beside the newest version of stories that words may be written beside."""
    statement = (
        select(Wording.story_id)
        .join(Story, (Wording.story_id == Story.id) & (Wording.version_number == Story.current))
        .where(Story.state == State.APPROVED, *conditions)
        .order_by(Wording.written_at)
        .limit(LOOKED_AT)
    )
    return _up_to_many(Counter(db.session.scalars(statement)))


def _up_to_many(counts: Mapping[str, int]) -> int:
    """What there is of the stories that words may be written beside, by their ids; at most one more than is counted."""
    found = 0
    for story_id, count in counts.items():
        if judged(db.session.get_one(Story, story_id)) is not None:
            found += count
        if found > MANY:
            return MANY + 1
    return found


_newest = (
    select(Story.id, Story.current, Story.locale, Story.approved_at)
    .where(Story.state == State.APPROVED)
    .order_by(Story.approved_at.desc(), Story.id.desc())
    .limit(LOOKED_AT)
    .subquery()
)
_is_said = exists().where(
    Wording.story_id == _newest.c.id,
    Wording.version_number == _newest.c.current,
    Wording.locale == _newest.c.locale,
    Wording.about == Asset.id,
    Wording.kind == case((Asset.kind == Kind.IMAGE, Beside.CAPTION), else_=Beside.TRANSCRIPT),
)
_UNSAID = (
    select(_newest.c.id, Asset)
    .join(Version, (Version.story_id == _newest.c.id) & (Version.number == _newest.c.current))
    .join(VersionAsset, VersionAsset.version_id == Version.id)
    .join(Asset, Asset.id == VersionAsset.asset_id)
    .where(~_is_said)
    .order_by(_newest.c.approved_at.desc(), _newest.c.id.desc())
)


def _unwritten() -> int:
    return _up_to_many({story_id: 1 for story_id, asset in db.session.execute(_UNSAID) if usable(asset)})
