"""Finding cases."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import bindparam, exists, or_, select

from app.extensions import db
from app.people.keys import unseal
from app.people.rules import GUARDIAN
from app.safeguarding.models import Case, Suspension
from app.safeguarding.rules import Asker, Level
from app.stories.lifecycle import State
from app.stories.models import Story

HOLDS = or_(Case.closed_at.is_(None), Case.level == Level.ILLEGAL_IMAGE)
"""Which cases hold their story: the open ones; and of an illegal image for as long as there is something to look at."""

_HELD = select(
    exists().where(Case.story_id == bindparam("story"), HOLDS)
    | exists().where(Suspension.story_id == bindparam("story"), Suspension.decided_at.is_(None))
)


def is_held(story_id: str) -> bool:
    """Whether a case, or a suspension that nobody decided about, holds this story."""
    return bool(db.session.scalar(_HELD, {"story": story_id}))


def held_for_guardians() -> set[str]:
    """The stories that a guardian asked to erase, while an open case holds them: what was told there is not lost."""
    asked = select(Story.id).join(Case, Case.story_id == Story.id)
    asked = asked.where(Story.erase_asked_by.startswith(GUARDIAN), Case.closed_at.is_(None))
    return set(db.session.scalars(asked))


def is_locked(story_id: str) -> bool:
    """Whether a case, open or closed, says that this story holds an illegal image: then only a lead may look at it."""
    locked = exists().where(Case.story_id == story_id, Case.level == Level.ILLEGAL_IMAGE)
    return bool(db.session.scalar(select(locked)))


def held_among(story_ids: Sequence[str]) -> set[str]:
    """Which of these stories a case or an open suspension holds."""
    suspensions = select(Suspension.story_id).where(Suspension.story_id.in_(story_ids), Suspension.decided_at.is_(None))
    return {*under_case(story_ids), *db.session.scalars(suspensions)}


def under_case(story_ids: Iterable[str]) -> set[str]:
    """Which of these stories a case holds: what they disclose is for the leads alone (rights §4)."""
    cases = select(Case.story_id).where(Case.story_id.in_(list(story_ids)), HOLDS)
    return set(db.session.scalars(cases))


def open_cases() -> Sequence[Case]:
    """Every open case, the most urgent first."""
    return db.session.scalars(select(Case).where(Case.closed_at.is_(None)).order_by(Case.due_at, Case.id)).all()


def leaving_by_lead() -> Sequence[tuple[Case, datetime]]:
    """The cases whose story a lead has erased, and until when that can be stopped; the first to go on top."""
    statement = select(Case, Story.erase_after).join(Story, Story.id == Case.story_id)
    statement = statement.where(Case.erasure_sealed.is_not(None), Story.erase_after.is_not(None))
    rows = db.session.execute(statement.where(Story.state != State.ERASED).order_by(Story.erase_after, Case.id))
    return [(case, day) for case, day in rows if day is not None]


def suspensions_of(story_id: str, *askers: Asker) -> Sequence[Suspension]:
    """The suspensions of a story that these asked for, or anybody, and that nobody has decided about; oldest first."""
    statement = select(Suspension).where(Suspension.story_id == story_id, Suspension.decided_at.is_(None))
    asked = statement.where(Suspension.asked_by.in_(askers or tuple(Asker)))
    return db.session.scalars(asked.order_by(Suspension.asked_at, Suspension.id)).all()


def open_suspensions() -> Sequence[Suspension]:
    """Every suspension that waits for a lead, the first to fall due on top."""
    statement = select(Suspension).where(Suspension.decided_at.is_(None)).order_by(Suspension.due_at, Suspension.id)
    return db.session.scalars(statement).all()


def case_after(suspension: Suspension) -> Case | None:
    """The case that took over from a suspension: the same person opened it at the moment at which that was decided."""
    same = select(Case).where(Case.story_id == suspension.story_id, Case.opened_at == suspension.decided_at)
    return db.session.scalars(same.where(Case.opened_by == suspension.decided_by)).first()


def suspension_reason(suspension: Suspension) -> str:
    """What was said when a story was suspended; empty where nothing was."""
    return unseal(suspension.story_id, f"suspension:{suspension.id}", suspension.reason_sealed)


def worry(case: Case) -> str:
    """What was written when the case was opened."""
    return unseal(case.story_id, f"worry:{case.id}", case.worry_sealed)


def erasure_reason(case: Case) -> str:
    """Why a lead asked to erase the story; empty where none did."""
    return unseal(case.story_id, f"erasure:{case.id}", case.erasure_sealed)


def outcome(case: Case) -> str:
    """What the lead decided; empty while the case is open, and where the story was erased before that."""
    return unseal(case.story_id, f"outcome:{case.id}", case.outcome_sealed)
