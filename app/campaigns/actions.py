"""What happens to a campaign."""

from collections.abc import Sequence

import structlog
from sqlalchemy import select

from app.audit.actions import record
from app.audit.rules import Verb
from app.campaigns.models import Campaign, CampaignItem
from app.campaigns.queries import unregistered_origins
from app.campaigns.rules import embedding_origin
from app.extensions import db

log = structlog.get_logger()


def save_campaign(actor: str, campaign: Campaign) -> Campaign:
    """Add or change a campaign, its embedding sites reduced to origins. One that nobody registered is logged."""
    campaign.embedding_sites = [embedding_origin(site) for site in campaign.embedding_sites]
    db.session.add(campaign)
    db.session.flush()
    record(actor, Verb.CAMPAIGN_SAVED, campaign.id, slug=campaign.slug)
    for origin in sorted(set(unregistered_origins()) & set(campaign.embedding_sites)):
        log.warning("campaign.site_cannot_be_told", campaign=campaign.id, origin=origin)
    return campaign


def choose_stories(actor: str, campaign: Campaign, story_ids: Sequence[str]) -> None:
    """Choose exactly these stories for a campaign, in this order."""
    for item in db.session.scalars(select(CampaignItem).where(CampaignItem.campaign_id == campaign.id)):
        db.session.delete(item)
    db.session.flush()
    for position, story_id in enumerate(story_ids):
        db.session.add(CampaignItem(campaign_id=campaign.id, story_id=story_id, position=position))
    db.session.flush()
    record(actor, Verb.CAMPAIGN_SAVED, campaign.id, stories=len(story_ids))
