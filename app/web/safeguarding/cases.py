"""The open cases by urgency; one case with its story, its worry and its way out."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext

from app import clock
from app.adapters import outside
from app.adapters.queue import rollback
from app.audit.actions import record
from app.audit.rules import Verb
from app.errors import Invalid
from app.extensions import db
from app.people.permissions import Permission
from app.people.profiles import Reporting, profile
from app.people.queries import staff_names
from app.safeguarding import queries
from app.safeguarding.actions import close_case, erase_story, unlock
from app.safeguarding.models import Case
from app.stories.actions import can_undo_erasure, undo_erasure
from app.stories.models import Story
from app.stories.queries import leaving_among
from app.stories.rules import ERASE_UNDO_DAYS, who_erases
from app.web.forms import many_lines, only_fields
from app.web.guard import Audience, open_to
from app.web.login import me
from app.web.safeguarding import bp
from app.web.safeguarding.shared import find, story_of
from app.web.transaction import writes
from app.web.words import sentence

MISTAKEN = "mistaken"
"""What the button says that closes a case of an illegal image which was none."""


@bp.get("")
@open_to(Audience.STAFF, Permission.CASE_HANDLE)
@writes
def cases() -> str:
    """Every open case and suspension, the first to fall due on top. What a story disclosed is not on this page."""
    open_cases = queries.open_cases()
    return render_template(
        "safeguarding/cases.html",
        cases=open_cases,
        leaving=leaving_among(case.story_id for case in open_cases),
        going=queries.leaving_by_lead(),
        suspensions=queries.open_suspensions(),
        now=clock.now(),
    )


@bp.get("/<case_id>")
@open_to(Audience.STAFF, Permission.CASE_HANDLE)
@writes
def case(case_id: str) -> str:
    """One case."""
    return _show(find(Case, case_id), {})


@bp.post("/<case_id>/close")
@open_to(Audience.STAFF, Permission.CASE_HANDLE)
@writes
def close(case_id: str) -> ResponseReturnValue:
    """Close a case, saying what was decided. The story's hold ends with its last open case."""
    only_fields("outcome", "what")
    found, outcome = find(Case, case_id, lock=True), many_lines("outcome")
    mistaken = request.form.get("what") == MISTAKEN
    if mistaken and found.closed_at is not None:
        unlock(me().id, found)
        flash(gettext("The picture is unlocked. The story is reviewed and shown like any other."), "good")
        return redirect(url_for("safeguarding.case", case_id=case_id), 303)
    try:
        close_case(me().id, found, outcome, mistaken=mistaken)
    except Invalid as refusal:
        rollback()
        return _show(find(Case, case_id), {"outcome": sentence(refusal.code)})
    flash(gettext("The case is closed."), "good")
    return redirect(url_for("safeguarding.cases"), 303)


@bp.post("/<case_id>/erase")
@open_to(Audience.STAFF, Permission.CASE_HANDLE)
@writes
def erase(case_id: str) -> ResponseReturnValue:
    """Erase the story of a case, saying why: nobody sees it from now on, and there are days to think."""
    only_fields("reason")
    try:
        erase_story(me(), find(Case, case_id), many_lines("reason"))
    except Invalid as refusal:
        rollback()
        return _show(find(Case, case_id), {"reason": sentence(refusal.code)})
    flash(gettext("Nobody sees the story any more, and it will be erased. Until then a lead can stop it here."), "good")
    return redirect(url_for("safeguarding.case", case_id=case_id), 303)


@bp.post("/<case_id>/undo-erase")
@open_to(Audience.STAFF, Permission.CASE_HANDLE)
@writes
def undo_erase(case_id: str) -> ResponseReturnValue:
    """A lead thought again; any of them may."""
    only_fields()
    undo_erasure(db.session.get_one(Story, find(Case, case_id).story_id), me().role, me().id)
    flash(gettext("The story stays. It is shown only where everybody's answers allow it."), "good")
    return redirect(url_for("safeguarding.case", case_id=case_id), 303)


def _show(found: Case, errors: dict[str, LazyString]) -> str:
    record(me().id, Verb.CASE_VIEWED, found.story_id, case=found.id)
    told = story_of(found)
    story = told["story"]
    country = story.storyteller.country
    return render_template(
        "safeguarding/case.html",
        case=found,
        worry=queries.worry(found) if told["it"] else "",
        outcome=queries.outcome(found) if told["it"] else "",
        names=staff_names({found.opened_by, found.closed_by or ""}),
        help=profile(country).help,
        reporting=_reporting(country),
        now=clock.now(),
        asked_by=who_erases(story.erase_asked_by),
        can_stop=can_undo_erasure(story, me().role, me().id),
        days=ERASE_UNDO_DAYS,
        reason=queries.erasure_reason(found) if told["it"] else "",
        typed={name: many_lines(name) for name in ("outcome", "reason")},
        errors=errors,
        **told,
    )


def _reporting(country: str) -> list[tuple[str, Reporting]]:
    """The duties of the child's country, and those of the deployment's, which bind the team besides."""
    countries = [code for code in dict.fromkeys((country, outside().settings.country)) if code] or [country]
    return [(code, profile(code).reporting) for code in countries]
