"""A campaign, the stories a curator chose for it in their order, and the sites that embed."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.extensions import Base, Id, new_id, one_of
from app.people.rules import Locale


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


class EmbeddingSite(Base):
    """A site that embeds, and whom to tell there that a story was taken back. Notices name it, so it stays."""

    __tablename__ = "embedding_site"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    origin: Mapped[str] = mapped_column(String(255), unique=True)
    email: Mapped[str] = mapped_column(String(254))
    webhook: Mapped[str | None] = mapped_column(String(500))
    locale: Mapped[Locale] = mapped_column(one_of(Locale))
    """The language of its letters."""
    secret_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """What signs the calls of its webhook, sealed with the keyring's own secret."""
    active: Mapped[bool] = mapped_column(default=True)
    """Whether it is told about what ends from now on; what it was to be told already, it still is."""
    registered_at: Mapped[datetime] = mapped_column(default=clock.now)
