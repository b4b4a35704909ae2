"""Reach as it may be told: sums, with what is too little to be told left out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.campaigns.models import Campaign, EmbeddingSite
from app.campaigns.queries import chosen_for
from app.consent.rules import CAMPAIGN
from app.extensions import db
from app.impact.models import Reach
from app.impact.rules import NAMELESS, Place, by_stretch, host_of, step_of, stretches, told
from app.release.exhibits import HALLS
from app.release.models import Showing
from app.release.rules import EMBED

Cells = list[tuple[str, int | None]]
"""Names with their views; None for "fewer than 10"."""


@dataclass(frozen=True)
class Figures:
    """The reach of a time, as it may be told."""

    first: date
    last: date
    step: int
    total: int | None
    stretches: list[tuple[date, int | None]]
    places: Cells
    hosts: Cells
    languages: Cells
    campaigns: Cells
    """By id; empty for the reach of one campaign."""


class Been(NamedTuple):
    """Where a story has been: on how many websites, and in how many exhibitions."""

    websites: int
    exhibitions: int


def figures(last: date, days: int, campaign_id: str = "") -> Figures:
    """What was counted up to `last`, of everything or of one campaign."""
    firsts, step = stretches(last, days), step_of(days)
    when = and_(Reach.day >= firsts[0], Reach.day <= last)
    where = and_(when, Reach.subject == campaign_id) if campaign_id else when
    by_day = [(day, views) for day, views in _sums(Reach.day, where)]
    counted = list(by_stretch(by_day, firsts, step))
    of_campaigns = and_(where, Reach.subject.in_(select(Campaign.id)))
    cells = {
        "places": _sums(Reach.place, where),
        "hosts": _sums(Reach.host, and_(where, Reach.host != "")),
        "languages": _sums(Reach.language, where),
        "campaigns": [] if campaign_id else _sums(Reach.subject, of_campaigns),
    }
    return Figures(
        first=firsts[0],
        last=last,
        step=step,
        total=told(sum(views for _, views in by_day)),
        stretches=[(first, told(views)) for first, views in counted],
        **{name: _told(found) for name, found in cells.items()},
    )


def _sums(column: InstrumentedAttribute[Any], where: ColumnElement[bool]) -> Sequence[tuple[Any, int]]:
    """Views by a column, most first."""
    views = func.sum(Reach.views)
    statement = select(column, views).where(where).group_by(column).order_by(views.desc(), column)
    return [(row[0], int(row[1])) for row in db.session.execute(statement)]


def _told(cells: Iterable[tuple[str, int]]) -> Cells:
    """As it may be told, most first; what looks the same stands by name, because an order tells as well."""
    found = [(str(name), told(views)) for name, views in cells]
    return sorted(found, key=lambda cell: (-(cell[1] or 0), cell[0]))


def been(story_id: str) -> Been:
    """Where a story has been: in frames of its own, and wherever a campaign was that shows it there.

    A browser says which site a frame stands on, and whoever is no browser can say anything. So a site that nobody
    registered counts from as many views on as are told of it.
    """
    since = {row.place: row.shown_on for row in db.session.execute(_shown(story_id))}
    campaigns = [key for key in chosen_for(story_id) if CAMPAIGN + key in since]
    framed, hung = ([_since(key, since, place) for key in campaigns] for place in (EMBED, HALLS))
    own = and_(Reach.subject == story_id, Reach.place == Place.EMBED)
    on_sites = or_(own, *(_at(Place.EMBED, *one) for one in framed if one))
    known = registered_hosts(db.session.connection())
    sites = [
        host
        for host, views in _sums(Reach.host, and_(on_sites, Reach.host.not_in(NAMELESS)))
        if host in known or told(views) is not None
    ]
    in_halls = or_(false(), *(_at(Place.PRINT, *one) for one in hung if one))
    return Been(len(sites), len(_sums(Reach.subject, and_(in_halls, Reach.subject != ""))))


def registered_hosts(connection: Connection) -> set[str]:
    """The sites that somebody of the team wrote down: for all stories, or for a campaign."""
    origins = set(connection.scalars(select(EmbeddingSite.origin)))
    origins.update(*connection.scalars(select(Campaign.embedding_sites)))
    return {host_of(origin) for origin in origins}


def _shown(story_id: str) -> Any:
    return select(Showing.place, Showing.shown_on).where(Showing.story_id == story_id)


def _since(campaign_id: str, since: dict[str, date], place: str) -> tuple[str, date] | None:
    """A campaign, and from when on it showed the story at a place too; None if it does not."""
    return (campaign_id, max(since[CAMPAIGN + campaign_id], since[place])) if place in since else None


def _at(place: Place, campaign_id: str, since: date) -> ColumnElement[bool]:
    return and_(Reach.place == place, Reach.subject == campaign_id, Reach.day >= since)
