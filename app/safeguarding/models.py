"""A safeguarding case. While it is open, its story is held: shown nowhere."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.extensions import Base, Id, new_id, one_of
from app.safeguarding.rules import Level


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
    opened_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    opened_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_at: Mapped[datetime]
    closed_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    closed_at: Mapped[datetime | None]
