"""Following a change of what the rule reads and no row holds: settings, and the profiles of countries.

Such a change comes with a start of the product, so the start asks for it. The showcase is brought in line in handfuls,
each a transaction of its own: first what is shown and may have to go dark at once, then everything else. How far it got
is a row, so processes share the work, and one that is killed has lost a handful.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select

from app import clock
from app.adapters import outside
from app.errors import Conflict
from app.extensions import db
from app.people.models import Storyteller
from app.people.profiles import profiles, strict
from app.release.facts import is_joint
from app.release.models import PolicyFingerprint, Showing
from app.release.projection import move_epoch, reproject
from app.release.records import correct_records
from app.release.rules import Phase
from app.stories.lifecycle import State
from app.stories.models import Story

HANDFUL = 100
RULE = 3
"""Counts up when the rule itself changes what the showcase holds of a story."""


def fingerprint() -> str:
    """SHA-256 of the rule's number, and every setting and every line of a profile that `facts` reads."""
    settings = outside().settings
    joint = {found.country: found.joint.below for found in (*profiles().values(), strict()) if found.joint}
    read = {"rule": RULE, "country": settings.country, "cooling_off": settings.cooling_off_minutes, "joint": joint}
    return hashlib.sha256(json.dumps(read, sort_keys=True).encode()).hexdigest()


def follow(begun: bool = False) -> Phase:
    """Bring the next handful of stories in line, in the current transaction; what is still to be done afterwards.

    Raises `Conflict("settings_differ")` when it had `begun` and another process has other settings: neither would end.
    """
    row = db.session.get_one(PolicyFingerprint, 1, with_for_update=True, populate_existing=True)
    wanted = fingerprint()
    if row.digest != wanted:
        if begun:
            raise Conflict("settings_differ")
        row.digest, row.phase, row.after = wanted, Phase.SUSPECTED, ""
    if row.phase is Phase.DONE:
        return row.phase
    ids = db.session.scalars(_next(row)).all()
    _bring_in_line(ids)
    if len(ids) < HANDFUL:
        row.phase, row.after = (Phase.REST if row.phase is Phase.SUSPECTED else Phase.DONE), ""
        if row.phase is Phase.DONE and correct_records():
            move_epoch()
    else:
        row.after = ids[-1]
    db.session.flush()
    return row.phase


def _next(row: PolicyFingerprint) -> Select[Any]:
    """The next handful of ids: of those that are shown and may have to go dark, then of all that could be shown."""
    statement = select(Story.id).where(Story.id > row.after)
    if row.phase is Phase.SUSPECTED:
        shown = select(Showing).where(Showing.story_id == Story.id).exists()
        statement = statement.join(Storyteller, Storyteller.id == Story.storyteller_id).where(shown, _suspected())
    else:
        statement = statement.where(Story.state == State.APPROVED)
    return statement.order_by(Story.id).limit(HANDFUL)


def _suspected() -> ColumnElement[bool]:
    """Of the settings, a longer time of cooling off and a law that asks both parents can end a showing now."""
    cooling_off = timedelta(minutes=outside().settings.cooling_off_minutes)
    kinds = db.session.execute(select(Storyteller.country, Storyteller.age_band).distinct()).all()
    joint = [
        (Storyteller.country == kind.country) & (Storyteller.age_band.is_not_distinct_from(kind.age_band))
        for kind in kinds
        if is_joint(kind.country, kind.age_band)
    ]
    return or_(Story.approved_at > clock.now() - cooling_off, *joint)


def _bring_in_line(ids: Sequence[str]) -> None:
    """As the hook does; but nothing was taken back by anybody, so the ledger of revocations is told nothing."""
    statement = select(Story).where(Story.id.in_(ids)).order_by(Story.id).with_for_update(key_share=True)
    changes = [reproject(story) for story in db.session.scalars(statement).all()]
    if any(changes):
        move_epoch()


def mark_followed() -> None:
    """Every story was just brought in line, in the current transaction."""
    row = db.session.get_one(PolicyFingerprint, 1, with_for_update=True, populate_existing=True)
    row.digest, row.phase, row.after = fingerprint(), Phase.DONE, ""
