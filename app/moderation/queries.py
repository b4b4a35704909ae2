"""The review queue: oldest first, in keyset pages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select, tuple_
from sqlalchemy.orm import joinedload

from app import clock
from app.extensions import db
from app.moderation.models import Claim, Review, Takeover
from app.moderation.rules import Decision
from app.people.keys import unseal_all
from app.stories.lifecycle import WAITING
from app.stories.models import Approval, Story, Version

PAGE = 20
_CURSOR = re.compile(r"(\d{1,17})~([A-Za-z0-9_-]{22})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class QueuePage:
    """One page of stories that wait; `after` is the cursor of the next, None at the end."""

    stories: Sequence[Story]
    claims: dict[str, Claim]
    approved_by: dict[str, set[str]]
    """Who approved the version that waits, by story: those stories wait for somebody else."""
    after: str | None


def queue(after: str = "") -> QueuePage:
    """The stories that wait for a decision, the oldest first."""
    statement = _waiting(select(Story)).options(joinedload(Story.storyteller))
    cursor = _CURSOR.fullmatch(after)
    if cursor is not None:
        moment = _EPOCH + timedelta(microseconds=int(cursor[1]))
        statement = statement.where(tuple_(Story.submitted_at, Story.id) > (moment, cursor[2]))
    found = db.session.scalars(statement.order_by(Story.submitted_at, Story.id).limit(PAGE + 1)).all()
    stories = found[:PAGE]
    ids = [story.id for story in stories]
    return QueuePage(stories, _claims(ids), _approved_by(ids), _cursor(stories[-1]) if len(found) > PAGE else None)


def count_waiting(limit: int) -> int:
    """How many stories wait; counting stops at `limit`, so that a long queue costs no more than a short one."""
    some = _waiting(select(Story.id)).limit(limit).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def _waiting(statement: Select[Any]) -> Select[Any]:
    return statement.where(Story.state.in_(WAITING), Story.erase_after.is_(None))


def _claims(ids: Sequence[str]) -> dict[str, Claim]:
    statement = (
        select(Claim).where(Claim.story_id.in_(ids), Claim.expires_at > clock.now()).options(joinedload(Claim.staff))
    )
    return {claim.story_id: claim for claim in db.session.scalars(statement)}


def _approved_by(ids: Sequence[str]) -> dict[str, set[str]]:
    statement = (
        select(Approval.story_id, Approval.staff_id)
        .join(Story, Story.id == Approval.story_id)
        .where(Story.id.in_(ids), Approval.version_number == Story.current, Approval.void_at.is_(None))
    )
    found: dict[str, set[str]] = {}
    for row in db.session.execute(statement):
        found.setdefault(row.story_id, set()).add(row.staff_id)
    return found


def _cursor(story: Story) -> str:
    waited = (story.submitted_at or _EPOCH) - _EPOCH
    return f"{waited // timedelta(microseconds=1)}~{story.id}"


def claim_on(story_id: str) -> Claim | None:
    """The claim on a story that has not expired."""
    claim = db.session.get(Claim, story_id)
    return claim if claim is not None and claim.expires_at > clock.now() else None


def expired_claims() -> Sequence[Claim]:
    """Claims whose time is over."""
    return db.session.scalars(select(Claim).where(Claim.expires_at <= clock.now()).order_by(Claim.story_id)).all()


def declined_by(ids: Sequence[str]) -> dict[str, set[str]]:
    """Who declined what each of these children handed in last, since it was last approved; a version that the team made
    of it is the same matter. One that waits nevertheless waits because the child objected.
    """
    told = select(func.max(Version.number)).where(Version.story_id == Story.id, Version.derived_from.is_(None))
    statement = (
        select(Review.story_id, Review.staff_id)
        .join(Story, Story.id == Review.story_id)
        .where(Story.id.in_(ids), Review.decision == Decision.DECLINE)
        .where(Review.version_number >= told.scalar_subquery())
        .where(or_(Story.approved_at.is_(None), Story.approved_at < Review.at))
    )
    found: dict[str, set[str]] = {}
    for story_id, staff_id in db.session.execute(statement):
        found.setdefault(story_id, set()).add(staff_id)
    return found


def reviews(story_id: str) -> Sequence[Review]:
    """Every decision about a story, oldest first."""
    return db.session.scalars(select(Review).where(Review.story_id == story_id).order_by(Review.at)).all()


@dataclass(frozen=True)
class TakenOver:
    """That a story was taken over from a colleague, by whom, when and why."""

    staff_id: str
    at: datetime
    reason: str


def takeovers(story_id: str) -> list[TakenOver]:
    """Every time a story was taken over, oldest first."""
    rows = db.session.scalars(select(Takeover).where(Takeover.story_id == story_id).order_by(Takeover.at)).all()
    reasons = unseal_all(story_id, {f"takeover:{row.id}": row.reason_sealed for row in rows})
    return [TakenOver(row.staff_id, row.at, reasons[f"takeover:{row.id}"]) for row in rows]
