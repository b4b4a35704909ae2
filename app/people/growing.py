"""Growing up: from when a young person decides alone, and from when they are asked everything anew.

The two are kept apart. To decide alone opens places, so it waits until nobody stands against it; to be asked anew
closes them when nobody answers, so it waits for nobody, and is never taken back (docs/adr/0006).
"""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Row, select

from app import clock
from app.adapters import outside
from app.adapters.queue import commit
from app.audit.actions import order
from app.extensions import db
from app.people.line import lock_stories_of
from app.people.models import Authority, Guardian, Storyteller
from app.people.profiles import months_of, strictest
from app.people.queries import askings, begin_of, coming, is_unheard, named_for
from app.people.rules import Asking

BATCH = 100
Named = Row[Guardian, Authority, datetime]


def settle(teller: Storyteller) -> None:
    """Bring what follows from the months that guardians told in line with who decides now, and with today's laws.

    The hook does so whenever somebody comes, goes, or says something about themselves.
    """
    majority = teller.majority_from
    if majority is None:
        return
    _follow_law(teller, _own_age(teller, majority))
    rows = named_for(teller.id)
    _ask_anew(teller, rows)
    is_clear = _is_clear(majority, rows)
    if not stays(teller.own_age_clear_seq, teller.own_age_came_seq):
        teller.own_age_clear_seq = _clear_seq(teller.own_age_clear_seq, is_clear=is_clear)
    if not stays(teller.majority_clear_seq, teller.majority_came_seq):
        teller.majority_clear_seq = _clear_seq(teller.majority_clear_seq, is_clear=is_clear)


def stays(clear_seq: int | None, came_seq: int | None) -> bool:
    """Whether they decide alone for good: the day has come, and nobody stood against it."""
    return clear_seq is not None and came_seq is not None


def grew_up(teller: Storyteller) -> bool:
    """Whether they decide alone for good about anything."""
    return stays(teller.own_age_clear_seq, teller.own_age_came_seq) or stays(
        teller.majority_clear_seq, teller.majority_came_seq
    )


def note_what_has_come() -> None:
    """See which days have come, by a clock that is sure, and write down after which entry of the log they did."""
    for teller in db.session.scalars(select(Storyteller).where(coming()).limit(BATCH)).all():
        lock_stories_of(teller.id)
        db.session.refresh(teller, with_for_update=True)
        settle(teller)
        today, seq = clock.now().date(), order()
        if teller.own_age_from and teller.own_age_from <= today:
            teller.own_age_came_seq = teller.own_age_came_seq or seq
        if teller.majority_from and teller.majority_from <= today:
            teller.majority_came_seq = teller.majority_came_seq or seq
        _keep(teller, [_seen(asking, seq) for asking in askings(teller)])
        commit(outside().queue)


def _follow_law(teller: Storyteller, day: date) -> None:
    """The day of own age is another one: what was said until now was said under another law.

    An earlier day leaves what has come; a later one takes it away until it comes.
    """
    before = teller.own_age_from
    if before == day:
        return
    teller.own_age_from = day
    if before is not None and day > before:
        teller.own_age_came_seq = None
    if teller.own_age_clear_seq is not None:
        teller.own_age_clear_seq = order()


def _own_age(teller: Storyteller, majority: date) -> date:
    """The day of own age, by the stricter of the laws that count today."""
    return months_of(strictest(teller.country, outside().settings.country), majority)[0]


def _ask_anew(teller: Storyteller, rows: Iterable[Named]) -> None:
    """They are asked anew at every day that somebody has told for good; where that has passed, from now on.

    A day that was told once more asks nobody again, and one that was put too late, by a clock that was ahead, comes
    in time as well.
    """
    asked, now = askings(teller), clock.now()
    named = [row.Guardian for row in rows if row.Guardian.left_out_at is None]
    told = {one.told_majority for one in named if one.told_majority and one.majority_holds_from}
    for day in sorted({day for majority in told for day in (_own_age(teller, majority), majority)}):
        begins = max(begin_of(day), now)
        if not any(known.day == day and known.begins <= begins for known in asked):
            asked.append(Asking(day, begins, order() if begins == now else None))
    _keep(teller, asked)


def _seen(asking: Asking, seq: int) -> Asking:
    """The same, seen to have come where it has."""
    return asking._replace(came_seq=seq) if asking.came_seq is None and asking.begins <= clock.now() else asking


def _keep(teller: Storyteller, asked: list[Asking]) -> None:
    written = [asking.written for asking in asked]
    if written != teller.asked_anew:
        teller.asked_anew = written
    teller.asked_next = min((asking.begins for asking in asked if asking.came_seq is None), default=None)


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
