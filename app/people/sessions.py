"""Staff log-ins: kept on the server, so that ending one ends it everywhere."""

import secrets
from datetime import timedelta

from sqlalchemy import select

from app import clock
from app.audit.actions import record
from app.audit.rules import Verb
from app.extensions import db
from app.people.hashes import hash_token
from app.people.models import Staff, StaffSession
from app.people.passwords import password_fits, totp_step

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
SEEN_GRAIN = timedelta(minutes=1)


def find_staff(email: str) -> Staff | None:
    """The active account with this address."""
    return db.session.scalar(select(Staff).where(Staff.email == email.strip().lower(), Staff.active))


def check_password(email: str, password: str) -> Staff | None:
    """The account when address and password fit. A failure is recorded without what was typed."""
    staff = find_staff(email)
    if password_fits(staff.password_hash if staff else None, password):
        return staff
    record("visitor", Verb.STAFF_LOG_IN_FAILED, staff.id if staff else "unknown", factor="password")
    return None


def open_session(staff: Staff, code: str) -> str | None:
    """Check the second factor and start a log-in; its token for the cookie, or None when the code does not fit."""
    row = db.session.get(Staff, staff.id, with_for_update=True, populate_existing=True)
    step = (
        totp_step(staff.id, staff.totp_sealed, code.strip().replace(" ", ""), staff.totp_last_step)
        if row
        else None
    )
    if step is None:
        record("visitor", Verb.STAFF_LOG_IN_FAILED, staff.id, factor="totp")
        return None
    staff.totp_last_step = step
    token = secrets.token_urlsafe(32)
    db.session.add(StaffSession(token_hash=hash_token(token), staff_id=staff.id))
    record(staff.id, Verb.STAFF_LOGGED_IN, staff.id)
    return token


def current_session(token: str) -> StaffSession | None:
    """The log-in this token stands for, unless it was ended, sat idle for too long or lasted too long."""
    now = clock.now()
    row = db.session.get(StaffSession, hash_token(token))
    if row is None or not row.staff.active or now - row.seen_at > IDLE or now - row.started_at > ABSOLUTE:
        return None
    return row


def touch_session(row: StaffSession) -> bool:
    """Note that the log-in is in use; True when the note is old enough to be worth a write."""
    if clock.now() - row.seen_at < SEEN_GRAIN:
        return False
    row.seen_at = clock.now()
    return True


def close_session(token: str) -> None:
    """End one log-in."""
    row = db.session.get(StaffSession, hash_token(token))
    if row is not None:
        record(row.staff_id, Verb.STAFF_LOGGED_OUT, row.staff_id)
        db.session.delete(row)


def close_all_sessions(staff_id: str) -> None:
    """End every log-in of an account: after a change of password, role or second factor."""
    for row in db.session.scalars(select(StaffSession).where(StaffSession.staff_id == staff_id)):
        db.session.delete(row)
