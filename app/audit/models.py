"""The audit log's tables: the entries, the head of their chain; and what the sweeper last saw of the clock."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class AuditEntry(Base):
    """One act. Rows are never updated or deleted; triggers in the database refuse it."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index(None, "subject", "seq"),
        CheckConstraint("length(digest) = 64", name="digest_is_sha256"),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64))
    verb: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(64))
    detail: Mapped[dict[str, Any]]
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The one row that knows the end of the chain; locking it puts entries in line. The first migration made it."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))


class SweepClock(Base):
    """When the sweeper last looked at the clock, and until when it does nothing that cannot be undone."""

    __tablename__ = "sweep_clock"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seen_at: Mapped[datetime]
    patient_until: Mapped[datetime]
