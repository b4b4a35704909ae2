"""The open cases by urgency; one case with its story, its worry and its way out."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext

from app import clock
from app.adapters import outside
from app.adapters.queue import rollback
from app.audit.actions import record
from app.audit.rules import Verb
from app.errors import Invalid
from app.people.permissions import Permission
from app.people.profiles import Reporting, profile
from app.people.queries import staff_names
from app.safeguarding import queries
from app.safeguarding.actions import close_case
from app.safeguarding.models import Case
from app.web.forms import many_lines
from app.web.guard import Audience, open_to
from app.web.login import me
from app.web.safeguarding import bp
from app.web.safeguarding.shared import find, story_of
from app.web.transaction import writes
from app.web.words import sentence


@bp.get("")
@open_to(Audience.STAFF, Permission.CASE_HANDLE)
@writes
def cases() -> str:
    """Every open case and suspension, the first to fall due on top. What a story disclosed is not on this page."""
    return render_template(
        "safeguarding/cases.html",
        cases=queries.open_cases(),
        suspensions=queries.open_suspensions(),
        now=clock.now(),
    )


@bp.get("/<case_id>")
@open_to(Audience.STAFF, Permission.CASE_HANDLE)
@writes
def case(case_id: str) -> str:
    """One case."""
    return _show(find(Case, case_id), "", {})


@bp.post("/<case_id>/close")
@open_to(Audience.STAFF, Permission.CASE_HANDLE)
@writes
def close(case_id: str) -> ResponseReturnValue:
    """Close a case, saying what was decided. The story's hold ends with its last open case."""
    outcome = many_lines("outcome")
    try:
        close_case(me().id, find(Case, case_id, lock=True), outcome)
    except Invalid as refusal:
        rollback()
        return _show(find(Case, case_id), outcome, {"outcome": sentence(refusal.code)})
    flash(gettext("The case is closed."), "good")
    return redirect(url_for("safeguarding.cases"), 303)


def _show(found: Case, typed: str, errors: dict[str, LazyString]) -> str:
    record(me().id, Verb.CASE_VIEWED, found.story_id, case=found.id)
    told = story_of(found)
    country = told["story"].storyteller.country
    return render_template(
        "safeguarding/case.html",
        case=found,
        worry=queries.worry(found) if told["it"] else "",
        outcome=queries.outcome(found) if told["it"] else "",
        names=staff_names({found.opened_by, found.closed_by or ""}),
        help=profile(country).help,
        reporting=_reporting(country),
        now=clock.now(),
        typed=typed,
        errors=errors,
        **told,
    )


def _reporting(country: str) -> list[tuple[str, Reporting]]:
    """The duties of the child's country, and those of the deployment's, which bind the team besides."""
    countries = [code for code in dict.fromkeys((country, outside().settings.country)) if code] or [country]
    return [(code, profile(code).reporting) for code in countries]
