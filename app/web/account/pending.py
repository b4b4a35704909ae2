"""Between the two steps of a log-in: whose password fitted, kept in the session for five minutes."""

import re
from dataclasses import dataclass
from datetime import timedelta

from flask import session

from app import clock

LASTS = timedelta(minutes=5)
SESSION_KEY = "log_in"

_STAFF_PAGE = re.compile(r"/staff(/[A-Za-z0-9_-]+)*/?")


@dataclass(frozen=True)
class Pending:
    """Somebody who gave the right password, and the page they wanted."""

    staff_id: str
    wanted: str


def begin(staff_id: str, wanted: str) -> None:
    """Note that the first step succeeded."""
    session[SESSION_KEY] = [staff_id, staff_page(wanted), clock.now().timestamp()]


def pending() -> Pending | None:
    """The log-in that waits for its second step, unless that took too long."""
    staff_id, wanted, begun = session.get(SESSION_KEY, ("", "", 0.0))
    if clock.now().timestamp() - begun > LASTS.total_seconds():
        return None
    return Pending(staff_id, wanted)


def staff_page(address: str) -> str:
    """`address` when it is a page of the staff area and nothing else, an empty string otherwise."""
    return address if _STAFF_PAGE.fullmatch(address) else ""
