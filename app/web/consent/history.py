"""Everything this guardian ever answered, in order, and what each answer changed."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from flask import render_template
from flask_babel import LazyString, lazy_gettext as _

from app.consent.queries import campaign_titles
from app.consent.rules import Method
from app.extensions import limiter
from app.people.queries import decides_about_all
from app.web.consent import bp
from app.web.consent.link import Opened, has_yes, open_link
from app.web.consent.receipt import Line, line_of, rows_of
from app.web.guard import Audience, open_to

METHODS: dict[Method, LazyString] = {
    Method.LINK: _("By a private link"),
    Method.PAPER: _("On a printed form"),
    Method.VOICE: _("By a recorded voice"),
    Method.LIVE: _("In a call"),
}


@dataclass(frozen=True)
class Change:
    """One answer, and the one before it, where there was one."""

    line: Line
    before: Line | None


@dataclass(frozen=True)
class Act:
    """What was answered at one moment."""

    at: datetime
    method: LazyString
    changes: list[Change]


@bp.get("/<token>/history")
@limiter.limit("60 per minute")
@open_to(Audience.GUARDIAN)
def history(token: str) -> str:
    """The page."""
    opened = open_link(token, late=True)
    return render_template(
        "consent/history.html",
        token=token,
        acts=acts_of(opened),
        any_yes=has_yes(opened),
        can_erase=decides_about_all(opened.guardian),
    )


def acts_of(opened: Opened) -> list[Act]:
    """The ledger of one guardian, one act after the other."""
    titles, said = campaign_titles(opened.guardian.locale), dict[str, Line]()
    acts = []
    for (at, method), rows in groupby(rows_of(opened), key=attrgetter("answered_at", "method")):
        changes = []
        for row in rows:
            line = line_of(row, titles)
            changes.append(Change(line, said.get(row.scope)))
            said[row.scope] = line
        acts.append(Act(at, METHODS[method], changes))
    return acts
