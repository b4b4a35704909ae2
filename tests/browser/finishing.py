"""Waiting until the worker has done everything, however it was interrupted."""

import time

from sqlalchemy import func, select, update

from app import clock
from app.cli.sweeper import sweep
from app.cli.writing import transaction
from app.extensions import db
from app.media.models import Asset
from app.media.rules import State
from tests.services.processes import wait_for


def finish_decoding(seconds: float) -> None:
    """Return once every file that was acknowledged is ready, by the real sweeper and worker."""
    let_leases_run_out()
    wait_for(lambda: unfinished() == 0, seconds, "the decoding of every acknowledged file")


def let_leases_run_out() -> None:
    """What a killed worker held, or could not do, is taken up minutes later; here those are over at once."""
    db.session.rollback()  # what was read before may be old by now, and then nothing can be written
    with transaction():
        held = update(Asset).where(Asset.state == State.QUARANTINED).execution_options(stories_are_touched=True)
        db.session.execute(held.values(next_attempt_at=clock.now()))
    sweep()


def unfinished() -> int:
    """Files that the worker has still to decode."""
    db.session.rollback()
    time.sleep(0.2)
    waiting = select(func.count()).select_from(Asset).where(Asset.state != State.READY)
    return db.session.scalar(waiting) or 0
