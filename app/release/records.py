"""Keeping what archives are told of each story, in the transaction that changes it (see `ArchiveRecord`).

What time alone will change is written ahead, so that an expiry needs no job here either.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, insert, select

from app import clock
from app.extensions import db
from app.release.models import ArchiveRecord
from app.release.notices import windows_of
from app.release.rules import Span, is_open, lent, turns
from app.stories.models import Story


def correct_records() -> int:
    """Tell archives what is gone of that which they were last told is there; how many stories that were.

    After a restore the showcase is made anew: what it does not show again was never taken out of it.
    """
    now = clock.now()
    there = select(ArchiveRecord.story_id).where(ArchiveRecord.since <= now, ~ArchiveRecord.gone)
    stories = select(Story.id).where(Story.id.in_(there)).order_by(Story.id).with_for_update(key_share=True)
    told = {story_id: windows_of(story_id) for story_id in db.session.scalars(stories).all()}
    wrong = {one: windows for one, windows in told.items() if not is_open(lent(windows), now) and _was_there(one, now)}
    for story_id, windows in sorted(wrong.items()):
        keep_records(story_id, windows)
    return len(wrong)


def keep_records(story_id: str, windows: Mapping[str, Span]) -> None:
    """Something that archives can learn of a story has changed now: tell them, or that it is gone."""
    now = clock.now()
    mine = ArchiveRecord.story_id == story_id
    plan = turns(windows, now)
    tells_now = bool(plan) and plan[0][0] == now
    if not tells_now and _was_there(story_id, now):
        plan, tells_now = [(now, True), *plan], True
    outdated = mine if tells_now else mine & (ArchiveRecord.since > now)
    db.session.execute(delete(ArchiveRecord).where(outdated).execution_options(synchronize_session=False))
    if plan:
        rows = [{"story_id": story_id, "since": at, "told_on": at.date(), "gone": gone} for at, gone in plan]
        db.session.execute(insert(ArchiveRecord), rows)


def _was_there(story_id: str, now: datetime) -> bool:
    """Whether an archive was last told that it is there."""
    told = select(ArchiveRecord.gone).where(ArchiveRecord.story_id == story_id, ArchiveRecord.since <= now)
    return db.session.scalar(told.order_by(ArchiveRecord.since.desc()).limit(1)) is False
