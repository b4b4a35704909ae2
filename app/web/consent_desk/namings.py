"""Guardians who do not decide: whoever helps the family says so, and a lead leaves them out."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, lazy_gettext as _

from app.adapters.queue import rollback
from app.consent.naming import doubt, keep_asking, leave_out
from app.errors import Conflict, Invalid, NotFound
from app.extensions import db, is_id, limiter
from app.people.models import Guardian
from app.people.permissions import Permission
from app.people.queries import is_doubted
from app.web.consent_desk import bp
from app.web.consent_desk.acts import decide
from app.web.consent_desk.asking import Asking, open_asking
from app.web.consent_desk.children import number_of
from app.web.forms import many_lines, only_fields
from app.web.guard import Audience, open_to
from app.web.login import me
from app.web.transaction import writes
from app.web.words import sentence

WRONG = 422


@bp.get("/ask/<token>/doubt")
@open_to(Audience.STAFF, Permission.CONSENT_TAKE)
def doubt_page(token: str) -> str:
    """What it means to decide, and where to write why somebody does not."""
    return _show(open_asking(token), {})


def _show(asking: Asking, errors: dict[str, LazyString]) -> str:
    number, reason = number_of(asking.guardian), many_lines("reason")
    if asking.guardian.left_out_at is not None or is_doubted(asking.guardian):
        raise Conflict("not_in_this_state")
    return render_template("consent_desk/doubt.html", asking=asking, number=number, reason=reason, errors=errors)


@bp.post("/ask/<token>/doubt")
@limiter.limit("30 per minute")
@open_to(Audience.STAFF, Permission.CONSENT_TAKE)
@writes
def doubt_naming(token: str) -> ResponseReturnValue:
    """They do not decide: a lead is asked."""
    only_fields("reason")
    asking = open_asking(token, lock=True)
    try:
        doubt(me(), asking.guardian, many_lines("reason"))
    except Invalid as refusal:
        rollback()
        return _show(open_asking(token), {"reason": sentence(refusal.code)}), WRONG
    flash(_("A safeguarding lead is asked. Until they decide, everything is as it was."), "good")
    return redirect(url_for("consent_desk.desk", reference=asking.reference), 303)


@bp.post("/namings/<guardian_id>/leave-out")
@open_to(Audience.STAFF, Permission.ACT_RULE)
@writes
def leave_out_named(guardian_id: str) -> ResponseReturnValue:
    """Nobody waits for them any more, and their links end."""
    done = _("They are left out: nobody waits for them, what they said counts no longer, and their links have ended.")
    return decide(leave_out, find_named, guardian_id, done)


@bp.post("/namings/<guardian_id>/keep")
@open_to(Audience.STAFF, Permission.ACT_RULE)
@writes
def keep_asking_named(guardian_id: str) -> ResponseReturnValue:
    """Everything is as it was."""
    return decide(keep_asking, find_named, guardian_id, _("Everything is as it was."))


def find_named(guardian_id: str) -> Guardian:
    """Somebody who was named. Raises `NotFound`."""
    guardian = db.session.get(Guardian, guardian_id) if is_id(guardian_id) else None
    if guardian is None:
        raise NotFound
    return guardian
