"""Who is looking at a story now, and what each review came to."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import clock
from app.extensions import Base, Id, new_id, one_of
from app.moderation.rules import Decision
from app.people.models import Staff


class Claim(Base):
    """A moderator is reviewing this story, until the claim expires."""

    __tablename__ = "claim"

    story_id: Mapped[str] = mapped_column(ForeignKey("story.id", ondelete="CASCADE"), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    claimed_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    staff: Mapped[Staff] = relationship()


class Takeover(Base):
    """Somebody took a claimed story over from a colleague, and said why, sealed with the story's key."""

    __tablename__ = "takeover"
    __table_args__ = (Index(None, "story_id", "at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id", ondelete="CASCADE"))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    claimed_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    reason_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(default=clock.now)


class Review(Base):
    """One decision about one version, with the checklist as it was answered."""

    __tablename__ = "review"
    __table_args__ = (Index(None, "story_id", "at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id", ondelete="CASCADE"))
    version_number: Mapped[int]
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    decision: Mapped[Decision] = mapped_column(one_of(Decision))
    marks: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(default=clock.now)
    staff: Mapped[Staff] = relationship()
