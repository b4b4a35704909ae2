"""Somebody near the child fears a risk: the story is held, and a lead decides within a day."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext

from app import clock
from app.adapters.queue import rollback
from app.audit.actions import record
from app.audit.rules import Verb
from app.errors import Invalid
from app.extensions import db
from app.people.permissions import Permission
from app.people.queries import staff_names
from app.safeguarding.actions import decide_suspension, find_risk
from app.safeguarding.models import Suspension
from app.safeguarding.queries import case_after, is_held, suspension_reason, suspensions_of, under_case
from app.safeguarding.rules import Level
from app.stories.models import Story
from app.web.forms import many_lines, one_of
from app.web.guard import Audience, open_to
from app.web.login import me
from app.web.safeguarding import bp
from app.web.safeguarding.shared import find, is_shown_now, story_of
from app.web.transaction import writes
from app.web.words import sentence


@bp.get("/suspensions/<suspension_id>")
@open_to(Audience.STAFF, Permission.CASE_HANDLE)
@writes
def suspension(suspension_id: str) -> str:
    """One suspension: who asked, why, and the story."""
    return _show(find(Suspension, suspension_id), "", None, {})


def _show(found: Suspension, worry: str, level: Level | None, errors: dict[str, LazyString]) -> str:
    record(me().id, Verb.SUSPENSION_VIEWED, found.story_id, suspension=found.id)
    told = story_of(found)
    return render_template(
        "safeguarding/suspension.html",
        suspension=found,
        reason=suspension_reason(found) if told["it"] else "",
        case=case_after(found),
        names=staff_names({found.seen_by or "", found.decided_by or ""}),
        now=clock.now(),
        also_held=len(suspensions_of(found.story_id)) > 1 or bool(under_case([found.story_id])),
        worry=worry,
        level=level,
        errors=errors,
        **told,
    )


@bp.post("/suspensions/<suspension_id>/end")
@open_to(Audience.STAFF, Permission.CASE_HANDLE)
@writes
def end_suspension(suspension_id: str) -> ResponseReturnValue:
    """There is no risk: the story is shown again wherever it may be, unless something else holds it."""
    found = find(Suspension, suspension_id)
    decide_suspension(me().id, found)
    if is_held(found.story_id):
        flash(gettext("The suspension has ended. The story stays held: there is another one, or an open case."), "info")
    elif not is_shown_now(db.session.get_one(Story, found.story_id)):
        flash(gettext("The suspension has ended. The story is shown nowhere now, and not for that reason."), "info")
    else:
        flash(gettext("The suspension has ended. The story is shown again wherever it was allowed."), "good")
    return redirect(url_for("safeguarding.cases"), 303)


@bp.post("/suspensions/<suspension_id>/case")
@open_to(Audience.STAFF, Permission.CASE_HANDLE)
@writes
def open_case_instead(suspension_id: str) -> ResponseReturnValue:
    """There is a risk: a case takes over, and the story is held without a moment in between."""
    found, worry, level = find(Suspension, suspension_id), many_lines("worry"), one_of("level", Level)
    try:
        if level is None:
            raise Invalid("level", "level")
        case = find_risk(me().id, found, level, worry)
    except Invalid as refusal:
        rollback()
        return _show(find(Suspension, suspension_id), worry, level, {refusal.field or "worry": sentence(refusal.code)})
    flash(gettext("A case is open. The story stays held until it is closed."), "good")
    return redirect(url_for("safeguarding.case", case_id=case.id), 303)
