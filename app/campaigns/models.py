"""A campaign, the blocks its page is built of, the stories a curator chose for it, and the sites that embed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.campaigns.blocks import Kind
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
    titled_at: Mapped[datetime | None]
    """Since when it has this title, where it had another before: whoever was asked until then was asked about that."""
    text: Mapped[dict[str, Any]]
    appeal: Mapped[dict[str, Any]]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime | None]
    embedding_sites: Mapped[list[str]]
    """Origins (`https://example.org`) that may frame the campaign."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    languages: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    """The locales it is meant to speak; what is missing in one is shown in another, and said so."""
    hero_id: Mapped[str | None] = mapped_column(Id)
    """The story whose picture stands at its head, while that is one of its stories and shown there."""
    action_link: Mapped[str | None] = mapped_column(String(500))
    action_until: Mapped[date | None]
    partners: Mapped[list[dict[str, str]]] = mapped_column(default=list, server_default="[]")
    announced_at: Mapped[datetime | None]
    """Until then nobody but the staff sees it, and no family is asked about it."""
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    """Moves with each change by a curator, so that a form knows that it is stale."""


class CampaignBlock(Base):
    """A part of a campaign's page; what `content` holds, `blocks` says."""

    __tablename__ = "campaign_block"
    __table_args__ = (UniqueConstraint("campaign_id", "position"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[Kind] = mapped_column(one_of(Kind))
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)


class CampaignItem(Base):
    """A story that was chosen for a campaign; whether it may be shown there is the verdict's business.

    `position` is its place among all stories of the campaign: block by block, as the page shows them.
    """

    __tablename__ = "campaign_item"
    __table_args__ = (UniqueConstraint("campaign_id", "position"),)

    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id", ondelete="CASCADE"), primary_key=True, index=True)
    block_id: Mapped[str] = mapped_column(ForeignKey("campaign_block.id", ondelete="CASCADE"), index=True)
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
