"""Finding campaigns. This is the read side that the public pages may use."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select

from app.campaigns.models import Campaign, CampaignItem, EmbeddingSite
from app.extensions import db


def by_slug(slug: str) -> Campaign | None:
    """The campaign at this address."""
    return db.session.scalar(select(Campaign).where(Campaign.slug == slug))


def open_campaigns(now: datetime) -> Sequence[Campaign]:
    """The campaigns that run at `now`, newest first."""
    statement = (
        select(Campaign)
        .where(Campaign.opens_at <= now, or_(Campaign.closes_at.is_(None), Campaign.closes_at > now))
        .order_by(Campaign.opens_at.desc(), Campaign.id)
    )
    return db.session.scalars(statement).all()


def all_campaigns() -> Sequence[Campaign]:
    """Every campaign, newest first."""
    return db.session.scalars(select(Campaign).order_by(Campaign.opens_at.desc(), Campaign.id)).all()


def story_ids(campaign_id: str) -> list[str]:
    """The stories chosen for a campaign, in order."""
    statement = (
        select(CampaignItem.story_id).where(CampaignItem.campaign_id == campaign_id).order_by(CampaignItem.position)
    )
    return list(db.session.scalars(statement))


def chosen_for(story_id: str) -> list[str]:
    """The campaigns that a story was chosen for."""
    return list(db.session.scalars(select(CampaignItem.campaign_id).where(CampaignItem.story_id == story_id)))


def all_sites() -> Sequence[EmbeddingSite]:
    """Every site that was ever registered, by its origin."""
    return db.session.scalars(select(EmbeddingSite).order_by(EmbeddingSite.origin)).all()


def active_sites() -> Sequence[EmbeddingSite]:
    """The sites that are told when a story is taken back."""
    return [site for site in all_sites() if site.active]


def site_at(origin: str) -> EmbeddingSite | None:
    """The site of this origin."""
    return db.session.scalar(select(EmbeddingSite).where(EmbeddingSite.origin == origin))


def campaigns_by_origin() -> dict[str, set[str]]:
    """The ids of the campaigns that each origin may frame."""
    allowed: dict[str, set[str]] = {}
    for row in db.session.execute(select(Campaign.id, Campaign.embedding_sites)):
        for origin in row.embedding_sites:
            allowed.setdefault(origin, set()).add(row.id)
    return allowed


def unregistered_origins() -> list[str]:
    """Origins that may frame a campaign and cannot be told anything, because nobody registered them."""
    return sorted(campaigns_by_origin().keys() - {site.origin for site in active_sites()})
