"""How Flask-Login finds who is logged in: the cookie names a log-in on the server, not a person."""

from flask_login import UserMixin

from app.extensions import db, login, writing
from app.people.models import Staff, StaffSession
from app.people.permissions import Role
from app.people.sessions import current_session, touch_session


class LoggedIn(UserMixin):
    """A member of staff in one log-in. `get_id` is the log-in's token, so ending the log-in ends the cookie."""

    def __init__(self, row: StaffSession, token: str) -> None:
        self.token = token
        self.staff: Staff = row.staff

    def get_id(self) -> str:
        return self.token

    @property
    def display_name(self) -> str:
        return self.staff.display_name

    @property
    def role(self) -> Role:
        return self.staff.role


@login.user_loader
def load(token: str) -> LoggedIn | None:
    """The log-in this token stands for, if it still holds."""
    row = current_session(token)
    if row is None:
        return None
    if writing.get():
        touch_session(row)
        db.session.flush()
    return LoggedIn(row, token)
