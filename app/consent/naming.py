"""Guardians who were named: they count as somebody who decides, heard or not, until two people leave them out.

Somebody who does not answer is waited for. Left out is only who was named by mistake, or decides no longer: they
themselves, or whoever helps the family, say so, and a lead decides. A guardian who gave a wrong address names somebody
else in that place; a child says how else whom they named can be reached.
"""

from sqlalchemy import delete, select

from app import clock
from app.audit.actions import order, record
from app.audit.rules import Verb
from app.consent.actions import ask_guardian
from app.consent.models import Evidence
from app.consent.notices import is_written_about
from app.consent.rules import EvidenceState, Party, next_reminder
from app.errors import Conflict, Invalid, NotAllowed
from app.extensions import db
from app.people.actions import add_guardian, readdress_guardian
from app.people.authority import end_act
from app.people.keys import seal, unseal
from app.people.letters import recall
from app.people.line import lock_stories_of
from app.people.models import Guardian, GuardianLink, Staff
from app.people.permissions import Permission, may
from app.people.queries import claim_of, is_doubted, is_unheard, key_of
from app.people.rules import ACT_NOTE_MAX, GUARDIAN, Locale
from app.stories.actions import drop_erasure
from app.stories.models import Story
from app.stories.queries import of_storyteller


def doubt(staff: Staff, guardian: Guardian, reason: str) -> None:
    """Somebody beside the family says why this person does not decide. Nothing changes before a lead has decided.

    They were named by mistake, somebody else answered for them, a court took their right back. Raises `Invalid` without
    a reason, and `Conflict` for whose voice or form waits, or who is doubted or left out already.
    """
    if not reason.strip() or len(reason) > ACT_NOTE_MAX:
        raise Invalid("doubt_reason", "reason")
    _look(staff, Permission.CONSENT_TAKE, guardian, doubted=False)
    guardian.doubted_at, guardian.doubted_by, guardian.remind_at = clock.now(), staff.id, None
    guardian.doubt_sealed = seal(guardian.storyteller_id, f"doubt:{guardian.id}", reason.strip())
    _write(staff, Verb.GUARDIAN_DOUBTED, guardian)


def read_doubt(staff: Staff, guardian: Guardian) -> str:
    """Why somebody beside the family says that they were named by mistake; empty where they themselves say so."""
    if not may(staff.role, Permission.ACT_RULE):
        raise NotAllowed
    record(staff.id, Verb.GUARDIAN_DOUBT_READ, guardian.storyteller_id, guardian=guardian.id)
    return unseal(guardian.storyteller_id, f"doubt:{guardian.id}", guardian.doubt_sealed)


def leave_out(staff: Staff, guardian: Guardian) -> None:
    """A second person agrees: nobody waits for them, and nothing they said binds anybody.

    Their links end, and how to reach them is forgotten. Raises `NotAllowed` for whoever doubted it, and `Conflict` for
    whose voice or form waits: accepted later, it would bring them back.
    """
    _look(staff, Permission.ACT_RULE, guardian, doubted=True)
    if speaks(guardian):
        raise Conflict("not_in_this_state")
    if guardian.doubted_by == staff.id:
        raise NotAllowed("second_person")
    guardian.left_out_by = staff.id
    for held in (claim_of(guardian.id), key_of(guardian.id)):
        if held is not None:
            end_act(staff.id, held)
    for story in of_storyteller(guardian.storyteller_id):
        if story.erase_asked_by == guardian.actor:
            drop_erasure(story, staff.id)
    _leave_out(guardian)
    _write(staff, Verb.GUARDIAN_LEFT_OUT, guardian)


def keep_asking(staff: Staff, guardian: Guardian) -> None:
    """A second person does not agree: everything is as before."""
    _look(staff, Permission.ACT_RULE, guardian, doubted=True)
    guardian.doubted_at = guardian.doubted_by = guardian.doubt_sealed = None
    if is_unheard(guardian) and guardian.email_sealed:
        guardian.remind_at = next_reminder(clock.now(), clock.now())
    _write(staff, Verb.GUARDIAN_KEPT, guardian)


def name_other(by: Guardian, locale: Locale, email: str, instead_of: Guardian | None = None) -> Guardian:
    """A guardian names somebody else who must be asked: one more, or in the place of whom they named in a wrong way."""
    if instead_of is not None:
        _leave_out(instead_of)
        record(by.actor, Verb.GUARDIAN_REPLACED, by.storyteller_id, guardian=instead_of.id)
    named = add_guardian(by.storyteller_id, locale, email, named_by=by.id)
    record(by.actor, Verb.GUARDIAN_NAMED, by.storyteller_id, guardian=named.id)
    return named


def withdraw_address(by: Guardian, wrong: Guardian) -> None:
    """Whoever named somebody takes back how to reach them; they are waited for all the same."""
    _unreach(wrong)
    record(by.actor, Verb.GUARDIAN_ADDRESS_WITHDRAWN, by.storyteller_id, guardian=wrong.id)


def ask_another_way(guardian: Guardian, locale: Locale, email: str) -> None:
    """The child says how else whom they named can be reached; without `email` by links to hand over.

    Links and letters that went the old way end: perhaps a stranger has them. About every story that was handed in they
    are asked anew. Raises `Conflict` where they are not silent any more.
    """
    lock_stories_of(guardian.storyteller_id)
    db.session.refresh(guardian, with_for_update=True)
    if not is_silent(guardian):
        raise Conflict("not_in_this_state")
    _unreach(guardian)
    readdress_guardian(guardian, locale, email)
    db.session.flush()
    record(Party.CHILD.value, Verb.GUARDIAN_READDRESSED, guardian.storyteller_id, guardian=guardian.id)
    for story in of_storyteller(guardian.storyteller_id):
        if is_written_about(story):
            ask_guardian(story, guardian)


def is_silent(guardian: Guardian) -> bool:
    """Whether nothing was heard of them: not who they are, no form or voice, and not that they do not decide."""
    return is_unheard(guardian) and not is_doubted(guardian) and not speaks(guardian)


def _leave_out(guardian: Guardian) -> None:
    guardian.left_out_at, guardian.left_out_seq = clock.now(), order()
    _unreach(guardian)


def _unreach(guardian: Guardian) -> None:
    """Their links open nothing any more, letters that wait for them do not leave, and their address is forgotten."""
    db.session.execute(delete(GuardianLink).where(GuardianLink.guardian_id == guardian.id))
    if guardian.email_sealed:
        recall(guardian.storyteller_id, unseal(guardian.storyteller_id, f"email:{guardian.id}", guardian.email_sealed))
    guardian.email_sealed = guardian.remind_at = None


def erased_by_doubted() -> set[str]:
    """The stories that somebody asked to erase of whom it is said that they do not decide."""
    asked = Story.erase_asked_by == GUARDIAN + Guardian.id
    doubted = select(Story.id).join(Guardian, asked).where(Guardian.doubted_at.is_not(None))
    return set(db.session.scalars(doubted))


def speaks(guardian: Guardian) -> bool:
    """Whether a voice or a form of theirs waits for a second person."""
    waiting = select(Evidence.id).where(Evidence.guardian_id == guardian.id, Evidence.state == EvidenceState.WAITING)
    return db.session.scalars(waiting.limit(1)).first() is not None


def disclaim(guardian: Guardian) -> None:
    """By their link somebody says that nobody gave them the right to decide: a lead is asked, and nobody reminds them.

    Anybody may hold the link, so this ends nothing by itself. It can be handed on to who decides, and whoever says by
    it who they are is heard as anybody. While a voice or a form of theirs waits, nothing changes.
    """
    if is_unheard(guardian) and not speaks(guardian):
        guardian.doubted_at, guardian.remind_at = guardian.doubted_at or clock.now(), None
        db.session.flush()
        record(guardian.actor, Verb.GUARDIAN_DISCLAIMED, guardian.storyteller_id)


def _look(staff: Staff, permission: Permission, guardian: Guardian, *, doubted: bool) -> None:
    if not may(staff.role, permission):
        raise NotAllowed
    lock_stories_of(guardian.storyteller_id)
    db.session.refresh(guardian, with_for_update=True)
    waits = is_unheard(guardian) and speaks(guardian)
    if waits or guardian.left_out_at is not None or is_doubted(guardian) is not doubted:
        raise Conflict("not_in_this_state")


def _write(staff: Staff, verb: Verb, guardian: Guardian) -> None:
    db.session.flush()
    record(staff.id, verb, guardian.storyteller_id, guardian=guardian.id)
