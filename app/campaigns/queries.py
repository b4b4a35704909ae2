"""Finding campaigns. This is the read side that the public pages may use."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select

from app.campaigns.models import Campaign, CampaignItem
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
