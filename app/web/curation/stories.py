"""Choosing stories for a block: those that stand in it, those that could, and a look at their files."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from app.audit.actions import record
from app.audit.rules import Verb
from app.campaigns.models import Campaign, CampaignBlock
from app.campaigns.queries import items_of
from app.curation.actions import note_looks
from app.curation.building import DOWN, UP, find_block
from app.curation.choosing import choose_story, move_story, unchoose
from app.curation.queries import Found, chosen, is_public, rule_of, search
from app.errors import NotFound
from app.extensions import db
from app.people.permissions import Permission
from app.people.rules import COUNTRIES
from app.release.queries import Filters
from app.release.rehearsal import rehearse
from app.stories.models import Story
from app.web import previews
from app.web.curation import bp
from app.web.curation.page import direction, find_campaign, named, press
from app.web.forms import one_line
from app.web.guard import Audience, open_to
from app.web.login import me
from app.web.previews import Address
from app.web.templating import country_name
from app.web.transaction import writes

STORIES = "/<campaign_id>/blocks/<block_id>/stories"
ASKED = ("q", "theme", "country", "language", "medium", "age", "after")
"""What a search reads from the address."""


def asked() -> dict[str, Any]:
    """The search that stands in the address, so that the page comes back with it."""
    return {name: request.args[name] for name in ASKED if request.args.get(name)}


def choosing(campaign: Campaign, block: CampaignBlock) -> dict[str, Any]:
    """What the page of a block of stories prints beside its form."""
    stories, standing = chosen(campaign), items_of(campaign.id)
    mine = [item.story_id for item in standing if item.block_id == block.id]
    found, query = Found([], None), asked()
    if rule_of(block) is None:
        others = {item.story_id for item in standing}
        filters, after = Filters.read(query), query.get("after", "")
        found = search(campaign, filters, title=query.get("q", ""), after=after, without=others)
    note_looks(me().id, campaign, [*(story_id for story_id in mine if story_id in stories), *found.ids])
    return {
        "mine": [(story_id, stories.get(story_id)) for story_id in mine],
        "found": found,
        "query": query,
        "files": files_of(campaign),
        "countries": sorted(((code, country_name(code)) for code in COUNTRIES), key=lambda pair: pair[1]),
    }


def files_of(campaign: Campaign) -> Callable[[str], Address]:
    """Where a curator looks at files: from the id of a story to where each of its files is, by name."""

    def look(story_id: str, name: str) -> str:
        return url_for("curation.file", campaign_id=campaign.id, story_id=story_id, name=name)

    return lambda story_id: partial(look, story_id)


def back(campaign_id: str, block_id: str, anchor: str) -> str:
    """The page of the block, with the search that was made there."""
    return url_for("curation.block", campaign_id=campaign_id, block_id=block_id, _anchor=anchor, **asked())


@bp.post(f"{STORIES}/choose")
@open_to(Audience.STAFF, Permission.CAMPAIGN_BUILD)
@writes
def choose(campaign_id: str, block_id: str) -> ResponseReturnValue:
    """Put a story at the end of the block."""
    story_id = named(one_line("story_id"))
    return press(
        campaign_id,
        lambda campaign: choose_story(me().id, campaign, find_block(campaign, block_id), story_id),
        back(campaign_id, block_id, "found"),
    )


@bp.post(f"{STORIES}/unchoose")
@open_to(Audience.STAFF, Permission.CAMPAIGN_BUILD)
@writes
def let_go(campaign_id: str, block_id: str) -> ResponseReturnValue:
    """Take a story out of the block."""
    story_id = named(one_line("story_id"))
    return press(
        campaign_id,
        lambda campaign: unchoose(me().id, campaign, find_block(campaign, block_id), story_id),
        back(campaign_id, block_id, "chosen"),
    )


@bp.post(f"{STORIES}/move")
@open_to(Audience.STAFF, Permission.CAMPAIGN_BUILD)
@writes
def move_chosen(campaign_id: str, block_id: str) -> ResponseReturnValue:
    """Up, down, or to where it was dragged; the page comes back at the same button."""
    story_id, to = named(one_line("story_id")), direction()
    return press(
        campaign_id,
        lambda campaign: move_story(me().id, campaign, find_block(campaign, block_id), story_id, to),
        back(campaign_id, block_id, f"{to if to in (UP, DOWN) else 'story'}-{story_id}"),
    )


@bp.get("/<campaign_id>/files/<story_id>/<name>")
@open_to(Audience.STAFF, Permission.CAMPAIGN_BUILD)
@writes
def file(campaign_id: str, story_id: str, name: str) -> ResponseReturnValue:
    """A file as it would be shown in the campaign, before the public can fetch it."""
    campaign, story = find_campaign(campaign_id), db.session.get(Story, named(story_id))
    found = rehearse(story, campaign) if story is not None else None
    if story is None or found is None or name not in found.files:
        raise NotFound
    rendition = previews.find_rendition(story, name)
    if not is_public(name):
        record(me().id, Verb.PREVIEW_OPENED, story.id, asset=rendition.asset_id, purpose=rendition.purpose.value)
    return previews.stream(rendition)
