"""Opening and closing a case, suspending a story; publication stops and may resume in the same transaction."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from app import clock
from app.audit.actions import record
from app.audit.rules import Verb
from app.errors import Conflict, Gone, Invalid, NotAllowed
from app.extensions import db, new_id
from app.people.keys import seal
from app.people.models import Staff
from app.people.permissions import Permission, may
from app.safeguarding.models import Case, Suspension
from app.safeguarding.queries import suspension_reason, suspensions_of
from app.safeguarding.rules import BY_LINK, FIRST_STEP, SUSPENSION_DECIDED_IN, Asker, Level, Why
from app.stories.actions import ask_erasure, lock
from app.stories.models import Story

NOTE_MAX = 4_000


def open_case(actor: str, story: Story, level: Level, worry: str) -> Case:
    """Open a case about a story: from the commit on it is held."""
    check_note(worry, "worry")
    lock(story)
    case = Case(id=new_id(), story_id=story.id, level=level, opened_by=actor, due_at=clock.now() + FIRST_STEP[level])
    case.worry_sealed = seal(story.id, f"worry:{case.id}", worry.strip())
    db.session.add(case)
    db.session.flush()
    record(actor, Verb.CASE_OPENED, story.id, case=case.id, level=level.value)
    return case


def close_case(actor: str, case: Case, outcome: str, *, mistaken: bool = False) -> None:
    """The lead decided: the hold ends with the last open case.

    An illegal image stays locked and its story held until it is erased, unless a lead says that it was `mistaken` for
    one. Where the child erased the story in the meantime there is no key left to keep the words with: only the fact
    stays.
    """
    lock(db.session.get_one(Story, case.story_id))
    db.session.refresh(case)
    if case.closed_at is not None:
        raise Conflict("not_in_this_state")
    check_note(outcome, "outcome")
    with suppress(Gone):
        case.outcome_sealed = seal(case.story_id, f"outcome:{case.id}", outcome.strip())
    if mistaken:
        _unlock(case)
    case.closed_by, case.closed_at = actor, clock.now()
    db.session.flush()
    record(actor, Verb.CASE_CLOSED, case.story_id, case=case.id, level=case.level.value)


def unlock(actor: str, case: Case) -> None:
    """A lead saw after the case was closed that it was no illegal image. Raises `Conflict` where nothing is locked."""
    lock(db.session.get_one(Story, case.story_id))
    db.session.refresh(case)
    if case.closed_at is None or case.level is not Level.ILLEGAL_IMAGE:
        raise Conflict("not_in_this_state")
    _unlock(case)
    db.session.flush()
    record(actor, Verb.CASE_CLOSED, case.story_id, case=case.id, level=case.level.value)


def _unlock(case: Case) -> None:
    """It was a worry like others."""
    if case.level is Level.ILLEGAL_IMAGE:
        case.level = Level.AMBER


def erase_story(staff: Staff, case: Case, reason: str) -> None:
    """A lead asks to erase the story of a case, with days to think; why is sealed with the story's key, as the case is.

    An open case does not stand in the way: every clock of a case runs out before those days do.
    """
    check_note(reason, "reason")
    story = db.session.get_one(Story, case.story_id)
    lock(story)
    if story.erase_after is not None:
        raise Conflict("not_in_this_state")
    ask_erasure(story, staff.role, now=False, actor=staff.id)
    case.erasure_sealed = seal(case.story_id, f"erasure:{case.id}", reason.strip())
    db.session.flush()


def suspend(asked_by: Asker, story: Story, reason: str) -> Suspension:
    """Somebody who knows the child fears a risk: from the commit on the story is held, and a lead decides within a day.

    Asked again by link while it is held, what is said anew stands beside the first one. Raises `Invalid` for a reason
    that is too long.
    """
    _check_reason(reason)
    lock(story)
    return _said_already(suspensions_of(story.id, *BY_LINK), reason) or _add_suspension(asked_by, story, reason)


def suspend_at_desk(helper: Staff, story: Story, why: Why, reason: str) -> bool:
    """Whoever helps the family saw distress or a risk: the story is held in the same way. Whether that is new.

    It stands beside what was asked by link: the lead reads both, and the desk learns nothing of the other. Asked again
    at the desk, only what is said anew is added. Raises `NotAllowed`, and `Invalid` as `suspend` does.
    """
    if not may(helper.role, Permission.CONSENT_TAKE):
        raise NotAllowed
    _check_reason(reason)
    lock(story)
    same = [one for one in suspensions_of(story.id, Asker.DESK) if one.why is why]
    if _said_already(same, reason) is not None:
        return False
    _add_suspension(Asker.DESK, story, reason, helper.id, why)
    return True


def suspend_restored(story: Story) -> Suspension:
    """What was taken back of a story is not in the backup: it is held, whoever else had asked, until a lead has."""
    lock(story)
    return _add_suspension(Asker.RESTORE, story)


def _said_already(waiting: Iterable[Suspension], reason: str) -> Suspension | None:
    """The first of these to which a reason adds nothing; where none is given, whichever is the first."""
    return next((one for one in waiting if reason.strip() in ("", suspension_reason(one))), None)


def _add_suspension(
    asked_by: Asker, story: Story, reason: str = "", seen_by: str | None = None, why: Why | None = None
) -> Suspension:
    suspension = Suspension(id=new_id(), story_id=story.id, asked_by=asked_by, seen_by=seen_by, why=why)
    suspension.due_at = clock.now() + SUSPENSION_DECIDED_IN
    if reason.strip():
        suspension.reason_sealed = seal(story.id, f"suspension:{suspension.id}", reason.strip())
    db.session.add(suspension)
    db.session.flush()
    record(seen_by or asked_by.value, Verb.STORY_SUSPENDED, story.id, suspension=suspension.id)
    return suspension


def decide_suspension(actor: str, suspension: Suspension) -> None:
    """A lead looked into it: the hold ends. Whatever must go on being held is a case."""
    lock(db.session.get_one(Story, suspension.story_id))
    db.session.refresh(suspension)
    if suspension.decided_at is not None:
        raise Conflict("not_in_this_state")
    _decide(actor, suspension, clock.now())


def find_risk(actor: str, suspension: Suspension, level: Level, worry: str) -> Case:
    """A lead sees a risk in what was suspended: a case takes over, and the story is held without a moment in between.

    Where a colleague ended the suspension meanwhile, the case is opened all the same: who sees a risk is heard. Both
    happen at one moment, by which `case_after` knows that they belong together.
    """
    case = open_case(actor, db.session.get_one(Story, suspension.story_id), level, worry)
    db.session.refresh(suspension)
    if suspension.decided_at is None:
        _decide(actor, suspension, case.opened_at)
    return case


def _decide(actor: str, suspension: Suspension, at: datetime) -> None:
    suspension.decided_by, suspension.decided_at = actor, at
    db.session.flush()
    record(actor, Verb.SUSPENSION_DECIDED, suspension.story_id, suspension=suspension.id)


def _check_reason(reason: str) -> None:
    if len(reason) > NOTE_MAX:
        raise Invalid("note_length", "reason")


def check_note(text: str, field: str) -> None:
    """A note must say something, in at most `NOTE_MAX` characters."""
    if not text.strip() or len(text) > NOTE_MAX:
        raise Invalid("note_length", field)
