"""Campaigns, open now unless a test says otherwise."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count

from app import clock
from app.campaigns.actions import choose_stories, save_campaign
from app.campaigns.models import Campaign
from app.stories.models import Story

ACTOR = "cli"

_numbers = count(1)


def make_campaign(
    *stories: Story,
    slug: str = "",
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    embedding_sites: Sequence[str] = (),
    announced: bool = True,
) -> Campaign:
    """A campaign that chose `stories` in this order; it has been open for a week when no date is given."""
    name = slug or f"campaign-{next(_numbers)}"
    campaign = Campaign(
        slug=name,
        title={"en": f"Campaign {name}", "ro": f"Campania {name}", "zh": f"行动 {name}", "it": f"Campagna {name}"},
        text={"en": "Listen to them."},
        appeal={"en": "Let their parents call home for free."},
        opens_at=opens_at or clock.now() - timedelta(days=7),
        closes_at=closes_at,
        embedding_sites=list(embedding_sites),
        languages=["en", "ro", "zh", "it"],
        announced_at=clock.now() if announced else None,
    )
    save_campaign(ACTOR, campaign)
    choose_stories(ACTOR, campaign, [story.id for story in stories])
    return campaign
