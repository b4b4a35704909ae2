"""Where a story stands for one guardian: what still waits, where it is shown, and what is missing for the rest.

In words that blame nobody. Of what another guardian answered, no more is seen than what the verdict needs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from babel.dates import format_skeleton
from flask_babel import get_locale

from app import clock
from app.adapters import outside
from app.consent.queries import said_in_todays_words
from app.consent.rules import Given, confirms, said_once
from app.people.actions import may_tell_again
from app.people.growing import grew_up
from app.people.queries import keys_to
from app.release.consensus import about_place, judge
from app.release.facts import facts_of
from app.release.policy import decides_alone, scope_of
from app.release.terms import Facts, Key, Reason
from app.web.consent.link import Opened
from app.web.guardian_words import DECIDES_ALONE, REASONS_FOR_GUARDIAN, REASONS_OF_MINE
from app.web.verdicts import verdict_rows


def waiting(opened: Opened) -> dict[str, Given]:
    """By scope, what this guardian said once and has not said again, about the version there is now."""
    return said_once(said_in_todays_words(opened.story.id, opened.guardian.id), opened.story.current)


def to_confirm(opened: Opened) -> dict[str, Given]:
    """What of it can be said for good by the link that was opened: it was made long enough after."""
    wait = outside().settings.confirm_after
    return {
        scope: given
        for scope, given in waiting(opened).items()
        if confirms(given, scope, given.value, opened.story.current, opened.link_made_at, clock.now(), wait)
    }


@dataclass(frozen=True)
class Month:
    """A month, as a form sends it and as the page says it."""

    typed: str
    words: str


def month_to_tell_again(opened: Opened) -> Month | None:
    """The month of the 18th birthday that was told once, and can be told for good by the link that was opened."""
    guardian, has_grown_up = opened.guardian, grew_up(opened.story.storyteller)
    if has_grown_up or guardian.told_majority is None or not may_tell_again(guardian, opened.link_made_at):
        return None
    last_day = guardian.told_majority - timedelta(days=1)
    return Month(f"{last_day:%Y-%m}", format_skeleton("yMMMM", last_day, locale=get_locale()))


def rows_for(opened: Opened) -> list[dict[str, Any]]:
    """Where the story can be seen now, place by place, and why not, as this guardian is told."""
    facts, now = facts_of(opened.story), clock.now()
    holders = [held.guardian_id for held in keys_to(opened.story.storyteller_id)]
    mine = next((key for holder, key in zip(holders, facts.keys, strict=True) if holder == opened.guardian.id), None)
    rows = verdict_rows(opened.story, REASONS_FOR_GUARDIAN, for_family=True)
    for row in rows:
        alone = decides_alone(facts, row["place"])
        missing = None if alone else _missing(facts, mine, row["place"], now)
        row["reasons"] = [str(DECIDES_ALONE)] * alone + list(_words(row["codes"], missing))
    return rows


def _missing(facts: Facts, mine: Key | None, place: str, now: datetime) -> Reason | None:
    """What is missing in this guardian's own answer about a place."""
    if mine is None:
        return None
    reason, opens, closes = judge(facts, mine, about_place(scope_of(place), recognisable=False))
    return None if opens <= now < closes else reason


def _words(reasons: Iterable[Reason], mine: Reason | None) -> dict[str, None]:
    """The reasons in words; the reader's own missing answer first, wherever it is a guardian's that is missing."""
    others = [str(REASONS_FOR_GUARDIAN[reason]) for reason in reasons if reason != mine]
    if mine is not None and any(reason in REASONS_OF_MINE for reason in reasons):
        others.insert(0, str(REASONS_OF_MINE[mine]))
    return dict.fromkeys(others)
