"""Collecting the facts about one story from the tables, for the policy to judge."""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.adapters import outside
from app.campaigns.models import Campaign, CampaignItem
from app.consent.queries import said_now
from app.extensions import db
from app.media.models import Asset
from app.media.rules import Kind, State as AssetState
from app.people.profiles import is_joint
from app.people.queries import guardians_of
from app.people.rules import AgeBand
from app.release.policy import Facts, Key
from app.safeguarding.queries import is_held
from app.stories.models import Story
from app.stories.queries import assets_of_version, valid_approvals, version_of


def facts_of(story: Story) -> Facts:
    """Everything the rule looks at for `story`."""
    version = version_of(story)
    assets = assets_of_version(version.id)
    child, by_guardian = said_now(story.id)
    keys = tuple(
        Key(by_guardian.get(guardian.id, {}), guardian.key_until)
        for guardian in guardians_of(story.storyteller_id)
        if guardian.holds_key
    )
    cooling_off = timedelta(minutes=outside().settings.cooling_off_minutes)
    return Facts(
        state=story.state,
        version=story.current,
        approvals=len(valid_approvals(story)),
        shown_from=story.approved_at + cooling_off if story.approved_at else None,
        under_ten=story.storyteller.age_band in (None, AgeBand.SIX_TO_NINE),
        joint=is_joint(story.storyteller.country),
        has_sound=any(usable(asset) and asset.kind is Kind.SOUND for asset in assets),
        has_other=version.text_sealed is not None
        or any(usable(asset) and asset.kind is Kind.IMAGE for asset in assets),
        media_ready=not any(asset.state is AssetState.QUARANTINED for asset in assets),
        differs=version.differs,
        accepted=version.accepted_at is not None,
        held=is_held(story.id),
        leaving=story.erase_after is not None,
        child=child,
        keys=keys,
        campaigns=_chosen_for(story.id),
    )


def usable(asset: Asset) -> bool:
    """Whether an asset came out of the decoder whole."""
    return asset.state is AssetState.READY


def _chosen_for(story_id: str) -> dict[str, tuple[datetime, datetime | None]]:
    statement = (
        select(Campaign.id, Campaign.opens_at, Campaign.closes_at)
        .join(CampaignItem, CampaignItem.campaign_id == Campaign.id)
        .where(CampaignItem.story_id == story_id)
    )
    return {row.id: (row.opens_at, row.closes_at) for row in db.session.execute(statement)}
