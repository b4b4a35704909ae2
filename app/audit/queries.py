"""Reading and checking the audit log."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import func, select

from app.audit.models import AuditEntry, AuditHead
from app.audit.rules import Entry, first_broken
from app.extensions import db

PAGE = 50


def entries(until: int) -> Iterator[Entry]:
    """Every entry up to `until` in order, streamed."""
    upto = select(AuditEntry).where(AuditEntry.seq <= until)
    statement = upto.order_by(AuditEntry.seq).execution_options(yield_per=1000)
    with db.session.scalars(statement) as rows:  # a chain that breaks is not read to its end
        for row in rows:
            yield Entry(row.seq, row.at, row.actor, row.verb, row.subject, row.detail, row.previous, row.digest)


def verify(pinned: Mapping[int, str] | None = None) -> int | None:
    """The sequence number of the first broken link, or None when the whole chain holds.

    `pinned` are the digests that checkpoints outside the database say, read before this transaction began: without
    them whoever can write the database can cut off the end of the chain and its head.

    What is appended while this reads comes after the head it began with, and is left for the next time; an entry
    that no head ever counted is not.
    """
    head = db.session.get(AuditHead, 1, populate_existing=True)
    if head is None:
        return 1
    counted = select(AuditHead.seq).scalar_subquery()
    stray = select(func.min(AuditEntry.seq)).where(AuditEntry.seq > counted)
    return first_broken(entries(head.seq), (head.seq, head.digest), pinned) or db.session.scalar(stray)


def head() -> tuple[int, str]:
    """How many entries the log counts, and the digest of the last."""
    row = db.session.get_one(AuditHead, 1, populate_existing=True)
    return row.seq, row.digest


def newest(before: int | None = None, subject: str | None = None) -> Sequence[AuditEntry]:
    """Up to `PAGE` entries, newest first, older than `before`, about `subject` when one is given."""
    statement = select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(PAGE)
    if before is not None:
        statement = statement.where(AuditEntry.seq < before)
    if subject is not None:
        statement = statement.where(AuditEntry.subject == subject)
    return db.session.scalars(statement).all()
