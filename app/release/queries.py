"""What the public may ask. Only `showing` is read, and only what is visible at this moment.

Lists are keyset pages: a page costs the same at the head and at the tail of a million stories.
"""

import json
import re
from collections.abc import Sequence, Sized
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Label, Select, Text, bindparam, cast, exists, or_, select, tuple_

from app import clock
from app.consent.rules import CAMPAIGN
from app.extensions import db
from app.people.rules import AgeBand
from app.release.facets import MEDIUM_BITS, THEME_BITS
from app.release.models import Departed, LeftCampaign, ReleaseEpoch, Showing, ShowingMedia, Unhung
from app.release.policy import ONLINE, is_online
from app.release.reading import Question
from app.release.rules import COUNTS

PAGE, MORE = 24, 3
NEAR = 400
"""How many of the newest stories are looked through for others of a theme: a seldom one costs no more than any."""
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


class _Row(NamedTuple):
    story_id: str
    locale: str
    country: str
    age_band: str
    shown_on: date
    printed: str


class Item(_Row):
    """A showing as templates print it. `printed` is what is printed of it as JSON, decoded only when it is read."""

    @cached_property
    def body(self) -> dict[str, Any]:
        """What is printed: on a list as much as a tile shows, for one story everything."""
        body: dict[str, Any] = json.loads(self.printed)
        return body

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


TABLE = Showing.__table__.c
"""Plain columns: a list is read without making objects of the mapper out of its rows."""


def _columns(printed: Any) -> tuple[Any, ...]:
    text: Label[str] = cast(printed, Text).label("printed")
    return (TABLE.story_id, TABLE.locale, TABLE.country, TABLE.age_band, TABLE.shown_on, text)


TILE, WHOLE = _columns(TABLE.tile), _columns(TABLE.body)


def open_now(table: Any) -> tuple[ColumnElement[bool], ...]:
    """The rows that are visible at the moment `:now`."""
    now = bindparam("now", type_=TABLE.visible_from.type)
    return (table.visible_from <= now, table.visible_until > now)


def visible(*columns: Any) -> Select[Any]:
    """These columns of what is visible at the place `:place` at the moment `:now`."""
    return select(*columns).where(TABLE.place == bindparam("place"), *open_now(TABLE))


def also_at(place: str) -> ColumnElement[bool]:
    """Whether the same story is visible at this place as well, at the moment `:now`."""
    other = Showing.__table__.alias().c
    return exists().where(other.place == place, other.story_id == TABLE.story_id, *open_now(other))


NARROWED = {
    "country": TABLE.country == bindparam("country"),
    "language": TABLE.locale == bindparam("language"),
    "age": TABLE.age_band == bindparam("age"),
    "theme": TABLE.theme_mask.bitwise_and(bindparam("theme")) != 0,
    "medium": TABLE.medium_mask.bitwise_and(bindparam("medium")) != 0,
}
_BITS = {"theme": THEME_BITS, "medium": MEDIUM_BITS}
FURTHER = tuple_(TABLE.shown_on, TABLE.story_id) < tuple_(
    bindparam("day", type_=TABLE.shown_on.type), bindparam("story")
)


@lru_cache
def _wall_question(chosen: tuple[str, ...], further: bool) -> Question:
    """A page of the wall, narrowed by these filters; `further` on than `:day` and `:story`."""
    statement = visible(*TILE).where(*(NARROWED[name] for name in chosen))
    if further:
        statement = statement.where(FURTHER)
    return Question(statement.order_by(TABLE.shown_on.desc(), TABLE.story_id.desc()).limit(PAGE + 1))


@lru_cache
def _cell_question(chosen: tuple[str, ...]) -> Question:
    """As many stories of one cell as make it large enough to be shown."""
    return Question(visible(TABLE.story_id).where(*(NARROWED[name] for name in chosen)).limit(SMALLEST_CELL))


def values_of(chosen: dict[str, str], place: str) -> dict[str, Any]:
    """What the parameters of a statement stand for: `:place`, `:now`, and the filters of these names."""
    values: dict[str, Any] = {"place": place, "now": clock.now()}
    return values | {name: _BITS[name][word] if name in _BITS else word for name, word in chosen.items()}


def wall(filters: Filters, after: str = "", place: str = "gallery") -> Page:
    """One page of what is shown at `place`, newest first. A cursor that was made up begins at the head."""
    chosen = filters.chosen
    values = values_of(chosen, place)
    cursor = _CURSOR.fullmatch(after)
    further = {"day": _day(cursor[1]), "story": cursor[2]} if cursor else {}
    rows = _wall_question(tuple(chosen), bool(further)).ask(**values, **further)
    if chosen and too_few(_cell_question(tuple(chosen)).ask(**values) if further else rows):
        return Page([], None, too_few=True)
    items = [Item(*row) for row in rows[:PAGE]]
    return Page(items, f"{items[-1].shown_on}~{items[-1].story_id}" if len(rows) > PAGE else None)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.max


def too_few(rows: Sized) -> bool:
    """Whether a filter singles out fewer children than the smallest cell; some, but too few."""
    return 0 < len(rows) < SMALLEST_CELL


_NEWEST_FIRST = (TABLE.shown_on.desc(), TABLE.story_id.desc())
_NEAR = visible(TABLE.story_id, TABLE.shown_on, TABLE.theme_mask).order_by(*_NEWEST_FIRST).limit(NEAR).subquery().c
_ALIKE = (
    select(_NEAR.story_id)
    .where(_NEAR.theme_mask.bitwise_and(bindparam("theme")) != 0)
    .order_by(_NEAR.shown_on.desc(), _NEAR.story_id.desc())
    .limit(SMALLEST_CELL)
)
_SHARING = Question(visible(*TILE).where(TABLE.story_id.in_(_ALIKE)).order_by(*_NEWEST_FIRST))


def sharing_theme(item: Item) -> list[Item]:
    """The newest others of the gallery with a story's first theme; none where that would single children out."""
    if not item.themes:
        return []
    rows = _SHARING.ask(**values_of({"theme": item.themes[0]}, "gallery"))
    others = [other for other in map(Item._make, rows) if other.story_id != item.story_id]
    return others[:MORE] if len(rows) == SMALLEST_CELL else []


_ONE = visible(*WHOLE).where(TABLE.story_id == bindparam("story"))


def story(story_id: str, places: Sequence[str] = ("gallery",)) -> Item | None:
    """One story, when it is visible now at one of `places`."""
    now = clock.now()
    for place in places:
        row = db.session.execute(_ONE, {"place": place, "now": now, "story": story_id}).first()
        if row is not None:
            return Item(*row)
    return None


def has_departed(story_id: str) -> bool:
    """Whether this story was taken back and is not shown now, or ran out somewhere."""
    return is_taken_back(story_id) or _ran_out(story_id, _ONLINE)


def is_taken_back(story_id: str) -> bool:
    """Whether this story was taken back, and nothing shows it since. A campaign that closed takes nothing back."""
    departed = select(exists().where(Departed.story_id == story_id))
    return bool(db.session.scalar(departed)) and not is_online_now(story_id)


def _ran_out(story_id: str, where: ColumnElement[bool]) -> bool:
    ran_out = exists().where(Showing.story_id == story_id, where, Showing.visible_until <= clock.now())
    return bool(db.session.scalar(select(ran_out)))


def has_left_campaign(story_id: str, place: str) -> bool:
    """Whether a story that a campaign does not show now was taken back there, or everywhere, or ran out there."""
    if db.session.get(LeftCampaign, (place, story_id)) is not None or is_taken_back(story_id):
        return True
    return _ran_out(story_id, Showing.place == place)


def has_left_gallery(story_id: str) -> bool:
    """Whether this story hung in the gallery once and does not now, even where a campaign shows it."""
    if shown_at("gallery", [story_id]):
        return False
    left = db.session.scalar(select(exists().where(Unhung.story_id == story_id)))
    return bool(left) or _ran_out(story_id, Showing.place == "gallery") or is_taken_back(story_id)


_CAMPAIGN = visible(*TILE).order_by(TABLE.position, TABLE.story_id)
_CAMPAIGN_ELSEWHERE = _CAMPAIGN.where(also_at("embed"))


def in_campaign(campaign_id: str, place: str = "campaign") -> list[Item]:
    """A campaign's stories in the curator's order; with `place="embed"` only those other sites may show too."""
    statement = _CAMPAIGN_ELSEWHERE if place == "embed" else _CAMPAIGN
    rows = db.session.execute(statement, {"place": CAMPAIGN + campaign_id, "now": clock.now()})
    return [Item(*row) for row in rows]


def shown_at(place: str, story_ids: Sequence[str]) -> set[str]:
    """Those of these stories that are visible now at `place`."""
    statement = visible(TABLE.story_id).where(TABLE.story_id.in_(story_ids))
    return set(db.session.scalars(statement, {"place": place, "now": clock.now()}))


def tellers_of(items: Sequence[Item]) -> dict[str, str]:
    """Who told each of those of these stories that everybody lets be part of a number now: numbers count children."""
    statement = visible(TABLE.story_id, TABLE.teller).where(TABLE.story_id.in_([item.story_id for item in items]))
    rows = db.session.execute(statement, {"place": COUNTS, "now": clock.now()})
    return {row.story_id: row.teller for row in rows}


def may_stand_for_others(item: Item) -> bool:
    """Whether a picture of this story may be shown where nobody opened it: a content note always comes first."""
    return bool(item.body["images"]) and "notes" not in item.body


_HERO = Question(visible(*TILE).where(TABLE.story_id == bindparam("story"), also_at("gallery")))


def hero(campaign_id: str, story_id: str | None) -> Item | None:
    """The story whose picture stands for a campaign, on pages around it: while the campaign and the gallery show it.

    None as well where a content note stands before the picture.
    """
    rows = _HERO.ask(place=CAMPAIGN + campaign_id, story=story_id, now=clock.now()) if story_id else []
    return next((item for row in rows if may_stand_for_others(item := Item(*row))), None)


class File(NamedTuple):
    """A public file: where it lies, and what an answer says about it."""

    name: str
    story_id: str
    media_type: str
    size: int
    sha256: str
    anywhere: bool
    """Whether other sites may show it too."""


_FILES = ShowingMedia.__table__.c
_AT_EMBED = exists().where(TABLE.story_id == _FILES.story_id, TABLE.place == "embed", *open_now(TABLE))
_FILE: list[Any] = [*(_FILES[name] for name in File._fields[:-1]), _AT_EMBED]
_MEDIA = select(*_FILE).where(
    _FILES.name == bindparam("name"),
    exists().where(TABLE.story_id == _FILES.story_id, _ONLINE, *open_now(TABLE)),
)


_ALL_FILES = select(_FILES.story_id, _FILES.name).where(
    exists().where(TABLE.story_id == _FILES.story_id, _ONLINE, *open_now(TABLE))
)


def files_online() -> set[tuple[str, str]]:
    """Every file that can be fetched at this moment: the id of its story, and its name."""
    return {(row.story_id, row.name) for row in db.session.execute(_ALL_FILES, {"now": clock.now()})}


def media(name: str) -> File | None:
    """A public file, while its story is visible at a place that has an address."""
    row = db.session.execute(_MEDIA, {"name": name, "now": clock.now()}).first()
    return File(*row) if row is not None else None


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
