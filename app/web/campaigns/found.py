"""The campaign of an address, and what of it leaves the browser."""

from app import clock
from app.campaigns.models import Campaign
from app.campaigns.queries import public_campaign
from app.campaigns.rules import has_ended
from app.errors import NotFound
from app.release.exhibits import HALLS, PRESS, has_exhibits


def find(slug: str) -> Campaign:
    """The campaign. Raises `NotFound` before its first day."""
    campaign = public_campaign(slug, clock.now())
    if campaign is None:
        raise NotFound
    return campaign


def is_over(campaign: Campaign) -> bool:
    """Whether its last day has passed."""
    return has_ended(campaign.closes_at, clock.now())


def outputs_of(campaign: Campaign) -> list[str]:
    """For whom it has something to take along; once it is over, for nobody."""
    if is_over(campaign):
        return []
    return [place for place in (HALLS, PRESS) if has_exhibits(campaign.id, place)] + ["policy"]
