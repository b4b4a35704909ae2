"""Log-ins on the server, passwords and the second factor."""

import re
import time
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.audit.models import AuditEntry
from app.extensions import db
from app.people import sessions
from app.people.hashes import hash_token
from app.people.models import Staff, StaffSession
from app.people.passwords import hash_password, new_totp, password_fits
from tests.factories.people import PASSWORD, TOTP_SECRET, make_staff

NOON = datetime(2026, 11, 24, 12, 0, 7, tzinfo=UTC)


@pytest.fixture
def staff() -> Staff:
    return make_staff(email="Mixed.Case@example.org".lower())


def code(moment: datetime = NOON) -> str:
    return pyotp.TOTP(TOTP_SECRET).at(moment)


def rows() -> int:
    return db.session.scalar(select(func.count()).select_from(StaffSession)) or 0


def test_an_address_is_found_however_it_is_typed(staff: Staff) -> None:
    assert sessions.check_password("  Mixed.CASE@example.org ", PASSWORD) is staff


def test_a_wrong_password_is_recorded_without_it(staff: Staff) -> None:
    assert sessions.check_password(staff.email, "my other password") is None
    assert sessions.check_password("nobody@example.org", PASSWORD) is None
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all()
    told = [(entry.actor, entry.verb, entry.subject, entry.detail) for entry in entries]
    assert told == [
        ("visitor", "staff.log_in_failed", staff.id, {"factor": "password"}),
        ("visitor", "staff.log_in_failed", "unknown", {"factor": "password"}),
    ]


def test_an_unknown_account_takes_as_long_as_a_known_one() -> None:
    known = hash_password(PASSWORD)

    def quickest(password_hash: str | None) -> float:
        taken = []
        for _ in range(5):
            begun = time.process_time()
            password_fits(password_hash, "wrong")
            taken.append(time.process_time() - begun)
        return min(taken)

    assert 0.5 < quickest(None) / quickest(known) < 2


def test_nobody_has_the_password_of_the_unknown_account() -> None:
    assert not password_fits(None, "a password that nobody has")


def test_passwords_are_argon2id_and_secrets_long() -> None:
    assert hash_password("x").startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert len(pyotp.TOTP(new_totp()).byte_secret()) == 20


def test_a_code_opens_one_log_in(staff: Staff) -> None:
    with clock.fixed(NOON):
        token = sessions.open_session(staff.id, code())
        assert token is not None
        assert sessions.open_session(staff.id, code()) is None
        assert sessions.open_session(staff.id, code(NOON - timedelta(seconds=30))) is None
        row = sessions.current_session(token)
        assert row is not None
        assert (row.staff_id, row.token_hash) == (staff.id, hash_token(token))
    assert sessions.current_session("another token") is None


def test_codes_of_strangers_and_closed_accounts_open_nothing(staff: Staff) -> None:
    with clock.fixed(NOON):
        assert sessions.open_session("nobody", code()) is None
        for typed in ("", "0", "١٢٣٤٥٦", "x" * 100_000, "\x00"):
            assert sessions.open_session(staff.id, typed) is None
        staff.active = False
        db.session.flush()
        assert sessions.open_session(staff.id, code()) is None
    assert rows() == 0


def test_a_log_in_ends_by_quiet_by_age_and_with_the_account(staff: Staff) -> None:
    with clock.fixed(NOON):
        token = sessions.open_session(staff.id, code()) or ""
        row = sessions.current_session(token)
    assert row is not None
    for later, seen, holds in [
        (sessions.IDLE, timedelta(0), True),
        (sessions.IDLE + timedelta(seconds=1), timedelta(0), False),
        (sessions.ABSOLUTE, sessions.ABSOLUTE, True),
        (sessions.ABSOLUTE + timedelta(seconds=1), sessions.ABSOLUTE, False),
    ]:
        row.seen_at = NOON + seen
        with clock.fixed(NOON + later):
            assert (sessions.current_session(token) is not None) is holds
    with clock.fixed(NOON):
        row.seen_at, staff.active = NOON, False
        assert sessions.current_session(token) is None


def test_being_seen_is_noted_once_a_minute(staff: Staff) -> None:
    with clock.fixed(NOON):
        row = sessions.current_session(sessions.open_session(staff.id, code()) or "")
    assert row is not None
    with clock.fixed(NOON + timedelta(seconds=59)):
        sessions.touch_session(row)
        assert row.seen_at == NOON
    with clock.fixed(NOON + timedelta(seconds=60)):
        sessions.touch_session(row)
        assert row.seen_at == NOON + timedelta(seconds=60)


def test_log_ins_are_ended_one_by_one_or_all(staff: Staff) -> None:
    tokens = []
    for minutes in range(3):
        moment = NOON + timedelta(minutes=minutes)
        with clock.fixed(moment):
            tokens.append(sessions.open_session(staff.id, code(moment)) or "")
    with clock.fixed(NOON + timedelta(minutes=3)):
        sessions.close_session(tokens[0])
        sessions.close_session("never was one")
        db.session.flush()
        assert [sessions.current_session(token) is not None for token in tokens] == [False, True, True]
        sessions.close_all_sessions(staff.id)
        db.session.expire_all()
        assert [sessions.current_session(token) is not None for token in tokens] == [False] * 3


def test_a_new_log_in_clears_away_the_ended_ones(staff: Staff) -> None:
    other = make_staff()
    with clock.fixed(NOON):
        sessions.open_session(staff.id, code())
        sessions.open_session(other.id, code())
    later = NOON + timedelta(minutes=31)
    with clock.fixed(later):
        sessions.open_session(staff.id, code(later))
    assert rows() == 2


@pytest.mark.parametrize("secret", ["", "not-a-secret", "JBSWY3DPEHPK3PXP", "1" * 32])
def test_the_command_says_what_a_secret_looks_like(app: Flask, secret: str) -> None:
    wrong = app.test_cli_runner().invoke(args=["staff", "code", secret])
    assert (wrong.exit_code, "23 or more of the letters A-Z and the digits 2-7" in wrong.stderr) == (1, True)


def test_the_command_prints_the_code_of_a_secret(app: Flask) -> None:
    printed = app.test_cli_runner().invoke(args=["staff", "code", TOTP_SECRET])
    assert re.fullmatch(r"\d{6}\n", printed.stdout)
