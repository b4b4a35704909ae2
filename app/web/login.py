"""How Flask-Login finds who is logged in: the cookie names a log-in on the server, not a person."""

from typing import cast

from flask_login import UserMixin, current_user

from app.extensions import login, writing
from app.people.models import Staff, StaffSession
from app.people.permissions import Role
from app.people.sessions import current_session, touch_session


class LoggedIn(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
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


@login.user_loader  # type: ignore[untyped-decorator]
def load(token: str) -> LoggedIn | None:
    """The log-in this token stands for, if it still holds; a view that writes also notes that it is in use."""
    row = current_session(token)
    if row is None:
        return None
    if writing.get():
        touch_session(row)
    return LoggedIn(row, token)


def me() -> Staff:
    """Whoever is logged in; only for views that are open to staff."""
    return cast(Staff, current_user.staff)
