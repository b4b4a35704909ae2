"""A campaign, and the stories a curator chose for it in their order."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.extensions import Base, Id, new_id


class Campaign(Base):
    """A curated, dated appeal. `title`, `text` and `appeal` hold one value for each locale."""

    __tablename__ = "campaign"
    __table_args__ = (
        CheckConstraint("closes_at IS NULL OR closes_at > opens_at", name="closes_after_it_opens"),
        CheckConstraint("length(slug) > 0", name="slug_not_empty"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[dict[str, Any]]
    text: Mapped[dict[str, Any]]
    appeal: Mapped[dict[str, Any]]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime | None]
    embedding_sites: Mapped[list[str]]
    """Origins (`https://example.org`) that may frame the campaign."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class CampaignItem(Base):
    """A story that was chosen for a campaign; whether it may be shown there is the verdict's business."""

    __tablename__ = "campaign_item"
    __table_args__ = (UniqueConstraint("campaign_id", "position"),)

    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id", ondelete="CASCADE"), primary_key=True, index=True)
    position: Mapped[int]
