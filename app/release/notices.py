"""Which sites must be told that a story is no longer theirs to show: one notice for each, written with the change.

`follow_showing` runs inside the transaction that changed the showcase. An expiry changes no row, so that its notices
are made by the sweeper: `follow_expiries`.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import aliased

from app import clock
from app.adapters.queue import later
from app.campaigns.models import EmbeddingSite
from app.campaigns.queries import active_sites, campaigns_by_origin
from app.consent.rules import CAMPAIGN
from app.extensions import db
from app.release.models import OPEN, Showing, TakedownNotice
from app.release.rules import EMBED, Span, ended, framed_at, to_be_told
from app.stories.models import Story

LOOK_BACK = timedelta(days=30)
"""How long after an expiry the sweeper still makes its notices: longer than any worker stays away."""


def follow_showing(story_id: str, before: Mapping[str, Span], after: Mapping[str, Span]) -> None:
    """Write, or close, the notices that a change of a story's windows asks for."""
    now = clock.now()
    _close(story_id, framed_at(after, now))
    gone = ended(before, after, now)
    if not gone:
        return
    allowed = campaigns_by_origin()
    for site in active_sites():
        fresh = {place: at for place, at in gone.items() if at == now or not _was_noticed(story_id, site, at)}
        places = to_be_told(fresh, allowed.get(site.origin, set()), site.registered_at)
        if places:
            _notice(story_id, site, places)


def _close(story_id: str, shown: set[str]) -> None:
    """Whatever is shown again need not be taken away, whether the site was told so far or not."""
    statement = select(TakedownNotice).where(TakedownNotice.story_id == story_id, TakedownNotice.closed_at.is_(None))
    for notice in _locked(statement):
        drop_shown_again(notice, shown)


def drop_shown_again(notice: TakedownNotice, shown: set[str]) -> None:
    """Take the places at which the story can be shown again out of a notice; one without places is over."""
    notice.places = [place for place in notice.places if place not in shown]
    if not notice.places:
        _end(notice)


def _end(notice: TakedownNotice) -> None:
    notice.closed_at, notice.next_attempt_at, notice.token_sealed = clock.now(), None, None


def _was_noticed(story_id: str, site: EmbeddingSite, at: datetime) -> bool:
    """Whether the site has had a notice since a showing ran out."""
    since = exists().where(
        TakedownNotice.story_id == story_id, TakedownNotice.site_id == site.id, TakedownNotice.created_at >= at
    )
    return bool(db.session.scalar(select(since)))


def _notice(story_id: str, site: EmbeddingSite, places: list[str]) -> None:
    """The one open notice for a story and a site; where more ends before it is over, a new one says it all."""
    statement = select(TakedownNotice).where(
        TakedownNotice.story_id == story_id, TakedownNotice.site_id == site.id, OPEN
    )
    for older in _locked(statement):
        if set(places) <= set(older.places):
            return
        places = sorted({*places, *older.places})
        _end(older)
    db.session.flush()
    notice = TakedownNotice(story_id=story_id, site_id=site.id, places=places)
    db.session.add(notice)
    db.session.flush()
    later("release.tell_site", notice.id)


def _locked(statement: Select[TakedownNotice]) -> Iterable[TakedownNotice]:
    ordered = statement.order_by(TakedownNotice.id).with_for_update()
    return db.session.scalars(ordered, execution_options={"populate_existing": True}).all()


def windows_of(story_id: str) -> dict[str, Span]:
    """When a story is shown, by place, as the showcase holds it."""
    statement = select(Showing.place, Showing.visible_from, Showing.visible_until).where(Showing.story_id == story_id)
    return {row.place: (row.visible_from, row.visible_until) for row in db.session.execute(statement)}


def follow_expiries() -> None:
    """Write the notices of the showings that ran out since they were last looked for."""
    ids = sorted(set(_ran_out(clock.now())))
    stories = select(Story.id).where(Story.id.in_(ids)).order_by(Story.id).with_for_update(key_share=True)
    for story_id in db.session.scalars(stories).all():
        windows = windows_of(story_id)
        follow_showing(story_id, windows, windows)


def _ran_out(now: datetime) -> Iterator[str]:
    """Stories that some site could show until a moment that has passed, and was not told about since."""
    allowed = campaigns_by_origin()
    for site in active_sites():
        places = [EMBED, *(CAMPAIGN + campaign_id for campaign_id in allowed.get(site.origin, set()))]
        yield from db.session.scalars(_ran_out_at(site, places, now))


def _ran_out_at(site: EmbeddingSite, places: list[str], now: datetime) -> Select[str]:
    """A campaign's frame counts while the story's `embed` is open; where that ends first, its own row is found."""
    embed = aliased(Showing)
    told = exists().where(
        TakedownNotice.story_id == Showing.story_id,
        TakedownNotice.site_id == site.id,
        TakedownNotice.created_at >= Showing.visible_until,
    )
    return (
        select(Showing.story_id)
        .join(embed, (embed.story_id == Showing.story_id) & (embed.place == EMBED))
        .where(
            Showing.place.in_(places),
            Showing.visible_until >= max(now - LOOK_BACK, site.registered_at),
            Showing.visible_until <= now,
            Showing.visible_until <= embed.visible_until,
            Showing.visible_until > embed.visible_from,
            ~told,
        )
    )
