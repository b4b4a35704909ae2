"""A safeguarding case. While it is open, its story is held: shown nowhere."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.extensions import Base, Id, new_id, one_of
from app.safeguarding.rules import Asker, Level, Why


class Case(Base):
    """What worried somebody about a story, and what the lead decided. The words are sealed with the story's key."""

    __tablename__ = "safeguarding_case"
    __table_args__ = (
        CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed_by_somebody"),
        Index("ix_safeguarding_case_open", "closed_at", "due_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id"), index=True)
    level: Mapped[Level] = mapped_column(one_of(Level))
    worry_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    outcome_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    erasure_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Why a lead asked to erase the story."""
    opened_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    opened_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_at: Mapped[datetime]
    closed_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    closed_at: Mapped[datetime | None]


class Suspension(Base):
    """Somebody near the child says that showing the story is a risk: it is held until a lead has decided."""

    __tablename__ = "suspension"
    __table_args__ = (
        CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="decided_by_somebody"),
        CheckConstraint("(asked_by = 'desk') = (seen_by IS NOT NULL)", name="the_desk_is_somebody"),
        CheckConstraint("(asked_by = 'desk') = (why IS NOT NULL)", name="the_desk_says_why"),
        Index("ix_suspension_open", "decided_at", "due_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id"), index=True)
    asked_by: Mapped[Asker] = mapped_column(one_of(Asker))
    seen_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    """Who asked at the desk."""
    why: Mapped[Why | None] = mapped_column(one_of(Why))
    """What they saw, in a word; whatever they wrote about it is sealed."""
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]
