"""A campaign's page put together from its blocks and from the stories that are shown in it at this moment.

Whoever shows it says which stories those are: the public pages ask the showcase, the preview the rule.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import url_for

from app import clock
from app.campaigns.blocks import Kind, by_country, find_sentence, is_blank, tells_places
from app.campaigns.models import Campaign
from app.campaigns.queries import blocks_of, items_of, open_campaigns
from app.consent.rules import campaign_scope
from app.release.queries import Item, hero, in_campaign, may_stand_for_others, shown_at, story, tellers_of

Whole = Callable[[str], Item | None]
"""From the id of a story that is shown to everything that is shown of it."""
Tellers = Callable[[Sequence[Item]], Mapping[str, str]]
"""From stories that are shown to those of them that a number may tell of."""


@dataclass(frozen=True)
class Part:
    """One block as it is shown now."""

    kind: Kind
    content: Mapping[str, Any]
    items: Sequence[Item] = ()
    sentence: str = ""
    said_by: Item | None = None
    countries: Sequence[tuple[str, int]] = field(default_factory=list)


def running() -> list[tuple[Campaign, Item | None]]:
    """The campaigns that run now, newest first, each with the story whose picture stands for it."""
    return [(campaign, hero(campaign.id, campaign.hero_id)) for campaign in open_campaigns(clock.now())]


def public_page(campaign: Campaign, place: str = "campaign") -> dict[str, Any]:
    """What the template of a campaign's page prints for everybody; in a frame only what other sites may show."""
    scope = campaign_scope(campaign.id)
    items = in_campaign(campaign.id, place)
    pages = own_pages(campaign, items)
    return page_of(campaign, items, lambda story_id: story(story_id, (scope,)), tellers_of) | {"pages": pages}


def own_pages(campaign: Campaign, items: Sequence[Item], address: Callable[..., str] = url_for) -> dict[str, str]:
    """The campaign's own page for each of these stories that the gallery does not show, by the story's id."""
    ids = [item.story_id for item in items]
    elsewhere = set(ids) - shown_at("gallery", ids)
    return {story_id: address("campaigns.story", slug=campaign.slug, story_id=story_id) for story_id in elsewhere}


def page_of(campaign: Campaign, items: Sequence[Item], whole: Whole, tellers: Tellers) -> dict[str, Any]:
    """What the template of a campaign's page prints, were these its stories; `tellers`: of those that count."""
    chosen = next((item for item in items if item.story_id == campaign.hero_id and may_stand_for_others(item)), None)
    return {"campaign": campaign, "hero": chosen, "parts": parts_of(campaign, items, whole, tellers), "pages": {}}


def parts_of(campaign: Campaign, items: Sequence[Item], whole: Whole, tellers: Tellers) -> list[Part]:
    """The blocks that have something to show, from top to bottom."""
    standing = {item.story_id: item.block_id for item in items_of(campaign.id)}
    shown = {item.story_id: item for item in items}
    parts = []
    for block in blocks_of(campaign.id):
        mine = [item for item in items if standing.get(item.story_id) == block.id]
        part = Part(block.kind, block.content, mine)
        if block.kind is Kind.QUOTE and block.content.get("story_id") in shown:
            part = _quote(block.content, whole(block.content["story_id"]))
        elif block.kind is Kind.MAP:
            told_by = tellers(items)
            named = by_country((item.country, told_by[item.story_id]) for item in items if item.story_id in told_by)
            part = Part(block.kind, block.content, countries=named)
        if _says_something(part, campaign):
            parts.append(part)
    return parts


def _quote(content: Mapping[str, Any], said_by: Item | None) -> Part:
    sentence = find_sentence(said_by.text, content.get("digest", "")) if said_by else ""
    return Part(Kind.QUOTE, content, sentence=sentence, said_by=said_by)


def _says_something(part: Part, campaign: Campaign) -> bool:
    match part.kind:
        case Kind.STORIES:
            return bool(part.items)
        case Kind.QUOTE:
            return bool(part.sentence)
        case Kind.MAP:
            return tells_places(part.countries)
        case Kind.ACTION:
            return any(campaign.appeal.values()) or campaign.action_link is not None
        case Kind.PARTNERS:
            return bool(campaign.partners)
        case _:
            return not is_blank(part.kind, part.content)
