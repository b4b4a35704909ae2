"""What a story would look like in a campaign that were open now: for whoever builds it, before anybody else sees it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app import clock
from app.campaigns.models import Campaign
from app.consent.rules import campaign_scope
from app.release.facts import dates_of, facts_with
from app.release.policy import verdict
from app.release.projection import project_facts
from app.release.queries import Item
from app.release.rules import COUNTS, is_open
from app.release.terms import ALWAYS, Reason
from app.stories.lifecycle import State
from app.stories.models import Story
from app.stories.queries import assets_of_version, version_of
from app.stories.wordings import checked_beside


@dataclass(frozen=True)
class Rehearsal:
    """A story that can be shown in a campaign, now or later, as its page would print it."""

    item: Item
    themes: int
    media: int
    """The masks that filters look at."""
    files: frozenset[str]
    reasons: tuple[Reason, ...]
    """What is still against it; nothing about the campaign having chosen it."""
    ready: bool
    """Whether it would be seen at this moment, were the campaign open."""
    teller: str
    """Who told it, while it may be part of a number; empty otherwise."""


def rehearse(story: Story, campaign: Campaign) -> Rehearsal | None:
    """What the rule would let be seen of a story once this campaign has chosen it and is open; None when nothing."""
    if story.state is not State.APPROVED:
        return None
    version, place, now = version_of(story), campaign_scope(campaign.id), clock.now()
    assets, checked = assets_of_version(version.id), checked_beside(story.id, version.number)
    facts = facts_with(story, version, assets, checked)
    opened = replace(facts, campaigns={**facts.campaigns, campaign.id: (ALWAYS, None)})
    projected = project_facts(story, version, assets, checked, opened)
    row = projected.rows.get(place)
    if row is None or row["visible_until"] <= now:
        return None
    chosen = replace(facts, campaigns={**facts.campaigns, campaign.id: dates_of(campaign)})
    return Rehearsal(
        Item(story.id, row["locale"], row["country"], row["age_band"], row["shown_on"], json.dumps(row["body"])),
        row["theme_mask"],
        row["medium_mask"],
        frozenset(projected.media),
        verdict(chosen, place, now).reasons,
        row["visible_from"] <= now,
        story.storyteller_id if is_open(projected.windows.get(COUNTS), now) else "",
    )


def rehearse_all(stories: Sequence[Story], campaign: Campaign) -> dict[str, Rehearsal]:
    """Those of these stories that can be shown in a campaign, by id, in their order."""
    found = ((story.id, rehearse(story, campaign)) for story in stories)
    return {story_id: each for story_id, each in found if each is not None}
