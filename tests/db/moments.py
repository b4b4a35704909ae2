"""What a life looks at: the rows that are shown, and the moments at which an answer could change."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from app import clock
from app.consent.models import TextRelease
from app.consent.rules import SILENCE_LASTS
from app.extensions import db
from app.release import elsewhere
from app.release.models import Showing
from app.release.terms import Facts

INSTANT = timedelta(microseconds=1)
ARCHIVED = {"gallery", "embed", "archive"}
"""Where a story must be open for archives to be told of it."""


def ask_only_the_first_texts() -> None:
    """As in a deployment from before the second texts."""
    db.session.execute(delete(TextRelease).execution_options(stories_are_touched=True))
    for text_id in ("child", "guardian"):
        db.session.add(TextRelease(text_id=text_id, version=1, major=True, published_at=clock.now(), digests={}))
    db.session.flush()


def shown_rows(story_id: str) -> dict[str, tuple[datetime, datetime]]:
    """The windows of a story, by place, as the showcase holds them."""
    columns = (Showing.place, Showing.visible_from, Showing.visible_until)
    rows = db.session.execute(select(*columns).where(Showing.story_id == story_id))
    return {row.place: (row.visible_from, row.visible_until) for row in rows}


def sounds_in(story_id: str) -> int:
    """How many recordings of a story may be heard at any of its places."""
    bodies = db.session.scalars(select(Showing.body).where(Showing.story_id == story_id)).all()
    return sum(len(sound["sources"]) for body in bodies for sound in body.get("sounds", []))


def interesting(now: datetime, facts: Facts, rows: dict[str, tuple[datetime, datetime]]) -> Iterator[datetime]:
    """The present, and both sides of every moment at which an answer could change."""
    turns = {now, *(moment for span in rows.values() for moment in span)}
    turns |= {moment for dates in facts.campaigns.values() for moment in dates if moment is not None}
    turns |= {key.until for key in facts.keys if key.until is not None}
    said = [*facts.child.values(), *(given for key in facts.keys for given in key.said.values())]
    turns |= {given.expires_at for given in said if given.expires_at is not None}
    turns |= {facts.shown_from} if facts.shown_from else set()
    turns |= {anew.begins + SILENCE_LASTS for anew in facts.asked_anew}
    for turn in turns:
        yield turn
        yield turn - INSTANT


def misinformed(story_id: str, now: datetime) -> Iterator[datetime]:
    """The moments from `now` on at which an archive is told something else of a story than the showcase says."""
    rows = shown_rows(story_id)
    turns = {now, *(moment for span in rows.values() for moment in span)}
    for moment in sorted(turns | {turn - INSTANT for turn in turns}):
        with clock.fixed(moment):
            told = elsewhere.record(story_id)
        shown = {place for place, (opens, closes) in rows.items() if opens <= moment < closes}
        if moment >= now and (told is not None and not told.gone) != (shown >= ARCHIVED):
            yield moment
