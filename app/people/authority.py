"""By what a guardian decides: declared by a parent, accepted by a second person where a court or office decided.

A key dies with its act. But for what a parent says of themselves again, nothing here is changed: what no longer holds
is ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from app import clock
from app.adapters import outside
from app.audit.actions import record
from app.audit.rules import Verb
from app.errors import Conflict, Invalid, NotAllowed
from app.extensions import db, new_id
from app.people.keys import seal, unseal
from app.people.line import lock_stories_of
from app.people.models import Authority, Guardian, Staff, Storyteller
from app.people.permissions import Permission, may
from app.people.profiles import strictest
from app.people.queries import claim_of, key_of
from app.people.rules import ACT_NOTE_MAX, Basis, months_later

FARTHEST_EAST = timedelta(hours=14)


class Claim(StrEnum):
    """What becomes of what somebody claimed who says now that they are a parent."""

    STAYS = "stays"
    TAKEN_BACK = "taken_back"
    """It waits on, and can only be refused: by a link nobody ends it, and what they say now is not undone by it."""
    ENDS = "ends"


def declare_parent(guardian: Guardian, yes_since: int, *, alone: bool, claim_is: Claim = Claim.TAKEN_BACK) -> Authority:
    """Somebody says that they are a parent; nobody must accept it. An act they decided by gives no key any more.

    A yes of theirs counts that was said after the entry `yes_since` of the audit log. Said again, only that can become
    earlier, for who said it on a form that waited meanwhile, and `alone` change.
    """
    held, actor = key_of(guardian.id), guardian.actor
    if claim_is is Claim.TAKEN_BACK:
        take_back_claim(guardian)
    elif claim_is is Claim.ENDS and (claim := claim_of(guardian.id)) is not None:
        _end(actor, claim)
    if held is not None and held.basis is Basis.PARENT:
        if alone != held.alone or yes_since < held.said_seq:
            held.said_seq = min(held.said_seq, yes_since)
            _decide_alone(guardian, held, alone=alone)
        return held
    if held is not None:
        _end(actor, held)
    record(actor, Verb.PARENT_DECLARED, guardian.id, alone=alone)
    return _begin(
        Authority(guardian_id=guardian.id, basis=Basis.PARENT, alone=alone, accepted_at=clock.now(), said_seq=yes_since)
    )


def take_back_claim(guardian: Guardian) -> None:
    """Whoever claimed something says, not to a second person, that they are a parent: now it can only be refused."""
    claim = claim_of(guardian.id)
    if claim is not None and claim.taken_back_at is None:
        claim.taken_back_at = clock.now()
        db.session.flush()
        record(guardian.actor, Verb.PARENT_DECLARED, guardian.id, takes_back=claim.basis.value)


def _decide_alone(guardian: Guardian, held: Authority, *, alone: bool) -> None:
    held.alone = alone
    db.session.flush()
    record(guardian.actor, Verb.PARENT_DECLARED, guardian.id, alone=alone)


def decide_together(guardian: Guardian) -> None:
    """A parent who says that they decide alone has said, to a second person, that they do not.

    What they claimed since waits on.
    """
    held = key_of(guardian.id)
    if held is not None and held.basis is Basis.PARENT and held.alone:
        _decide_alone(guardian, held, alone=False)


def decides_together(guardian: Guardian) -> bool:
    """Whether a parent has said that somebody else decides beside them: by a link alone they do not say otherwise."""
    held = key_of(guardian.id)
    return held is not None and held.basis is Basis.PARENT and not held.alone


@dataclass(frozen=True, slots=True)
class Act:
    """A decision of a court or an office, as somebody tells it. `scopes` None: it is about everything."""

    basis: Basis
    note: str
    """Who decided, when, and the number."""
    closes_at: datetime | None
    scopes: Sequence[str] | None = None
    opens_at: datetime | None = None
    """Since when it holds, where that was said."""


def claim_act(guardian: Guardian, told: Act, noted_by: str | None = None) -> Authority:
    """Somebody says that a court or an institution appointed them: who decided, which number, from and until when.

    It gives no key before `accept_act`, and takes none: by what they decide now they can say no until then, and no yes
    of theirs counts. `noted_by` is whoever of the staff wrote it down for them. Raises `Invalid` as
    `check_act` does.
    """
    check_act(guardian, told)
    act = Authority(
        id=new_id(),
        guardian_id=guardian.id,
        basis=told.basis,
        alone=True,
        opens_at=told.opens_at,
        closes_at=told.closes_at,
        scopes=None if told.scopes is None else list(told.scopes),
        noted_by=noted_by,
        said_seq=guardian.left_out_seq,
    )
    act.note_sealed = seal(guardian.storyteller_id, f"act:{act.id}", told.note.strip())
    actor, claim = noted_by or guardian.actor, claim_of(guardian.id)
    if claim is not None:
        _end(actor, claim)  # before the new one: a guardian has one claim
    record(actor, Verb.ACT_NOTED, guardian.id, basis=act.basis.value)
    return _begin(act)


def check_act(guardian: Guardian, told: Act) -> None:
    """Raise `Invalid` for a note that says nothing, a day that has not come, and an end that is none."""
    closes_at = told.closes_at
    if not told.note.strip() or len(told.note) > ACT_NOTE_MAX:
        raise Invalid("act_note", "act_note")
    if told.opens_at is not None and closes_at is not None and told.opens_at >= closes_at:
        raise Invalid("act_from", "act_from")
    if told.opens_at is not None and told.opens_at > clock.now() + FARTHEST_EAST:  # that day nowhere on Earth yet
        raise Invalid("act_not_yet", "act_from")  # until then what they decide by now would wait with it
    if (closes_at is None and told.basis is Basis.COURT_ACT) or (closes_at is not None and closes_at <= clock.now()):
        raise Invalid("act_until", "act_until")
    if closes_at is not None and closes_at > end_of(months_later(clock.now().date(), longest_act(guardian))):
        raise Invalid("act_too_long", "act_until")


def longest_act(guardian: Guardian) -> int:
    """For how many months at most an act gives somebody the key to this child's stories."""
    country = db.session.get_one(Storyteller, guardian.storyteller_id).country
    return strictest(country, outside().settings.country).court_act.months


def start_of(day: date) -> datetime:
    """The moment at which an act that holds from `day` begins."""
    return datetime.combine(day, time.min, UTC)


def end_of(day: date) -> datetime:
    """The moment at which an act that runs until `day` ends."""
    return datetime.combine(day + timedelta(days=1), time.min, UTC)


def _begin(act: Authority) -> Authority:
    db.session.add(act)
    db.session.flush()
    return act


def open_act(staff: Staff, act: Authority) -> str:
    """What a guardian wrote about their act; that it was read is recorded."""
    if not may(staff.role, Permission.ACT_RULE):
        raise NotAllowed
    record(staff.id, Verb.ACT_OPENED, act.guardian_id, basis=act.basis.value)
    return unseal(act.guardian.storyteller_id, f"act:{act.id}", act.note_sealed)


def accept_act(staff: Staff, act: Authority) -> None:
    """A second person accepts what a guardian claimed: from now on they decide by it, and by nothing else.

    Raises `NotAllowed` for whoever wrote it down, `Conflict` for one that has run out meanwhile, was taken back or has
    not begun.
    """
    _check_waiting(staff, act)
    if act.noted_by == staff.id:
        raise NotAllowed("second_person")
    if not act.can_be_accepted:
        raise Conflict("not_in_this_state")
    if act.opens_at is not None and act.opens_at > clock.now():
        raise Conflict("act_not_yet")
    held = key_of(act.guardian_id)
    if held is not None:
        _end(staff.id, held)
    act.accepted_by, act.accepted_at = staff.id, clock.now()
    db.session.flush()
    record(staff.id, Verb.ACT_ACCEPTED, act.guardian_id, basis=act.basis.value)


def refuse_act(staff: Staff, act: Authority) -> None:
    """A second person does not accept it."""
    _check_waiting(staff, act)
    act.ended_at = clock.now()
    db.session.flush()
    record(staff.id, Verb.ACT_REFUSED, act.guardian_id, basis=act.basis.value)


def _check_waiting(staff: Staff, act: Authority) -> None:
    if not may(staff.role, Permission.ACT_RULE):
        raise NotAllowed
    lock_stories_of(act.guardian.storyteller_id)
    db.session.refresh(act, with_for_update=True)
    if act.accepted_at is not None or act.ended_at is not None:
        raise Conflict("not_in_this_state")


def end_act(actor: str, act: Authority) -> None:
    """The act holds no longer: a court took it back, or its time is over. Ended once, it stays as it ended."""
    lock_stories_of(act.guardian.storyteller_id)
    db.session.refresh(act, with_for_update=True)
    if act.ended_at is not None:
        return
    _end(actor, act)


def _end(actor: str, act: Authority) -> None:
    act.ended_at = clock.now()
    db.session.flush()
    record(actor, Verb.ACT_ENDED, act.guardian_id, basis=act.basis.value)
