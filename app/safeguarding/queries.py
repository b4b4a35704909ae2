"""Finding cases."""

from collections.abc import Sequence

from sqlalchemy import exists, select

from app.extensions import db
from app.people.keys import unseal
from app.safeguarding.models import Case
from app.safeguarding.rules import Level


def is_held(story_id: str) -> bool:
    """Whether an open case holds this story."""
    return bool(db.session.scalar(select(exists().where(Case.story_id == story_id, Case.closed_at.is_(None)))))


def is_locked(story_id: str) -> bool:
    """Whether an open case says that this story holds an illegal image: then only a lead may look at its files."""
    locked = exists().where(Case.story_id == story_id, Case.closed_at.is_(None), Case.level == Level.ILLEGAL_IMAGE)
    return bool(db.session.scalar(select(locked)))


def held_among(story_ids: Sequence[str]) -> set[str]:
    """Which of these stories an open case holds."""
    return set(db.session.scalars(select(Case.story_id).where(Case.story_id.in_(story_ids), Case.closed_at.is_(None))))


def open_cases() -> Sequence[Case]:
    """Every open case, the most urgent first."""
    return db.session.scalars(select(Case).where(Case.closed_at.is_(None)).order_by(Case.due_at, Case.id)).all()


def worry(case: Case) -> str:
    """What was written when the case was opened."""
    return unseal(case.story_id, f"worry:{case.id}", case.worry_sealed)


def outcome(case: Case) -> str:
    """What the lead decided; empty while the case is open, and where the story was erased before that."""
    return unseal(case.story_id, f"outcome:{case.id}", case.outcome_sealed)
