"""Getting in line for stories, from below them.

Whatever changes a fact that stories depend on locks them before any row of its own and before the end of the audit
chain, in the order of their ids: `stories.actions.lock` says why. The table belongs to a layer above this one; the
foreign key of a link leads to it.
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Table, select

from app.extensions import db
from app.people.models import GuardianLink


def lock_story(story_id: str) -> None:
    """Get in line for one story."""
    lock_stories([story_id])


def lock_stories(story_ids: Iterable[str]) -> None:
    """Get in line for these stories."""
    _lock(_stories().c.id.in_(story_ids))


def lock_stories_of(storyteller_id: str) -> None:
    """Get in line for every story of a child."""
    _lock(_stories().c.storyteller_id == storyteller_id)


def _lock(which: ColumnElement[bool]) -> None:
    its_id = _stories().c.id
    db.session.execute(select(its_id).where(which).order_by(its_id).with_for_update(key_share=True)).all()


def _stories() -> Table:
    (key,) = GuardianLink.__table__.c.story_id.foreign_keys
    return key.column.table
