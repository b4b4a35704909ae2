"""Keeping what archives are told of each story, in the transaction that changes it (see `ArchiveRecord`).

What time alone will change is written ahead, so that an expiry needs no job here either.
"""

from collections.abc import Mapping

from sqlalchemy import delete, insert, select

from app import clock
from app.extensions import db
from app.release.models import ArchiveRecord
from app.release.rules import Span, turns


def keep_records(story_id: str, windows: Mapping[str, Span]) -> None:
    """Something that archives can learn of a story has changed now: tell them, or that it is gone."""
    now = clock.now()
    mine = ArchiveRecord.story_id == story_id
    was_there = db.session.scalar(
        select(~ArchiveRecord.gone)
        .where(mine, ArchiveRecord.since <= now)
        .order_by(ArchiveRecord.since.desc())
        .limit(1)
    )
    plan = turns(windows, now)
    tells_now = bool(plan) and plan[0][0] == now
    if was_there and not tells_now:
        plan, tells_now = [(now, True), *plan], True
    outdated = mine if tells_now else mine & (ArchiveRecord.since > now)
    db.session.execute(delete(ArchiveRecord).where(outdated).execution_options(synchronize_session=False))
    if plan:
        rows = [{"story_id": story_id, "since": at, "told_on": at.date(), "gone": gone} for at, gone in plan]
        db.session.execute(insert(ArchiveRecord), rows)
