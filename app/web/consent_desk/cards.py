"""A child who lost the card stands beside the helper: two helpers say that it is this child, and see nothing else."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext
from werkzeug.wrappers import Response

from app.errors import Invalid
from app.extensions import limiter
from app.people.cards import approve_card
from app.people.permissions import Permission
from app.web.consent_desk import bp
from app.web.consent_desk.children import by_whom
from app.web.forms import only_fields
from app.web.guard import Audience, open_to
from app.web.login import me
from app.web.transaction import writes
from app.web.words import sentence

WRONG = 422


def was_wrong(response: Response) -> bool:
    """Whether an answer counts against the brakes on guessing codes."""
    return response.status_code == WRONG


@bp.get("/cards")
@open_to(Audience.STAFF, Permission.CARD_REISSUE)
def cards() -> str:
    """Where the code on the child's screen is typed in."""
    return _show({})


def _show(errors: dict[str, LazyString]) -> str:
    return render_template("consent_desk/cards.html", values=request.form, errors=errors)


@bp.post("/cards")
@limiter.limit("5 per minute; 20 per hour", key_func=by_whom, deduct_when=was_wrong)
@open_to(Audience.STAFF, Permission.CARD_REISSUE)
@writes
def approve() -> ResponseReturnValue:
    """It is this child: when two have said so, the screen on which they asked shows the new card."""
    only_fields("code", "reference")
    try:
        done = approve_card(me(), request.form.get("code", ""), request.form.get("reference", ""))
    except Invalid as refusal:
        return _show({refusal.field or "code": sentence(refusal.code)}), WRONG
    if done:
        flash(gettext("The child's screen shows the new card now. The old one opens nothing any more."), "good")
    else:
        flash(
            gettext(
                "Thank you. Now a second person must say so too, within the hour. Call a colleague or a safeguarding "
                "lead, and tell them the six numbers and the reference: they type both on this page."
            ),
            "good",
        )
    return redirect(url_for("consent_desk.cards"), 303)
