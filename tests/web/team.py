"""Members of the team at their browsers, logged in with both factors."""

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app import clock
from app.audit.models import AuditEntry
from app.cli.writing import transaction
from app.extensions import db
from app.people.models import Staff
from app.people.permissions import Role
from tests.factories.people import PASSWORD, TOTP_SECRET, make_staff
from tests.web.telling import Visitor


def code_now() -> str:
    """What the app on the telephone of anybody in the team shows at this moment."""
    return pyotp.TOTP(TOTP_SECRET).at(clock.now())


class Colleague(Visitor):
    """Somebody with an account, not logged in yet."""

    def __init__(self, client: FlaskClient, staff: Staff) -> None:
        super().__init__(client)
        self.id, self.email, self.name = staff.id, staff.email, staff.display_name

    def give_password(self, password: str = PASSWORD, email: str = "", wanted: str = "") -> TestResponse:
        """The first step."""
        self.get("/staff/login", query_string={"next": wanted})
        typed = {"email": email or self.email, "password": password, "next": wanted}
        return self.post("/staff/login", typed)

    def give_code(self, code: str = "") -> TestResponse:
        """The second step."""
        self.get("/staff/second-factor")
        return self.post("/staff/second-factor", {"code": code or code_now()})

    def log_in(self, wanted: str = "") -> TestResponse:
        """Both steps; the answer to the second."""
        assert self.give_password(wanted=wanted).location == "/staff/second-factor"
        return self.give_code()

    def is_in(self) -> bool:
        """Whether the staff area is open in this browser."""
        return self.get("/staff/").status_code == 200


def hire(app: Flask, role: Role = Role.MODERATOR) -> Colleague:
    """A new member of the team, logged in at a browser of their own."""
    with app.app_context(), transaction():
        colleague = Colleague(app.test_client(), make_staff(role))
    assert colleague.log_in().location == "/staff/"
    return colleague


def audited(app: Flask, subject: str) -> list[tuple[str, str]]:
    """Who did what to `subject`, in order."""
    with app.app_context():
        statement = select(AuditEntry).where(AuditEntry.subject == subject).order_by(AuditEntry.seq)
        return [(entry.actor, entry.verb) for entry in db.session.scalars(statement)]
