"""Whoever helps the family sees that the child is distressed, or somebody at risk: the story is not shown for now.

They are not shown the story for that, and not told whether anybody else had asked.
"""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.audit.rules import Verb
from app.errors import Invalid, NotFound
from app.extensions import limiter
from app.people.permissions import Permission
from app.safeguarding.actions import suspend_at_desk
from app.safeguarding.rules import Why
from app.stories.models import Story
from app.web.consent_desk import bp
from app.web.consent_desk.children import brake, look_up
from app.web.consent_desk.desk import show_child
from app.web.forms import many_lines, one_of, only_fields
from app.web.guard import Audience, open_to
from app.web.login import me
from app.web.transaction import look_again, writes
from app.web.words import sentence

WRONG = 422


@bp.post("/<reference>/suspend")
@brake
@limiter.limit("20 per minute")
@open_to(Audience.STAFF, Permission.CONSENT_TAKE)
@writes
def suspend(reference: str) -> ResponseReturnValue:
    """Hold the child's story at once; a lead decides within a day."""
    only_fields("why", "reason")
    story, why = look_up(reference, lock=True), one_of("why", Why)
    if story is None:
        raise NotFound
    try:
        if why is None:
            raise Invalid("suspend_why", "why")
        is_new = suspend_at_desk(me(), story, why, many_lines("reason"))
    except Invalid as refusal:
        return _again(story, refusal), WRONG
    if is_new:
        flash(gettext("The story is not shown now. A safeguarding lead decides within 24 hours."), "good")
    else:
        flash(gettext("The story is stopped already, and the lead was told the same before."), "info")
    return redirect(url_for("consent_desk.desk", reference=story.storyteller.reference), 303)


def _again(story: Story, refusal: Invalid) -> str:
    """The page of the child as it was, with everything that was chosen and typed."""
    look_again(me().id, Verb.REFERENCE_LOOKED_UP, story.storyteller_id)
    values = {"why": request.form.get("why", ""), "reason": many_lines("reason")}
    return show_child(story, values, {refusal.field or "reason": sentence(refusal.code)})
