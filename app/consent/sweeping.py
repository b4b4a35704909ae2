"""Forms and recordings in the vault that no row knows, as whoever took them was interrupted, or whose story is erased.

The rows of an erased story stay; its files go with it, and here if that was missed.
"""

from collections.abc import Iterable

from sqlalchemy import select

from app import clock
from app.adapters import outside
from app.consent.evidence import LEAF
from app.consent.models import Evidence
from app.extensions import db
from app.media.sweeping import SETTLED, batches
from app.stories.lifecycle import State
from app.stories.models import Story


def sweep_evidence() -> int:
    """Delete the files of evidence that was never recorded, or whose story is erased; how many."""
    store, before, deleted = outside().vault, clock.now() - SETTLED, 0
    for files in batches(store.listing()):
        settled = {
            file.name.split("/")[1]: file.name
            for file in files
            if file.name.endswith(f"/{LEAF}") and file.modified < before
        }
        for evidence_id in settled.keys() - _known(settled):
            store.delete(settled[evidence_id])
            deleted += 1
    return deleted


def _known(evidence_ids: Iterable[str]) -> set[str]:
    """Which of these are evidence about a story that is there."""
    there = select(Evidence.id).join(Story).where(Evidence.id.in_(evidence_ids), Story.state != State.ERASED)
    return set(db.session.scalars(there))
