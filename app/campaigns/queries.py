"""Finding campaigns. This is the read side that the public pages may use."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select

from app.campaigns.models import Campaign, CampaignBlock, CampaignItem, EmbeddingSite
from app.campaigns.rules import has_begun
from app.extensions import db


def by_slug(slug: str) -> Campaign | None:
    """The campaign at this address."""
    return db.session.scalar(select(Campaign).where(Campaign.slug == slug))


def public_campaign(slug: str, now: datetime) -> Campaign | None:
    """The campaign at this address, once it was announced and has begun; when it is over it stays, and says so."""
    campaign = by_slug(slug)
    if campaign is None or not has_begun(campaign.opens_at, campaign.announced_at, now):
        return None
    return campaign


def announced_campaigns(now: datetime) -> Sequence[Campaign]:
    """The announced campaigns that are not over, newest first: families are asked about them before they begin."""
    statement = (
        select(Campaign)
        .where(Campaign.announced_at.is_not(None), or_(Campaign.closes_at.is_(None), Campaign.closes_at > now))
        .order_by(Campaign.opens_at.desc(), Campaign.id)
    )
    return db.session.scalars(statement).all()


def open_campaigns(now: datetime) -> list[Campaign]:
    """The campaigns that run at `now`, newest first."""
    return [campaign for campaign in announced_campaigns(now) if campaign.opens_at <= now]


def all_campaigns() -> Sequence[Campaign]:
    """Every campaign, newest first."""
    return db.session.scalars(select(Campaign).order_by(Campaign.opens_at.desc(), Campaign.id)).all()


def story_ids(campaign_id: str) -> list[str]:
    """The stories chosen for a campaign, in order."""
    statement = (
        select(CampaignItem.story_id).where(CampaignItem.campaign_id == campaign_id).order_by(CampaignItem.position)
    )
    return list(db.session.scalars(statement))


def blocks_of(campaign_id: str) -> Sequence[CampaignBlock]:
    """What a campaign's page is built of, from top to bottom."""
    statement = select(CampaignBlock).where(CampaignBlock.campaign_id == campaign_id).order_by(CampaignBlock.position)
    return db.session.scalars(statement).all()


def items_of(campaign_id: str) -> Sequence[CampaignItem]:
    """The stories of a campaign with the blocks they stand in, in order."""
    statement = select(CampaignItem).where(CampaignItem.campaign_id == campaign_id).order_by(CampaignItem.position)
    return db.session.scalars(statement).all()


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
