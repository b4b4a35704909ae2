"""Stopping it for now: whoever has the link may say that somebody could be in danger. No key is needed for that."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Invalid
from app.extensions import limiter
from app.safeguarding.actions import suspend as suspend_story
from app.safeguarding.queries import is_held
from app.safeguarding.rules import Asker
from app.web.consent import bp
from app.web.consent.link import Opened, open_link
from app.web.forms import many_lines, only_fields
from app.web.guard import Audience, open_to
from app.web.transaction import writes
from app.web.words import sentence


@bp.post("/<token>/suspend")
@limiter.limit("10 per minute")
@limiter.limit("60 per hour", key_func=lambda: request.path)
@open_to(Audience.GUARDIAN)
@writes
def suspend(token: str) -> ResponseReturnValue:
    """Hold the story at once; a person decides within a day. What is said anew is kept, but no flood by one link."""
    only_fields("reason", "asker")
    opened = open_link(token, lock=True)
    reason = many_lines("reason")
    try:
        suspend_story(_asker(opened), opened.story, reason)
    except Invalid as refusal:
        errors = {"reason": sentence(refusal.code)}
        return render_template("consent/suspend.html", token=token, values={"reason": reason}, errors=errors), 422
    return redirect(url_for("consent.suspended", token=token))


def _asker(opened: Opened) -> Asker:
    """A guardian who said what they are to the child, unless the page for everybody else was used."""
    if opened.guardian.relation is None or request.form.get("asker") == Asker.CARER:
        return Asker.CARER
    return Asker.GUARDIAN


@bp.get("/<token>/suspended")
@limiter.limit("60 per minute")
@open_to(Audience.GUARDIAN)
def suspended(token: str) -> ResponseReturnValue:
    """What happens next, while the story is held."""
    opened = open_link(token)
    if not is_held(opened.story.id):
        return redirect(url_for("consent.read", token=token))
    return render_template("consent/suspended.html", token=token)
