"""Logging in, in two steps, and out.

A wrong password or code is answered 200 with a sentence: the page is the same for every reason, and the failure's entry
in the audit is committed with it. The brakes count failures only, so that a whole team behind one address gets in.
"""

import hashlib

from flask import Response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user

from app.extensions import limiter, visitors_network
from app.people import sessions
from app.web.account import bp, pending
from app.web.forms import one_line
from app.web.guard import Audience, open_to
from app.web.locale import choose_locale, page_code
from app.web.login import load, me
from app.web.transaction import writes

BY_ADDRESS = "20 per 15 minutes"
BY_ACCOUNT = "10 per 15 minutes"
BY_ACCOUNT_FROM_ANYWHERE = "100 per 15 minutes"
"""So that a stranger who guesses at one place keeps nobody out who logs in at another."""
CODES = "5 per 5 minutes;20 per day"


def failed(response: Response) -> bool:
    """Whether a step of the log-in failed: success is always a redirect."""
    return response.status_code == 200


def typed_account() -> str:
    """The account somebody tries to enter, as the brake counts it: no address is kept."""
    return hashlib.sha256(one_line("email").lower().encode()).hexdigest()


def typed_account_here() -> str:
    """The same, as it is tried from one network."""
    return f"{typed_account()} {visitors_network()}"


def pending_account() -> str:
    """The account whose second step is being tried; without one, the visitor's address."""
    waiting = pending.pending()
    return waiting.staff_id if waiting else visitors_network()


@bp.get("/login")
@open_to(Audience.VISITOR)
def login() -> ResponseReturnValue:
    """The first step."""
    wanted = pending.staff_page(request.args.get("next", ""))
    if current_user.is_authenticated:
        return redirect(wanted or url_for("admin.home"), 303)
    return render_template("account/login.html", wanted=wanted)


@bp.post("/login")
@limiter.limit(BY_ADDRESS, deduct_when=failed)
@limiter.limit(BY_ACCOUNT, key_func=typed_account_here, deduct_when=failed)
@limiter.limit(BY_ACCOUNT_FROM_ANYWHERE, key_func=typed_account, deduct_when=failed)
@open_to(Audience.VISITOR)
@writes
def check_password() -> ResponseReturnValue:
    """Check address and password, as slowly for an account that does not exist."""
    email, wanted = one_line("email"), request.form.get("next", "")
    staff = sessions.check_password(email, request.form.get("password", ""))
    if staff is None:
        return render_template("account/login.html", email=email, wanted=pending.staff_page(wanted), wrong=True)
    pending.begin(staff.id, wanted)
    return redirect(url_for("account.second_factor"), 303)


@bp.get("/second-factor")
@open_to(Audience.VISITOR)
def second_factor() -> ResponseReturnValue:
    """The second step."""
    if pending.pending() is None:
        return redirect(url_for("account.login"), 303)
    return render_template("account/second_factor.html")


@bp.post("/second-factor")
@limiter.limit(BY_ADDRESS, deduct_when=failed)
@limiter.limit(CODES, key_func=pending_account, deduct_when=failed)
@open_to(Audience.VISITOR)
@writes
def check_code() -> ResponseReturnValue:
    """Check the code and log in, with a session that has nothing of the one before."""
    waiting = pending.pending()
    if waiting is None:
        return redirect(url_for("account.login"), 303)
    token = sessions.open_session(waiting.staff_id, one_line("code"))
    if token is None:
        return render_template("account/second_factor.html", wrong=True)
    language = page_code()
    session.clear()
    choose_locale(language)
    login_user(load(token))
    return redirect(waiting.wanted or url_for("admin.home"), 303)


@bp.get("/still-here")
@open_to(Audience.STAFF)
@writes
def still_here() -> ResponseReturnValue:
    """The script of a page says that somebody writes there; being asked is all there is to do."""
    return Response(status=204, mimetype="text/plain")


@bp.post("/logout")
@open_to(Audience.STAFF)
@writes
def logout() -> ResponseReturnValue:
    """End this log-in."""
    sessions.close_session(current_user.token)
    return forget()


@bp.post("/logout-everywhere")
@open_to(Audience.STAFF)
@writes
def logout_everywhere() -> ResponseReturnValue:
    """End every log-in of this account: a telephone was lost, or a computer left open."""
    sessions.close_all_sessions(me().id)
    return forget()


def forget() -> ResponseReturnValue:
    """Leave nothing of the log-in in this browser but the language."""
    language = page_code()
    logout_user()
    session.clear()
    choose_locale(language)
    return redirect(url_for("account.login"), 303)
