"""A phone that other people use too: nothing stays on it, and whoever walks away is closed out.

The mode lasts as long as the session, on the pages that have one. A script closes after five quiet minutes
(`static/src/js/shared_phone.js`); without one the next request after ten finds everything closed.
"""

from datetime import timedelta

from flask import Flask, redirect, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app import clock
from app.web.guard import keeps_session
from app.web.locale import SESSION_KEY, choose_locale, page_code

SHARED = "shared"
"""The session key: when this phone was last touched, in seconds."""
IDLE = timedelta(minutes=10)
WIPE = '"cookies", "storage", "cache"'
"""What the browser is told to forget (Clear-Site-Data)."""


def init_app(app: Flask) -> None:
    """Watch the pages that have a session, and tell the templates."""
    app.before_request(close_when_idle)
    app.jinja_env.globals["is_shared_phone"] = is_shared_phone


def share() -> None:
    """Other people use this phone: from now on nothing stays."""
    session[SHARED] = _seconds()


def is_shared_phone() -> bool:
    """Whether this page must leave nothing; a public page never looks, because it reads no cookie."""
    return keeps_session() and SHARED in session


def close_when_idle() -> ResponseReturnValue | None:
    """Before a page: close what was left open for too long, else note that somebody is there."""
    if not is_shared_phone():
        return None
    if _seconds() - int(session[SHARED]) > IDLE.total_seconds():
        return leave_nothing(redirect(url_for("tell.start", lang=page_code())))
    share()
    return None


def leave_nothing(response: Response) -> Response:
    """End the session, and have the browser forget everything of this site."""
    session.clear()
    response.headers["Clear-Site-Data"] = WIPE
    return response


def forget_all_but_mode() -> None:
    """End what was going on in this browser, for whoever opens a story now; a shared phone stays shared."""
    was_shared = SHARED in session
    session.clear()
    if was_shared:
        share()


def leave_for(address: str) -> Response:
    """Leave no trace of a story in this browser. On a phone of one's own the language stays."""
    response = redirect(address)
    if is_shared_phone():
        return leave_nothing(response)
    language = session.get(SESSION_KEY)
    session.clear()
    if language:
        choose_locale(language)
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


def _seconds() -> int:
    return int(clock.now().timestamp())
