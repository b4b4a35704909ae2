"""The gallery's stories month by month, for search engines: a month never changes its address, and is read alone."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, select

from app.extensions import db
from app.release.queries import TABLE, values_of, visible

MONTH = 7_000
"""Stories of a month that is one part, so that the response cache keeps it; one with more is taken apart into days."""
LARGEST = 50_000
"""Addresses in one part, as sitemaps.org allows."""


class Part(NamedTuple):
    """The stories that were shown first from one day on, before another."""

    first: date
    before: date

    @property
    def name(self) -> str:
        """`2026-03`, or `2026-03-05`."""
        return self.first.isoformat() if self.before - self.first == timedelta(days=1) else f"{self.first:%Y-%m}"


def month_of(day: date) -> Part:
    """The month of a day."""
    first = day.replace(day=1)
    return Part(first, (first + timedelta(days=31)).replace(day=1))


def named(name: str) -> Part | None:
    """The part of this name; None when none is called so."""
    try:
        day = date.fromisoformat(name if len(name) == len("2026-03-05") else f"{name}-01")
        part = month_of(day) if len(name) == len("2026-03") else Part(day, day + timedelta(days=1))
    except (ValueError, OverflowError):
        return None
    return part if part.name == name else None


_DAY = TABLE.shown_on.type
_FROM, _BEFORE = TABLE.shown_on >= bindparam("first", type_=_DAY), TABLE.shown_on < bindparam("before", type_=_DAY)
_NEXT_DAY = visible(TABLE.shown_on).where(_FROM).order_by(TABLE.shown_on).limit(1)
_BEYOND = select(TABLE.story_id).where(TABLE.place == "gallery", _FROM, _BEFORE).offset(bindparam("month")).limit(1)
_STORIES = (
    visible(TABLE.story_id, TABLE.shown_on)
    .where(_FROM, _BEFORE)
    .order_by(TABLE.shown_on, TABLE.story_id)
    .limit(bindparam("largest"))
)


def parts() -> Iterator[Part]:
    """The parts in which there is anything, oldest first: a look for each month, however many stories it has."""
    day = _first_from(date.min)
    while day is not None:
        month = month_of(day)
        if db.session.scalar(_BEYOND, _within(month)) is None:
            yield month
            day = _first_from(month.before)
        else:
            yield Part(day, day + timedelta(days=1))
            day = _first_from(day + timedelta(days=1))


def _within(part: Part) -> dict[str, date | int]:
    return {"first": part.first, "before": part.before, "largest": LARGEST, "month": MONTH}


def _first_from(day: date) -> date | None:
    """The first day from this one on that has a story in the gallery now."""
    found: date | None = db.session.scalar(_NEXT_DAY, values_of({}, "gallery") | {"first": day})
    return found


def shown_in(part: Part) -> list[tuple[str, date]]:
    """The stories of a part that are in the gallery now, with their days."""
    rows = db.session.execute(_STORIES, values_of({}, "gallery") | _within(part))
    return [(row.story_id, row.shown_on) for row in rows]
