"""Growing up: from when a young person decides alone, and from when they are asked everything anew.

The two are kept apart. To decide alone opens places, so it waits until nobody stands against it; to be asked anew
closes them when nobody answers, so it waits for nobody, and is never taken back (docs/adr/0006).
"""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Row

from app import clock
from app.adapters import outside
from app.audit.actions import order
from app.people.models import Authority, Guardian, Storyteller
from app.people.profiles import months_of, strictest
from app.people.queries import begin_of, growing_up, has_come, is_unheard, named_for

Named = Row[Guardian, Authority, datetime]


def settle(teller: Storyteller) -> None:
    """Bring what follows from the months that guardians told in line with who decides now, and with today's laws.

    The hook does so whenever somebody comes, goes, or says something about themselves.
    """
    majority = teller.majority_from
    if majority is None:
        return
    own_age, grown_up = map(has_come, growing_up(teller))
    day = _own_age(teller, majority)
    if teller.own_age_from != day:
        if not own_age:
            teller.own_age_clear_seq = None  # what was said before another law counted was not said under it
        teller.own_age_from = day
    rows = named_for(teller.id)
    _ask_anew(teller, rows)
    is_clear = _is_clear(majority, rows)
    if not own_age:
        teller.own_age_clear_seq = _clear_seq(teller.own_age_clear_seq, is_clear=is_clear)
    if not grown_up:
        teller.majority_clear_seq = _clear_seq(teller.majority_clear_seq, is_clear=is_clear)


def _own_age(teller: Storyteller, majority: date) -> date:
    """The day of own age, by the stricter of the laws that count today."""
    return months_of(strictest(teller.country, outside().settings.country), majority)[0]


def _ask_anew(teller: Storyteller, rows: Iterable[Named]) -> None:
    """They are asked anew at every day that somebody has told for good; where that has passed, from now on.

    A day that was told once more asks nobody again, and one that was put too late, by a clock that was ahead, comes
    in time as well.
    """
    named = [row.Guardian for row in rows if row.Guardian.left_out_at is None]
    told = {one.told_majority for one in named if one.told_majority and one.majority_holds_from}
    for day in sorted({day for majority in told for day in (_own_age(teller, majority), majority)}):
        moment = max(begin_of(day), clock.now())
        known = [datetime.fromisoformat(of) for of_day, of in teller.asked_anew if of_day == day.isoformat()]
        if not any(earlier <= moment for earlier in known):
            teller.asked_anew = [*teller.asked_anew, [day.isoformat(), moment.isoformat()]]


def _clear_seq(seq: int | None, *, is_clear: bool) -> int | None:
    """Since which entry of the log it is clear, where it is: numbers, because the clock may be wrong."""
    if not is_clear:
        return None
    return order() if seq is None else seq


def _is_clear(majority: date, rows: Iterable[Named]) -> bool:
    """Whether nobody stands against a month: who holds a key has told it twice, and nobody is waited for."""
    named = [row for row in rows if row.Guardian.left_out_at is None]
    holders = [row for row in named if row.Authority] or named
    told = any(_has_told(row.Guardian, majority) for row in holders)
    return told and not any(_stands_against(row, majority) for row in named)


def _stands_against(row: Named, majority: date) -> bool:
    """Whether one guardian may decide, and was not heard, or has not told this month twice."""
    if row.Authority:
        return not _has_told(row.Guardian, majority)
    return is_unheard(row.Guardian) or row.claimed_at is not None


def _has_told(guardian: Guardian, majority: date) -> bool:
    return guardian.told_majority == majority and guardian.majority_holds_from is not None
