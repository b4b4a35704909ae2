"""Staff log-ins: kept on the server, so that ending one ends it everywhere."""

import secrets
from datetime import timedelta

from sqlalchemy import delete, select

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
VISITOR = "visitor"
"""The audit's word for somebody who is not logged in."""


def find_staff(email: str) -> Staff | None:
    """The active account with this address."""
    return db.session.scalar(select(Staff).where(Staff.email == email.strip().lower(), Staff.active))


def check_password(email: str, password: str) -> Staff | None:
    """The account when address and password fit. A failure is recorded without what was typed."""
    staff = find_staff(email)
    if password_fits(staff.password_hash if staff else None, password):
        return staff
    record(VISITOR, Verb.STAFF_LOG_IN_FAILED, staff.id if staff else "unknown", factor="password")
    return None


def open_session(staff_id: str, code: str) -> str | None:
    """Check the second factor and start a log-in; its token for the cookie, or None when the code does not fit."""
    staff = db.session.get(Staff, staff_id, with_for_update=True, populate_existing=True)
    if staff is None or not staff.active:
        return None
    step = totp_step(staff.id, staff.totp_sealed, "".join(code.split()), staff.totp_last_step)
    if step is None:
        record(VISITOR, Verb.STAFF_LOG_IN_FAILED, staff.id, factor="totp")
        return None
    staff.totp_last_step = step
    forget_ended(staff.id)
    token = secrets.token_urlsafe(32)
    db.session.add(StaffSession(token_hash=hash_token(token), staff_id=staff.id))
    db.session.flush()
    record(staff.id, Verb.STAFF_LOGGED_IN, staff.id)
    return token


def current_session(token: str) -> StaffSession | None:
    """The log-in this token stands for, unless it was ended, sat idle for too long or lasted too long."""
    now = clock.now()
    row = db.session.get(StaffSession, hash_token(token))
    if row is None or not row.staff.active or now - row.seen_at > IDLE or now - row.started_at > ABSOLUTE:
        return None
    return row


def touch_session(row: StaffSession) -> None:
    """Note that the log-in is in use, when the last note is old enough to be worth a write."""
    if clock.now() - row.seen_at >= SEEN_GRAIN:
        row.seen_at = clock.now()


def close_session(token: str) -> None:
    """End one log-in."""
    row = db.session.get(StaffSession, hash_token(token))
    if row is not None:
        record(row.staff_id, Verb.STAFF_LOGGED_OUT, row.staff_id)
        db.session.delete(row)


def close_all_sessions(staff_id: str) -> None:
    """End every log-in of an account: when somebody asks for it, and after any change of the account."""
    db.session.execute(delete(StaffSession).where(StaffSession.staff_id == staff_id))
    record(staff_id, Verb.STAFF_LOGGED_OUT, staff_id, everywhere=True)


def forget_ended(staff_id: str) -> None:
    """Delete the rows of an account's log-ins that can no longer be used."""
    now = clock.now()
    too_old = (StaffSession.seen_at < now - IDLE) | (StaffSession.started_at < now - ABSOLUTE)
    db.session.execute(delete(StaffSession).where(StaffSession.staff_id == staff_id, too_old))
