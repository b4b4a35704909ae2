"""The accounts of the team, from the command line."""

import pyotp
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from app import clock
from app.audit.models import AuditEntry
from app.extensions import db
from app.people import sessions
from app.people.models import Staff
from tests.factories.people import PASSWORD, TOTP_SECRET, make_staff

EMAIL = "ana@example.org"
ADD = ["add", "--email", EMAIL, "--name", "Ana", "--role", "moderator", "--organisation", "House", "--country", "RO"]


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    """The exit code of a `flask staff` command, and what it says."""
    runner: FlaskCliRunner = app.test_cli_runner()
    result = runner.invoke(args=["staff", *arguments])
    return result.exit_code, result.output


def log_in(staff: Staff) -> str:
    """The token of a new log-in."""
    token = sessions.open_session(staff.id, pyotp.TOTP(TOTP_SECRET).at(clock.now()))
    assert token is not None
    return token


def verbs() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.verb).order_by(AuditEntry.seq)))


def test_an_address_has_one_account_and_a_second_is_refused_in_a_sentence(app: Flask) -> None:
    assert run(app, *ADD)[0] == 0
    status, said = run(app, *ADD)
    assert status == 1
    assert said == "Error: this e-mail address has an account already; nothing was changed\n"


def test_an_account_that_was_closed_opens_nothing(app: Flask) -> None:
    token = log_in(make_staff(email=EMAIL))
    assert run(app, "deactivate", "--email", EMAIL.upper()) == (0, "The account is inactive.\n")
    assert sessions.check_password(EMAIL, PASSWORD) is None
    assert sessions.current_session(token) is None
    assert "staff.deactivated" in verbs()
    assert run(app, "deactivate", "--email", EMAIL) == (1, "Error: no active account has this e-mail address\n")


def test_a_lost_second_factor_is_replaced(app: Flask) -> None:
    staff = make_staff(email=EMAIL)
    before, token = staff.totp_sealed, log_in(staff)
    status, said = run(app, "reset-factor", "--email", EMAIL)
    assert (status, said.startswith("second factor (TOTP secret) ")) == (0, True)
    after = db.session.scalars(select(Staff).where(Staff.email == EMAIL)).one()
    assert after.totp_sealed != before
    assert sessions.current_session(token) is None
    assert "staff.factor_reset" in verbs()
