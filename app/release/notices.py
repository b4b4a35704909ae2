"""Which sites must be told that a story is no longer theirs to show: one notice for each, written with the change.

Nobody is told that a story merely left a campaign, because a newer one came, a curator changed their mind, or its last
day passed: nobody took it back, and frames show themselves anew. When other sites may not show it at all any more,
every site is told; of a no to a campaign alone, those that could show it there at that moment.

`follow_showing` runs inside the transaction that changed the showcase. An expiry changes no row, so that its notices
are made by the sweeper: `follow_expiries`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, or_, select

from app import clock
from app.adapters.queue import later
from app.campaigns.queries import active_sites, campaigns_by_origin
from app.consent.rules import CAMPAIGN
from app.extensions import db
from app.release.facts import facts_of
from app.release.models import ExpiryWatch, Showing, TakedownNotice
from app.release.policy import verdict
from app.release.rules import EMBED, Span, ended, framed_at, to_be_told
from app.release.terms import ALWAYS
from app.stories.models import Story

OVERLAP = timedelta(hours=1)
"""How far the sweeper looks again behind itself, for transactions that were still open when it passed."""


def follow_showing(story_id: str, before: Mapping[str, Span], after: Mapping[str, Span]) -> None:
    """Write, or close, the notices that a change of a story's windows asks for."""
    now = clock.now()
    living, over = _living(story_id), ended(before, after, now)
    allowed = _allowed(story_id, after, {*over, *(place for notice in living for place in notice.places)}, now)
    for notice in living:
        _drop(notice, allowed)
    gone = {place: at for place, at in over.items() if place not in allowed}
    if gone:
        waiting = {notice.site_id: notice for notice in living if _is_open(notice)}
        _notice_all(story_id, gone, waiting, now)


def _allowed(story_id: str, windows: Mapping[str, Span], places: Iterable[str], now: datetime) -> set[str]:
    """Those of these places, and of those where it is shown, at which nobody keeps other sites from showing a story.

    While it is open to them at all, a campaign that would show it, had it chosen it and were it running, is one.
    """
    shown = framed_at(windows, now)
    left = {place for place in places if place.startswith(CAMPAIGN)} - shown
    if EMBED not in shown or not left:
        return shown
    opened = {place.removeprefix(CAMPAIGN): (ALWAYS, None) for place in left}
    facts = replace(facts_of(db.session.get_one(Story, story_id)), campaigns=opened)
    return shown | {place for place in left if verdict(facts, place, now).allowed}


_LIVING = (
    select(TakedownNotice)
    .where(TakedownNotice.story_id == bindparam("story"), TakedownNotice.closed_at.is_(None))
    .order_by(TakedownNotice.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)


def _living(story_id: str) -> list[TakedownNotice]:
    """What sites were told about a story that is not shown there again."""
    return list(db.session.scalars(_LIVING, {"story": story_id}))


def _is_open(notice: TakedownNotice) -> bool:
    return notice.acknowledged_at is None and notice.closed_at is None


def drop_allowed(notice: TakedownNotice) -> None:
    """Take the places at which the story may be shown at this moment out of a notice; one without places is over."""
    now = clock.now()
    _drop(notice, _allowed(notice.story_id, windows_of(notice.story_id), notice.places, now))


def _drop(notice: TakedownNotice, allowed: set[str]) -> None:
    """It is over whether the site was told so far or not: nobody chases what may be shown."""
    notice.places = [place for place in notice.places if place not in allowed]
    if not notice.places:
        _end(notice)


def _end(notice: TakedownNotice) -> None:
    notice.closed_at, notice.next_attempt_at, notice.token_sealed = clock.now(), None, None


def _notice_all(
    story_id: str, gone: Mapping[str, datetime], waiting: Mapping[str, TakedownNotice], now: datetime
) -> None:
    """One open notice for each site that could show what is gone; where more ends, a newer one says it all."""
    allowed, noticed = campaigns_by_origin(), _last_noticed(story_id)
    fresh = []
    for site in active_sites():
        new = {place: at for place, at in gone.items() if at == now or at > noticed.get(site.id, site.registered_at)}
        places = to_be_told(new, allowed.get(site.origin, set()), site.registered_at)
        older = waiting.get(site.id)
        if older is not None and not set(places) <= set(older.places):
            places = sorted({*places, *older.places})
            _end(older)
        if places and (older is None or not _is_open(older)):
            fresh.append(TakedownNotice(story_id=story_id, site_id=site.id, places=places))
    db.session.flush()  # what is over makes room for what is open
    db.session.add_all(fresh)
    db.session.flush()
    for notice in fresh:
        later("release.tell_site", notice.id)


def _last_noticed(story_id: str) -> dict[str, datetime]:
    """When each site had its last notice about a story: what ran out before then has been told."""
    newest = func.max(TakedownNotice.created_at)
    statement = select(TakedownNotice.site_id, newest.label("at")).where(TakedownNotice.story_id == story_id)
    return {row.site_id: row.at for row in db.session.execute(statement.group_by(TakedownNotice.site_id))}


def windows_of(story_id: str) -> dict[str, Span]:
    """When a story is shown, by place, as the showcase holds it."""
    statement = select(Showing.place, Showing.visible_from, Showing.visible_until).where(Showing.story_id == story_id)
    return {row.place: (row.visible_from, row.visible_until) for row in db.session.execute(statement)}


def follow_expiries() -> None:
    """Write the notices of the showings that ran out since the last time."""
    watch, now = db.session.get_one(ExpiryWatch, 1, with_for_update=True, populate_existing=True), clock.now()
    ran_out = (
        select(Showing.story_id)
        .where(Showing.visible_until > min(watch.seen_until, now) - OVERLAP, Showing.visible_until <= now)
        .where(or_(Showing.place == EMBED, Showing.place.startswith(CAMPAIGN)))
    )
    stories = select(Story.id).where(Story.id.in_(ran_out)).order_by(Story.id).with_for_update(key_share=True)
    for story_id in db.session.scalars(stories).all():
        windows = windows_of(story_id)
        follow_showing(story_id, windows, windows)
    watch.seen_until = now
