"""What the public may ask. Only `showing` is read, and only what is visible at this moment.

Lists are keyset pages: a page costs the same at the head and at the tail of a million stories.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, exists, or_, select, tuple_

from app import clock
from app.consent.rules import CAMPAIGN
from app.extensions import db
from app.people.rules import AgeBand
from app.release.facets import MEDIUM_BITS, THEME_BITS
from app.release.models import Departed, ReleaseEpoch, Showing, ShowingMedia
from app.release.policy import ONLINE, is_online

PAGE = 24
SMALLEST_CELL = 5
"""A filter that would single out fewer children than this shows nothing (security R18)."""

_ONLINE = or_(Showing.place.in_(ONLINE), Showing.place.startswith(CAMPAIGN))
_CURSOR = re.compile(r"(\d{4}-\d{2}-\d{2})~([A-Za-z0-9_-]{22})")


@dataclass(frozen=True)
class Filters:
    """What a visitor narrowed the wall to; an empty word means everything."""

    theme: str = ""
    country: str = ""
    language: str = ""
    medium: str = ""
    age: str = ""

    @classmethod
    def read(cls, values: dict[str, str]) -> "Filters":
        """Filters from query parameters; words that do not exist are ignored."""
        theme, medium, age = values.get("theme", ""), values.get("medium", ""), values.get("age", "")
        return cls(
            theme=theme if theme in THEME_BITS else "",
            country=_word(values.get("country", ""), r"[A-Z]{2}"),
            language=_word(values.get("language", ""), r"[a-z]{2,3}"),
            medium=medium if medium in MEDIUM_BITS else "",
            age=age if age in {band.value for band in AgeBand} else "",
        )

    @property
    def chosen(self) -> dict[str, str]:
        """The filters in use, by name."""
        return {name: value for name, value in vars(self).items() if value}


def _word(value: str, pattern: str) -> str:
    return value if re.fullmatch(pattern, value) else ""


@dataclass(frozen=True)
class Item:
    """A showing as templates print it."""

    story_id: str
    locale: str
    country: str
    age_band: str
    shown_on: date
    body: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        try:
            return self.body[name]
        except KeyError:
            raise AttributeError(name) from None


@dataclass(frozen=True)
class Page:
    """One page of a list; `after` is the cursor of the next one, None at the end."""

    items: list[Item]
    after: str | None
    too_few: bool = False


_COLUMNS = (
    Showing.story_id,
    Showing.locale,
    Showing.country,
    Showing.age_band,
    Showing.shown_on,
    Showing.body,
)


def _item(row: Row[Any]) -> Item:
    return Item(row.story_id, row.locale, row.country, row.age_band, row.shown_on, row.body)


def _visible(statement: Select[Any], place: str, now: datetime) -> Select[Any]:
    return statement.where(Showing.place == place, Showing.visible_from <= now, Showing.visible_until > now)


def _narrowed(statement: Select[Any], filters: Filters) -> Select[Any]:
    if filters.country:
        statement = statement.where(Showing.country == filters.country)
    if filters.language:
        statement = statement.where(Showing.locale == filters.language)
    if filters.age:
        statement = statement.where(Showing.age_band == filters.age)
    if filters.theme:
        statement = statement.where(Showing.theme_mask.bitwise_and(THEME_BITS[filters.theme]) != 0)
    if filters.medium:
        statement = statement.where(Showing.medium_mask.bitwise_and(MEDIUM_BITS[filters.medium]) != 0)
    return statement


def wall(filters: Filters, after: str = "", place: str = "gallery") -> Page:
    """One page of what is shown at `place`, newest first. A cursor that was made up begins at the head."""
    now = clock.now()
    if filters.chosen and _too_few(filters, place, now):
        return Page([], None, too_few=True)
    statement = _narrowed(_visible(select(*_COLUMNS), place, now), filters)
    cursor = _CURSOR.fullmatch(after)
    if cursor is not None:
        key = tuple_(Showing.shown_on, Showing.story_id)
        statement = statement.where(key < (_day(cursor[1]), cursor[2]))
    statement = statement.order_by(Showing.shown_on.desc(), Showing.story_id.desc()).limit(PAGE + 1)
    rows = db.session.execute(statement).all()
    more = f"{rows[PAGE - 1].shown_on}~{rows[PAGE - 1].story_id}" if len(rows) > PAGE else None
    return Page([_item(row) for row in rows[:PAGE]], more)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.max


def _too_few(filters: Filters, place: str, now: datetime) -> bool:
    """Whether a filter singles out fewer children than the smallest cell; some, but too few."""
    statement = _narrowed(_visible(select(Showing.story_id), place, now), filters).limit(SMALLEST_CELL)
    return 0 < len(db.session.execute(statement).all()) < SMALLEST_CELL


def story(story_id: str, places: Sequence[str] = ("gallery",)) -> Item | None:
    """One story, when it is visible now at one of `places`."""
    now = clock.now()
    for place in places:
        row = db.session.execute(_visible(select(*_COLUMNS), place, now).where(Showing.story_id == story_id)).first()
        if row is not None:
            return _item(row)
    return None


def has_departed(story_id: str) -> bool:
    """Whether this story was shown once and was taken back or ran out."""
    if db.session.scalar(select(exists().where(Departed.story_id == story_id))):
        return True
    ran_out = exists().where(Showing.story_id == story_id, _ONLINE, Showing.visible_until <= clock.now())
    return bool(db.session.scalar(select(ran_out)))


def in_campaign(campaign_id: str, place: str = "campaign") -> list[Item]:
    """A campaign's stories in the curator's order; with `place="embed"` only those other sites may show too."""
    now = clock.now()
    statement = _visible(select(*_COLUMNS), CAMPAIGN + campaign_id, now).order_by(Showing.position, Showing.story_id)
    if place == "embed":
        elsewhere = _visible(select(Showing.story_id), "embed", now)
        statement = statement.where(Showing.story_id.in_(elsewhere))
    return [_item(row) for row in db.session.execute(statement)]


def media(name: str) -> ShowingMedia | None:
    """A public file, while its story is visible at a place that has an address."""
    now = clock.now()
    statement = select(ShowingMedia).where(
        ShowingMedia.name == name,
        exists().where(
            Showing.story_id == ShowingMedia.story_id,
            _ONLINE,
            Showing.visible_from <= now,
            Showing.visible_until > now,
        ),
    )
    return db.session.scalar(statement)


def places_now(story_id: str) -> list[str]:
    """Where a story is visible at this moment."""
    now = clock.now()
    statement = select(Showing.place).where(
        Showing.story_id == story_id, Showing.visible_from <= now, Showing.visible_until > now
    )
    return sorted(db.session.scalars(statement))


def is_online_now(story_id: str) -> bool:
    """Whether a story's files can be fetched at this moment."""
    return any(is_online(place) for place in places_now(story_id))


def epoch() -> int:
    """The showcase's version; every cache of a public answer is keyed by it."""
    return db.session.scalar(select(ReleaseEpoch.value)) or 0
