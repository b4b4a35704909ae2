"""A clock that jumped: for a working day nothing is done that cannot be undone.

A machine that starts with a wrong clock may believe that it is next year. What was asked for in time ends by itself in
the showcase, and is back when the clock is; but a key that was destroyed is not.
"""

from datetime import timedelta

import structlog

from app import clock
from app.adapters import outside
from app.audit.models import SweepClock
from app.extensions import db

PATIENCE, A_WEEK = timedelta(hours=8), timedelta(days=7)

log = structlog.get_logger()


def look_at_clock() -> None:
    """Note the moment. After more than `clock_gap_hours` without a look, whoever runs this has a working day to see.

    Hours in which nothing runs do not count, and a night in between begins nothing anew: a machine that is switched
    off each evening comes to it.
    """
    now, gap = clock.now(), timedelta(hours=outside().settings.clock_gap_hours)
    row = db.session.get(SweepClock, 1, with_for_update=True)
    if row is None:
        db.session.add(SweepClock(id=1, seen_at=now, patient_until=now))
        return
    passed, owed = now - row.seen_at, max(row.patient_until - row.seen_at, timedelta())
    if gap and (passed > gap or passed < timedelta()):
        log.warning("sweep.clock_jumped", hours=round(passed / timedelta(hours=1)))
        row.patient_until = now + (owed if owed and passed <= A_WEEK else PATIENCE)
    row.seen_at = now


def is_patient() -> bool:
    """Whether what cannot be undone waits."""
    row = db.session.get(SweepClock, 1)
    return row is not None and clock.now() < row.patient_until
