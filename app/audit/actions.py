"""Writing to the audit log."""

from typing import Any

import structlog

from app import clock
from app.adapters import outside
from app.adapters.checkpoints import Checkpoint, Fate
from app.audit.models import AuditEntry, AuditHead
from app.audit.queries import head as head_now
from app.audit.rules import Verb, digest, says_something
from app.extensions import db

log = structlog.get_logger()


def order() -> int:
    """The number of the log's newest entry: what is said next comes after it, wherever the clock was put."""
    return head_now()[0]


def record(actor: str, verb: Verb, subject: str, **detail: Any) -> None:
    """Append one entry in the current transaction.

    `actor` is a staff id, `child`, `guardian:<id>` or `clock`; `subject` the id acted on; `detail` holds only
    words and numbers that identify nobody. Raises ValueError for a sentence: it would outlive what it is about.
    """
    if says_something(detail):
        raise ValueError("free text does not belong into the audit log")
    session = db.session
    head = session.get_one(AuditHead, 1, with_for_update=True, populate_existing=True)
    seq, at = head.seq + 1, clock.now()
    entry = AuditEntry(
        seq=seq,
        at=at,
        actor=actor,
        verb=verb.value,
        subject=subject,
        detail=detail,
        previous=head.digest,
        digest=digest(seq, at, actor, verb.value, subject, detail, head.digest),
    )
    session.add(entry)
    head.seq, head.digest = seq, entry.digest
    session.flush()


def write_checkpoint() -> None:
    """Sign how far the chain has come, outside the database, when it has grown. Raises `Forged`."""
    newest, (seq, digest_now) = outside().checkpoints.newest(), head_now()
    known = newest.seq if newest is not None else 0
    if seq < known:
        log.error("audit.shorter_than_its_checkpoint", entries=seq, checkpoint=known)
    elif seq > known:
        outside().checkpoints.append(Checkpoint(seq, digest_now, clock.now()))


def checkpoint_of_restore() -> Checkpoint:
    """What to sign when the log was brought back from a backup: what was written after that backup is lost."""
    return Checkpoint(*head_now(), clock.now(), Fate.RESTORED)
