"""The outbox: a letter is saved with the change that causes it, and sent after the commit."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.extensions import Base, Id, new_id


class OutboxLetter(Base):
    """A sealed letter that waits; once sent, its content is gone."""

    __tablename__ = "outbox_letter"
    __table_args__ = (
        CheckConstraint("(sent_at IS NULL) = (sealed IS NOT NULL)", name="content_until_sent"),
        Index("ix_outbox_letter_waiting", "sent_at", "next_attempt_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    owner_id: Mapped[str] = mapped_column(Id, index=True)
    """Whose data key seals it."""
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime] = mapped_column(default=clock.now)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    sent_at: Mapped[datetime | None]
