"""How often something was looked at on a day. A row is a sum: it was never about one person."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base, Id, one_of
from app.impact.rules import HOST_SIGNS, Place


class Reach(Base):
    """The views of one day at one place, of one subject, on one site, in one language."""

    __tablename__ = "reach"
    __table_args__ = (
        CheckConstraint("views > 0", name="somebody_looked"),
        Index("ix_reach_subject", "subject", "day"),
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    place: Mapped[Place] = mapped_column(one_of(Place), primary_key=True)
    subject: Mapped[str] = mapped_column(Id, primary_key=True)
    """The campaign; for a frame that holds one story, the story; otherwise empty."""
    host: Mapped[str] = mapped_column(String(HOST_SIGNS), primary_key=True)
    """The site that held it; empty for our own."""
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    """Of the page, never more of what a browser said."""
    views: Mapped[int]
