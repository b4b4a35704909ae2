"""I have lost my card: a helper beside me says that it is me, and this screen shows a new one.

A reference that nobody has leads the same way and waits for ever: nobody learns here which children there are.
"""

import secrets
from datetime import datetime

from flask import abort, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, lazy_gettext as _

from app import clock
from app.audit.actions import record
from app.audit.rules import Verb
from app.errors import Conflict, Invalid, NotFound
from app.extensions import db, limiter
from app.people.actions import forget_card
from app.people.cards import CODE_DIGITS, OPEN_FOR, ask_for_card, take_card
from app.people.models import Storyteller
from app.people.permissions import Role
from app.people.queries import by_card, by_reference, is_card_approved
from app.people.rules import CardNumber, read_reference
from app.web.cards import printed, read_confirmation, readable_card
from app.web.forms import one_line, only_fields
from app.web.guard import Audience, open_to
from app.web.my_story import bp
from app.web.my_story.brakes import Brakes
from app.web.my_story.mine import can_be_opened
from app.web.my_story.opening import opened
from app.web.transaction import writes
from app.web.words import sentence

ASKED = "lost"
"""The session key of what this screen asked for: its token, the code for the helper, and when it asked."""
TAKEN = "new_card"
"""The session key of the storyteller whose new card this screen shows until it is confirmed."""
NOBODY = "unknown"
"""The audit's word for a reference that nobody has."""

brakes = Brakes("lost-card")


@bp.get("/my-story/lost")
@open_to(Audience.VISITOR)
def lost() -> str:
    """The page on which the reference is typed in."""
    return _show({})


def _show(errors: dict[str, LazyString]) -> str:
    return render_template("my_story/lost.html", typed=request.form.get("reference", ""), errors=errors)


@bp.post("/my-story/lost")
@brakes
@open_to(Audience.VISITOR)
@writes
def ask() -> ResponseReturnValue:
    """Ask for a new card. Everything that can be seen is the same whether somebody has the reference or not."""
    only_fields("reference")
    brakes.note_guess()
    try:
        reference = read_reference(one_line("reference"))
    except Invalid as error:
        return _show({"reference": sentence(error.code)}), 422
    token = secrets.token_urlsafe(32)
    session[ASKED] = [token, _code(by_reference(reference), token), clock.now().isoformat()]
    return redirect(url_for("my_story.wait_for_card"))


def _code(storyteller: Storyteller | None, token: str) -> str:
    """The code on this screen; one that no helper can use where there is no such child."""
    if storyteller is not None and can_be_opened(storyteller):
        return ask_for_card(storyteller, token).code
    record(Role.CHILD.value, Verb.CARD_ASKED_FOR, NOBODY)
    return "".join(secrets.choice("0123456789") for _digit in range(CODE_DIGITS))


def _asked() -> tuple[str, str]:
    """The token and the code of this screen, while its time is not over."""
    token, code, at = session.get(ASKED) or ("", "", "1970-01-01T00:00:00+00:00")
    if clock.now() >= datetime.fromisoformat(at) + OPEN_FOR:
        session.pop(ASKED, None)
        abort(redirect(url_for("my_story.lost")))
    return token, code


@bp.get("/my-story/lost/wait")
@open_to(Audience.VISITOR)
def wait_for_card() -> str:
    """The code for the helper, and a button to look whether the card is there."""
    return _wait("")


def _wait(words: LazyString | str) -> str:
    _token, code = _asked()
    minutes = int(OPEN_FOR.total_seconds() // 60)
    return render_template("my_story/lost_wait.html", code=f"{code[:3]} {code[3:]}", minutes=minutes, words=words)


@bp.get("/my-story/lost/state")
@limiter.limit("60 per minute")
@open_to(Audience.VISITOR)
def card_state() -> ResponseReturnValue:
    """For the script that looks every few seconds."""
    token, _code = _asked()
    return jsonify(ready=is_card_approved(token))


@bp.post("/my-story/lost/wait")
@limiter.limit("60 per minute")
@open_to(Audience.VISITOR)
@writes
def fetch_card() -> ResponseReturnValue:
    """Take the new card, if the helper has said that it is this child; the old one opens nothing from now on."""
    only_fields()
    token, _code = _asked()
    try:
        card = take_card(token)
    except (Conflict, NotFound):
        return _wait(_("Not yet. Tell your helper the numbers on this screen."))
    storyteller = by_card(card)
    session.pop(ASKED)
    session[TAKEN] = storyteller.id if storyteller else ""
    return redirect(url_for("my_story.new_card"))


@bp.get("/my-story/lost/card")
@open_to(Audience.VISITOR)
def new_card() -> str:
    """The new card, until the child has confirmed to have it."""
    return _show_card(*_new_card(), {})


def _new_card() -> tuple[Storyteller, CardNumber]:
    storyteller = db.session.get(Storyteller, session.get(TAKEN, ""))
    card = readable_card(storyteller) if storyteller else None
    if storyteller is None or card is None:
        abort(redirect(url_for("my_story.enter")))
    return storyteller, card


def _show_card(storyteller: Storyteller, card: CardNumber, errors: dict[str, LazyString]) -> str:
    return render_template("my_story/new_card.html", **printed(storyteller, card, errors))


@bp.post("/my-story/lost/card")
@limiter.limit("30 per minute")
@open_to(Audience.VISITOR)
@writes
def confirm_new_card() -> ResponseReturnValue:
    """The child has the new card, and the story opens."""
    storyteller, card = _new_card()
    errors = read_confirmation(card)
    if errors:
        return _show_card(storyteller, card, errors), 422
    forget_card(storyteller)
    return opened(storyteller, card)
