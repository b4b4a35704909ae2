"""The one unit-of-work hook: whatever touches a fact of the policy re-projects its story in the same transaction."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import ORMExecuteState

from app.campaigns.models import Campaign, CampaignBlock, CampaignItem
from app.campaigns.queries import story_ids
from app.consent.models import Answer, Evidence, TextRelease
from app.extensions import Session, db
from app.media.models import Asset, Rendition
from app.people.growing import settle
from app.people.models import Authority, Guardian, Storyteller
from app.release.projection import Change, move_epoch, reproject
from app.release.withdrawals import note_withdrawals, taken_back
from app.safeguarding.models import Case, Suspension
from app.stories.lifecycle import State
from app.stories.models import Approval, Story, Version, VersionAsset, Wording

TOUCHED, ADDED = "touched_rows", "added_rows"


def _told_by(storyteller_id: str) -> Iterable[str]:
    return db.session.scalars(select(Story.id).where(Story.storyteller_id == storyteller_id)).all()


def _of_version(row: VersionAsset) -> Iterable[str]:
    return db.session.scalars(select(Version.story_id).where(Version.id == row.version_id)).all()


def _of_rendition(row: Rendition) -> Iterable[str]:
    return db.session.scalars(select(Asset.story_id).where(Asset.id == row.asset_id)).all()


def _of_guardian(row: Authority) -> Iterable[str]:
    named = select(Guardian.storyteller_id).where(Guardian.id == row.guardian_id)
    return db.session.scalars(select(Story.id).where(Story.storyteller_id.in_(named))).all()


def _answered_to(row: TextRelease) -> Iterable[str]:
    return db.session.scalars(select(Answer.story_id).where(Answer.text_id == row.text_id).distinct()).all()


STORIES_TOUCHED_BY: dict[type, Callable[[Any], Iterable[str]]] = {
    Story: lambda row: [row.id],
    Version: lambda row: [row.story_id],
    VersionAsset: _of_version,
    Approval: lambda row: [row.story_id],
    Wording: lambda row: [row.story_id],
    Asset: lambda row: [row.story_id],
    Rendition: _of_rendition,
    Answer: lambda row: [row.story_id],
    Evidence: lambda row: [row.story_id],
    TextRelease: _answered_to,
    Case: lambda row: [row.story_id],
    Suspension: lambda row: [row.story_id],
    Authority: _of_guardian,
    Guardian: lambda row: _told_by(row.storyteller_id),
    Storyteller: lambda row: _told_by(row.id),
    Campaign: lambda row: story_ids(row.id),
    CampaignBlock: lambda _row: [],
    CampaignItem: lambda row: [row.story_id],
}
"""Every table the facts are read from; a test compares it with the tables that `facts` and `projection` read."""

FAMILY = (Storyteller, Guardian, Authority)
"""Whoever of them changes, it may follow that the child decides alone, or does not."""

PRINTED = (Campaign, CampaignBlock)
"""What public pages print beside the showcase: to change it is to change them, even when no story moves."""


@event.listens_for(Session, "after_flush")
def note_touched(session: Session, _context: Any) -> None:
    """Remember the rows of this transaction that the policy depends on."""
    touched = session.info.setdefault(TOUCHED, {})
    for row in (*session.new, *session.dirty, *session.deleted):
        if type(row) in STORIES_TOUCHED_BY:
            touched[id(row)] = row
    session.info.setdefault(ADDED, set()).update(id(row) for row in session.new if id(row) in touched)


@event.listens_for(Session, "do_orm_execute")
def refuse_unseen(asked: ORMExecuteState) -> None:
    """Rows that one statement changes pass nobody: whoever changes facts so says that their stories are touched."""
    if (asked.is_update or asked.is_delete) and not asked.execution_options.get("stories_are_touched"):
        changed = asked.bind_mapper.class_ if asked.bind_mapper else None
        if changed in STORIES_TOUCHED_BY:
            raise RuntimeError(f"{changed.__name__} is a fact: its stories would not be projected")


@event.listens_for(Session, "after_rollback")
def forget_touched(session: Session) -> None:
    """A transaction that did not happen touched nothing; one of which a savepoint did not happen may still have."""
    if session.in_nested_transaction():
        return
    _forget(session)


def _forget(session: Session) -> None:
    session.info.pop(TOUCHED, None)
    session.info.pop(ADDED, None)


@event.listens_for(Session, "before_commit")
def project_touched(session: Session) -> None:
    """Re-project every touched story before the transaction commits; a savepoint is not committed yet."""
    if session.in_nested_transaction():
        return
    session.flush()
    touched = session.info.pop(TOUCHED, {})
    if not touched:
        return
    withdrawn = taken_back(touched.values(), session.info.pop(ADDED, ()))
    ids = sorted({story_id for row in touched.values() for story_id in STORIES_TOUCHED_BY[type(row)](row)})
    statement = select(Story).where(Story.id.in_(ids)).order_by(Story.id)
    session.expire_all()  # every fact is read behind the lock, as it is committed, not as it was first seen
    stories = session.scalars(statement.with_for_update(key_share=True)).all()
    if any(isinstance(row, FAMILY) for row in touched.values()):
        for teller in {story.storyteller for story in stories}:
            settle(teller)
        session.flush()
    changes = {story.id: reproject(story) for story in stories}
    withdrawn |= {story_id for story_id, change in changes.items() if change is Change.LESS}
    note_withdrawals(story.id for story in stories if story.id in withdrawn and story.state is not State.ERASED)
    if any(changes.values()) or any(isinstance(row, PRINTED) for row in touched.values()):
        move_epoch()
    _forget(session)
