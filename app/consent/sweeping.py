"""Forms and recordings in the vault that no row knows: whoever took them was interrupted."""

from datetime import timedelta

from sqlalchemy import select

from app import clock
from app.adapters import outside
from app.consent.evidence import LEAF
from app.consent.models import Evidence
from app.extensions import db

SETTLED = timedelta(hours=1)
"""A file that is younger may belong to a transaction that has not ended."""


def sweep_evidence() -> int:
    """Delete the files of evidence that was never recorded; how many."""
    store, before = outside().vault, clock.now() - SETTLED
    settled = {
        file.name.split("/")[1]: file.name
        for file in store.listing()
        if file.name.endswith(f"/{LEAF}") and file.modified < before
    }
    known = set(db.session.scalars(select(Evidence.id).where(Evidence.id.in_(settled))))
    for evidence_id in settled.keys() - known:
        store.delete(settled[evidence_id])
    return len(settled.keys() - known)
