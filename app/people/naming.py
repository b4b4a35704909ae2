"""Guardians who were named and never heard: they count as somebody who decides, until two people leave them out.

Whoever stands beside the family says that somebody was named by mistake or cannot be reached; a lead decides.
"""

from sqlalchemy import delete

from app import clock
from app.audit.actions import record
from app.audit.rules import Verb
from app.errors import Conflict, NotAllowed
from app.extensions import db
from app.people.line import lock_stories_of
from app.people.models import Guardian, GuardianLink, Staff
from app.people.permissions import Permission, may
from app.people.queries import is_unheard


def doubt(staff: Staff, guardian: Guardian) -> None:
    """Somebody beside the family says that this guardian was named by mistake, or cannot be reached.

    Nothing changes for the story before a lead has decided. Said twice, it is said once.
    """
    _look(staff, Permission.CONSENT_TAKE, guardian)
    if guardian.doubted_by is None:
        guardian.doubted_by = staff.id
        _write(staff, Verb.GUARDIAN_DOUBTED, guardian)


def leave_out(staff: Staff, guardian: Guardian) -> None:
    """A second person agrees: nobody waits for them, their links end, and how to reach them is forgotten.

    Raises `NotAllowed` for whoever doubted it.
    """
    _look(staff, Permission.ACT_RULE, guardian)
    _check_doubted(guardian)
    if guardian.doubted_by == staff.id:
        raise NotAllowed("second_person")
    guardian.left_out_at, guardian.left_out_by = clock.now(), staff.id
    guardian.email_sealed = None
    db.session.execute(delete(GuardianLink).where(GuardianLink.guardian_id == guardian.id))
    _write(staff, Verb.GUARDIAN_LEFT_OUT, guardian)


def keep_asking(staff: Staff, guardian: Guardian) -> None:
    """A second person does not agree: they are waited for as before."""
    _look(staff, Permission.ACT_RULE, guardian)
    _check_doubted(guardian)
    guardian.doubted_by = None
    _write(staff, Verb.GUARDIAN_KEPT, guardian)


def _look(staff: Staff, permission: Permission, guardian: Guardian) -> None:
    if not may(staff.role, permission):
        raise NotAllowed
    lock_stories_of(guardian.storyteller_id)
    db.session.refresh(guardian, with_for_update=True)
    if not is_unheard(guardian):
        raise Conflict("not_in_this_state")


def _check_doubted(guardian: Guardian) -> None:
    if guardian.doubted_by is None:
        raise Conflict("not_in_this_state")


def _write(staff: Staff, verb: Verb, guardian: Guardian) -> None:
    db.session.flush()
    record(staff.id, verb, guardian.storyteller_id, guardian=guardian.id)
