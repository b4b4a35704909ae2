"""The open cases by urgency; one case with its story, its worry and its way out."""

import re

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext

from app import clock
from app.adapters import outside
from app.adapters.queue import rollback
from app.audit.actions import record
from app.audit.rules import Verb
from app.errors import Invalid, NotFound
from app.extensions import db
from app.people.permissions import Permission
from app.people.profiles import Reporting, profile
from app.people.queries import staff_names
from app.safeguarding import queries
from app.safeguarding.actions import close_case
from app.safeguarding.models import Case
from app.stories.lifecycle import State
from app.stories.models import Story
from app.web.forms import many_lines
from app.web.guard import Audience, open_to
from app.web.inspection import inspect
from app.web.login import me
from app.web.safeguarding import bp
from app.web.transaction import writes
from app.web.verdicts import verdict_rows
from app.web.words import REASONS, sentence

_ID = re.compile(r"[A-Za-z0-9_-]{22}")


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
    return _show(find_case(case_id), "", {})


@bp.post("/<case_id>/close")
@open_to(Audience.STAFF, Permission.CASE_HANDLE)
@writes
def close(case_id: str) -> ResponseReturnValue:
    """Close a case, saying what was decided. The story's hold ends with its last open case."""
    outcome = many_lines("outcome")
    try:
        close_case(me().id, find_case(case_id, lock=True), outcome)
    except Invalid as refusal:
        rollback()
        return _show(find_case(case_id), outcome, {"outcome": sentence(refusal.code)})
    flash(gettext("The case is closed."), "good")
    return redirect(url_for("safeguarding.cases"), 303)


def find_case(case_id: str, *, lock: bool = False) -> Case:
    """A case by its id. Raises `NotFound`."""
    found = db.session.get(Case, case_id, with_for_update=lock or None) if _ID.fullmatch(case_id) else None
    if found is None:
        raise NotFound
    return found


def _show(found: Case, typed: str, errors: dict[str, LazyString]) -> str:
    story = db.session.get_one(Story, found.story_id)
    erased = story.state is State.ERASED
    record(me().id, Verb.CASE_VIEWED, story.id, case=found.id)
    return render_template(
        "safeguarding/case.html",
        case=found,
        story=story,
        it=None if erased else inspect(me(), story),
        places=[] if erased else verdict_rows(story, REASONS),
        worry="" if erased else queries.worry(found),
        outcome="" if erased else queries.outcome(found),
        names=staff_names({found.opened_by, found.closed_by or ""}),
        help=profile(story.storyteller.country).help,
        reporting=_reporting(story.storyteller.country),
        now=clock.now(),
        typed=typed,
        errors=errors,
    )


def _reporting(country: str) -> list[tuple[str, Reporting]]:
    """The duties of the child's country, and those of the deployment's, which bind the team besides."""
    countries = [code for code in dict.fromkeys((country, outside().settings.country)) if code] or [country]
    return [(code, profile(code).reporting) for code in countries]
