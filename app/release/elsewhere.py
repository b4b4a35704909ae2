"""What programs and archives may take: stories that the gallery and other sites may both show at this moment.

Whatever asks here puts a story into other people's hands, so it is stricter than the pages of our own. Archives learn
only of those that everybody also lets them keep: see `release.rules.lent`.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple, cast

from sqlalchemy import Select, bindparam, exists, select, tuple_

from app import clock
from app.campaigns.models import CampaignItem
from app.consent.rules import CAMPAIGN
from app.errors import Gone, NotFound
from app.extensions import db
from app.release import search
from app.release.models import ArchiveRecord, Showing, Unframed
from app.release.queries import (
    FURTHER,
    NARROWED,
    SMALLEST_CELL,
    TABLE,
    WHOLE,
    Filters,
    Item,
    also_at,
    has_left_gallery,
    is_taken_back,
    open_now,
    story as story_at,
    too_few,
    values_of,
    visible,
)

GALLERY, EMBED = "gallery", "embed"
_LENT = also_at(EMBED)


class Place(NamedTuple):
    """Where in a list one stands: what it is ordered by, and the story, unless the order is enough."""

    by: date | int
    story_id: str


class Stretch(NamedTuple):
    """Some of a list; `last` is where the next begins, None at the end."""

    items: list[Item]
    last: Place | None
    too_few: bool = False


@lru_cache
def _listed(chosen: tuple[str, ...], further: bool) -> Select[Any]:
    statement = visible(*WHOLE).where(_LENT, *(NARROWED[name] for name in chosen), *[FURTHER] * further)
    return statement.order_by(TABLE.shown_on.desc(), TABLE.story_id.desc()).limit(bindparam("limit"))


@lru_cache
def _cell(chosen: tuple[str, ...]) -> Select[Any]:
    return visible(TABLE.story_id).where(_LENT, *(NARROWED[name] for name in chosen)).limit(SMALLEST_CELL)


def listed(filters: Filters, after: Place | None, limit: int) -> Stretch:
    """At most `limit` whole stories, newest first; none of a cell in which a child could be recognised."""
    chosen = filters.chosen
    values = values_of(chosen, GALLERY)
    if chosen and too_few(db.session.execute(_cell(tuple(chosen)), values).all()):
        return Stretch([], None, too_few=True)
    if after is not None:
        values |= {"day": after.by, "story": after.story_id}
    rows = db.session.execute(_listed(tuple(chosen), after is not None), values | {"limit": limit + 1}).all()
    items = [Item(*row) for row in rows[:limit]]
    return Stretch(items, Place(items[-1].shown_on, items[-1].story_id) if len(rows) > limit else None)


def found(query: str, filters: Filters, after: Place | None, limit: int) -> Stretch:
    """The same of the stories that have every word of a query, which holds at least one."""
    items, last, few = search.lent(query, filters, cast("int", after.by) if after else None, limit)
    return Stretch(items, None if last is None else Place(last, ""), few)


_SOME = visible(*WHOLE).where(_LENT, TABLE.story_id.in_(bindparam("stories", expanding=True)))


def stories(story_ids: Iterable[str]) -> dict[str, Item]:
    """Those of these stories that may be taken, by their ids."""
    values = values_of({}, GALLERY) | {"stories": list(story_ids)}
    return {row.story_id: Item(*row) for row in db.session.execute(_SOME, values)}


_IN_CAMPAIGN = (
    visible(TABLE.story_id, TABLE.position)
    .where(_LENT, also_at(GALLERY))
    .where(tuple_(TABLE.position, TABLE.story_id) > tuple_(bindparam("position"), bindparam("story")))
    .order_by(TABLE.position, TABLE.story_id)
    .limit(bindparam("limit"))
)


def in_campaign(campaign_id: str, after: Place | None, limit: int) -> Stretch:
    """At most `limit` whole stories of a campaign, in the curator's order."""
    position, story_id = after or (-1, "")
    values = values_of({}, CAMPAIGN + campaign_id) | {"position": position, "story": story_id, "limit": limit + 1}
    rows = db.session.execute(_IN_CAMPAIGN, values).all()
    found = stories(row.story_id for row in rows[:limit])
    items = [found[row.story_id] for row in rows[:limit] if row.story_id in found]  # one may have left meanwhile
    return Stretch(items, Place(rows[limit - 1].position, rows[limit - 1].story_id) if len(rows) > limit else None)


def story(story_id: str) -> Item:
    """One story. Raises `Gone` for one that could be taken before, or had an address; `NotFound` for any other."""
    found = stories([story_id]).get(story_id)
    if found is None:
        raise Gone if _was_framed(story_id) or has_left_gallery(story_id) else NotFound
    return found


def framed(story_id: str) -> Item:
    """One story as other sites may hold it in a frame, whether the gallery shows it or not. Raises as `story` does."""
    found = story_at(story_id, (EMBED,))
    if found is None:
        raise Gone if _was_framed(story_id) or is_taken_back(story_id) else NotFound
    return found


def _was_framed(story_id: str) -> bool:
    return bool(db.session.scalar(_WAS_FRAMED, {"story": story_id, "place": EMBED, "now": clock.now()}))


_WAS_FRAMED = select(
    exists().where(Unframed.story_id == bindparam("story"))
    | exists().where(
        TABLE.story_id == bindparam("story"),
        TABLE.place == bindparam("place"),
        TABLE.visible_until <= bindparam("now", type_=TABLE.visible_until.type),
    )
)


_NAMES = select(Showing.story_id, Showing.place).where(
    Showing.story_id.in_(bindparam("stories", expanding=True)),
    Showing.place.in_(bindparam("places", expanding=True)),
    *open_now(Showing),
)


def campaigns_of(story_ids: Sequence[str], campaign_ids: Iterable[str]) -> dict[str, list[str]]:
    """In which of these campaigns each story is shown now."""
    places = [CAMPAIGN + campaign_id for campaign_id in campaign_ids]
    found: dict[str, list[str]] = {story_id: [] for story_id in story_ids}
    for row in db.session.execute(_NAMES, {"stories": story_ids, "places": places, "now": clock.now()}):
        found[row.story_id].append(row.place.removeprefix(CAMPAIGN))
    return found


class Record(NamedTuple):
    """What an archive is told of a story now, and since which day."""

    story_id: str
    told_on: date
    gone: bool


_RECORDS = ArchiveRecord.__table__.c
_NEWER = ArchiveRecord.__table__.alias("newer").c
_NOW = bindparam("now", type_=_RECORDS.since.type)
_CURRENT = select(*(_RECORDS[name] for name in Record._fields)).where(
    _RECORDS.since <= _NOW,
    ~exists().where(_NEWER.story_id == _RECORDS.story_id, _NEWER.since > _RECORDS.since, _NEWER.since <= _NOW),
)
_ONE_RECORD = _CURRENT.where(_RECORDS.story_id == bindparam("story"))


def record(story_id: str) -> Record | None:
    """What is told of one story; None when it could never be taken."""
    row = db.session.execute(_ONE_RECORD, {"story": story_id, "now": clock.now()}).first()
    return Record(*row) if row is not None else None


@lru_cache
def _harvest(in_campaign: bool) -> Select[Any]:
    day = _RECORDS.told_on.type
    statement = _CURRENT.where(
        tuple_(_RECORDS.told_on, _RECORDS.story_id) > tuple_(bindparam("day", type_=day), bindparam("story")),
        _RECORDS.told_on <= bindparam("until", type_=day),
    )
    if in_campaign:
        chosen = select(CampaignItem.story_id).where(CampaignItem.campaign_id == bindparam("campaign"))
        shown = exists().where(TABLE.story_id == _RECORDS.story_id, TABLE.place == bindparam("place"), *open_now(TABLE))
        statement = statement.where(_RECORDS.story_id.in_(chosen), shown | _RECORDS.gone)
    return statement.order_by(_RECORDS.told_on, _RECORDS.story_id).limit(bindparam("limit"))


def records(since: date, until: date, campaign_id: str, after: Place | None, limit: int) -> tuple[list[Record], bool]:
    """At most `limit` records that were told from one day to another, oldest first; and whether there are more.

    With a campaign only of the stories it shows now, and of those it was to show that are gone.
    """
    now, (day, story_id) = clock.now(), after or Place(since, "")
    values: dict[str, Any] = {"day": day, "story": story_id, "until": min(until, now.date()), "limit": limit + 1}
    values |= {"now": now, "campaign": campaign_id, "place": CAMPAIGN + campaign_id}
    rows = db.session.execute(_harvest(bool(campaign_id)), values).all()
    return [Record(*row) for row in rows[:limit]], len(rows) > limit


def first_day() -> date:
    """The day before which no archive was told anything."""
    oldest = select(_RECORDS.told_on).where(_RECORDS.since <= clock.now()).order_by(_RECORDS.told_on).limit(1)
    return db.session.scalar(oldest) or clock.now().date()
