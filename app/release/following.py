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
from app.people.growing import settle
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
RULE = 5
"""Counts up when the rule itself changes what the showcase holds of a story."""


def fingerprint() -> str:
    """SHA-256 of the rule's number, and every setting and every line of a profile that `facts` reads."""
    settings = outside().settings
    every = (*profiles().values(), strict())
    read = {
        "rule": RULE,
        "country": settings.country,
        "cooling_off": settings.cooling_off_minutes,
        "joint": {found.country: found.joint.below for found in every},
        "own_age": {found.country: found.own_consent.age for found in every},
    }
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
    """The next handful of ids: of those that are shown and may have to go dark, then of all that could be shown.

    And of whoever's month of majority is known, whatever their state: the day of own age follows from it.
    """
    teller = Storyteller.id == Story.storyteller_id
    statement = select(Story.id).join(Storyteller, teller).where(Story.id > row.after, Story.state != State.ERASED)
    if row.phase is Phase.SUSPECTED:
        shown = select(Showing).where(Showing.story_id == Story.id).exists()
        statement = statement.where(shown, _suspected())
    else:
        statement = statement.where(or_(Story.state == State.APPROVED, Storyteller.majority_from.is_not(None)))
    return statement.order_by(Story.id).limit(HANDFUL)


def _suspected() -> ColumnElement[bool]:
    """A longer time of cooling off, a law that asks both parents and a later own age can end a showing now."""
    cooling_off = timedelta(minutes=outside().settings.cooling_off_minutes)
    kinds = db.session.execute(select(Storyteller.country, Storyteller.age_band).distinct()).all()
    joint = [
        (Storyteller.country == kind.country) & (Storyteller.age_band.is_not_distinct_from(kind.age_band))
        for kind in kinds
        if is_joint(kind.country, kind.age_band)
    ]
    return or_(Story.approved_at > clock.now() - cooling_off, Storyteller.majority_from.is_not(None), *joint)


def _bring_in_line(ids: Sequence[str]) -> None:
    """As the hook does; but nothing was taken back by anybody, so the ledger of revocations is told nothing."""
    statement = select(Story).where(Story.id.in_(ids)).order_by(Story.id).with_for_update(key_share=True)
    stories = db.session.scalars(statement).all()
    for story in stories:
        settle(story.storyteller)
    db.session.flush()
    changes = [reproject(story) for story in stories]
    if any(changes):
        move_epoch()


def mark_followed() -> None:
    """Every story was just brought in line, in the current transaction."""
    row = db.session.get_one(PolicyFingerprint, 1, with_for_update=True, populate_existing=True)
    row.digest, row.phase, row.after = fingerprint(), Phase.DONE, ""
