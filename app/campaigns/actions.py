"""What happens to a campaign."""

from collections.abc import Sequence

import structlog

from app.audit.actions import record
from app.audit.rules import Verb
from app.campaigns.blocks import Kind
from app.campaigns.models import Campaign, CampaignBlock, CampaignItem
from app.campaigns.queries import blocks_of, items_of, unregistered_origins
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
    """Choose exactly these stories for a campaign, in this order, in its first block of stories."""
    for item in items_of(campaign.id):
        db.session.delete(item)
    db.session.flush()
    block = next((block for block in blocks_of(campaign.id) if block.kind is Kind.STORIES), None)
    block = block or append_block(campaign.id, Kind.STORIES)
    for position, story_id in enumerate(story_ids):
        item = CampaignItem(campaign_id=campaign.id, story_id=story_id, block_id=block.id, position=position)
        db.session.add(item)
    db.session.flush()
    record(actor, Verb.CAMPAIGN_SAVED, campaign.id, stories=len(story_ids))


def append_block(campaign_id: str, kind: Kind) -> CampaignBlock:
    """A new block at the end of a campaign's page."""
    block = CampaignBlock(campaign_id=campaign_id, kind=kind, position=len(blocks_of(campaign_id)))
    db.session.add(block)
    db.session.flush()
    return block
