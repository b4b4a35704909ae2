"""Growing up: from when a young person decides alone, and from when they are asked everything anew.

The two are kept apart. To decide alone opens places, so it waits until nobody stands against it; to be asked anew
closes them when nobody answers, so it waits for nobody, and what has come is not taken back (docs/adr/0006).
"""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Row

from app import clock
from app.adapters import outside
from app.people.models import Authority, Guardian, Storyteller
from app.people.profiles import months_of, strictest
from app.people.queries import asked_anew, begin_of, is_unheard, named_for

Named = Row[Guardian, Authority, datetime]


def settle(teller: Storyteller) -> None:
    """Bring what follows from the months that guardians told in line with who decides now, and with today's laws.

    The hook does so whenever somebody comes, goes, or says something about themselves. What was set while the clock
    was ahead is put right.
    """
    if teller.majority_from is None:
        return
    own_age_from = _own_age(teller, teller.majority_from)
    if teller.own_age_from != own_age_from:
        teller.own_age_from = own_age_from
    rows = named_for(teller.id)
    anew = [moment.isoformat() for moment in _moments(teller, rows)]
    if teller.asked_anew != anew:
        teller.asked_anew = anew
    own_age_clear_at = _clear_at(own_age_from, teller.own_age_clear_at, teller.majority_from, rows)
    majority_clear_at = _clear_at(teller.majority_from, teller.majority_clear_at, teller.majority_from, rows)
    if (teller.own_age_clear_at, teller.majority_clear_at) != (own_age_clear_at, majority_clear_at):
        teller.own_age_clear_at, teller.majority_clear_at = own_age_clear_at, majority_clear_at


def _own_age(teller: Storyteller, majority: date) -> date:
    """The day of own age, by the stricter of the laws that count today."""
    return months_of(strictest(teller.country, outside().settings.country), majority)[0]


def _moments(teller: Storyteller, rows: Iterable[Named]) -> list[datetime]:
    """When they are asked anew: at every day that somebody has told for good, and at those that came before."""
    come = {moment for moment in asked_anew(teller) if moment <= clock.now()}
    told = {
        max(begin_of(day), row.Guardian.majority_holds_from)
        for row in rows
        if row.Guardian.left_out_at is None and row.Guardian.majority_holds_from and row.Guardian.told_majority
        for day in (_own_age(teller, row.Guardian.told_majority), row.Guardian.told_majority)
    }
    return sorted(come | told)


def _clear_at(day: date, clear_at: datetime | None, majority: date, rows: Iterable[Named]) -> datetime | None:
    """Since when nobody stands against a day: those who hold a key have told the month twice, and nobody is waited for.

    Once it has come, nobody takes it away by naming somebody else.
    """
    named = [row for row in rows if row.Guardian.left_out_at is None]
    holders = [row for row in named if row.Authority] or named
    if not any(_has_told(row.Guardian, majority) for row in holders):
        return None
    until = max(begin_of(day), clear_at) if clear_at else None
    if any(_stands_against(row, majority) for row in rows if until is None or row.Guardian.created_at <= until):
        return None
    return min(clear_at or clock.now(), clock.now())


def _stands_against(row: Named, majority: date) -> bool:
    """Whether one guardian may decide, and was not heard, or has not told this month twice."""
    if row.Authority:
        return not _has_told(row.Guardian, majority)
    return is_unheard(row.Guardian) or row.claimed_at is not None


def _has_told(guardian: Guardian, majority: date) -> bool:
    return guardian.told_majority == majority and guardian.majority_holds_from is not None
