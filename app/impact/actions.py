"""Writing reach down in bulk, and forgetting it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from sqlalchemy import Connection, Executable, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from app import clock
from app.campaigns.models import Campaign
from app.extensions import db
from app.impact.models import Reach
from app.impact.queries import registered_hosts
from app.impact.rules import KEPT_DAYS, NAMELESS, NEW_HOSTS, OTHER, View
from app.stories.lifecycle import State
from app.stories.models import Erasure, Story

ROWS = 500
"""Written at once."""

Key = tuple[date, str, str, str, str]


def add_views(connection: Connection, counts: Mapping[View, int]) -> None:
    """Add to the sums of the days. Several processes may do so at once: each adds to what is there.

    It takes a connection, not the session: nothing that the public sees depends on these rows, so the showcase and its
    epoch stay as they are.
    """
    subjects, sums = _subjects(connection, counts), Counter[Key]()
    named = {day: _named(connection, day, counts) for day in {view.day for view in counts}}
    for view, times in counts.items():
        subject = subjects.get(view.campaign or view.story, "")
        if subject or not (view.campaign or view.story):
            host = view.host if view.host in named[view.day] else OTHER
            sums[view.day, view.place, subject, host, view.language] += times
    rows = [(*key, sums[key]) for key in sorted(sums)]  # in one order, so that no two processes wait for each other
    for start in range(0, len(rows), ROWS):
        connection.execute(_upsert(connection.dialect.name, rows[start : start + ROWS]))


def _subjects(connection: Connection, views: Iterable[View]) -> dict[str, str]:
    """The ids of the campaigns by their slugs, and those of the stories that were not erased meanwhile."""
    slugs, stories = {view.campaign for view in views}, {view.story for view in views}
    campaigns = connection.execute(select(Campaign.slug, Campaign.id).where(Campaign.slug.in_(slugs)))
    known = connection.scalars(select(Story.id).where(Story.id.in_(stories), Story.state != State.ERASED))
    return {row.slug: row.id for row in campaigns} | {story_id: story_id for story_id in known}


def _named(connection: Connection, day: date, counts: Mapping[View, int]) -> set[str]:
    """The sites that keep their names on a day: the registered ones, and of the others as many as there is room for."""
    asked = Counter[str]()
    for view, times in counts.items():
        if view.day == day:
            asked[view.host] += times
    ours = registered_hosts(connection) | set(NAMELESS)
    there = set(connection.scalars(select(Reach.host).where(Reach.day == day).distinct()))
    room = max(0, NEW_HOSTS - len(there - ours))
    new = [host for host, _ in asked.most_common() if host not in ours | there]
    return ours | there | set(new[:room])


def _upsert(dialect: str, rows: Iterable[tuple[object, ...]]) -> Executable:
    """Insert the sums; where one is there already, add to it."""
    names = ("day", "place", "subject", "host", "language", "views")
    values = [dict(zip(names, row, strict=True)) for row in rows]
    statement = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(Reach).values(values)
    views = Reach.__table__.c.views + statement.excluded.views
    added: Executable = statement.on_conflict_do_update(index_elements=list(names[:-1]), set_={"views": views})
    return added


def forget_old_reach() -> None:
    """Drop the days that are older than three years."""
    db.session.execute(delete(Reach).where(Reach.day < clock.now().date() - timedelta(days=KEPT_DAYS)))


def forget_reach_of_erased() -> None:
    """Drop what was counted of stories that were erased."""
    db.session.execute(delete(Reach).where(Reach.subject.in_(select(Erasure.story_id))))
