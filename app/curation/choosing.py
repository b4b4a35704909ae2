"""Which stories stand in a block: chosen by hand, or by a rule that is followed when it is saved and every minute.

Choosing opens nothing: the verdict decides about each story, however it came here.
"""

from collections.abc import Sequence, Set
from typing import Any

from sqlalchemy import select

from app import clock
from app.audit.actions import record
from app.audit.rules import Verb
from app.campaigns.blocks import FILL_MAX, STORIES_MAX, Kind
from app.campaigns.models import Campaign, CampaignBlock, CampaignItem
from app.campaigns.queries import blocks_of, items_of
from app.curation.actions import note
from app.curation.building import change_block, number, place, settle
from app.curation.queries import rule_of, search
from app.errors import Conflict, Invalid, NotFound
from app.extensions import db
from app.people.line import lock_stories
from app.people.permissions import Role
from app.release.rehearsal import rehearse, rehearse_all
from app.stories.models import Story


def choose_story(actor: str, campaign: Campaign, block: CampaignBlock, story_id: str) -> None:
    """Put a story at the end of a block. Raises `Invalid`, or `NotFound` for one that cannot be shown here."""
    _refuse_rule(block)
    chosen = items_of(campaign.id)
    if story_id in {item.story_id for item in chosen}:
        raise Invalid("story_chosen", "story_id")
    if len(chosen) >= STORIES_MAX:
        raise Invalid("too_many_stories", "story_id")
    _line_up(campaign, story_id)
    story = db.session.get(Story, story_id)
    if story is None or rehearse(story, campaign) is None:
        raise NotFound
    _add(campaign, block, story_id, len(chosen))
    settle(campaign.id, blocks_of(campaign.id))
    note(actor, Verb.BLOCK_STORY_CHOSEN, campaign, block=block.id, story=story_id)


def unchoose(actor: str, campaign: Campaign, block: CampaignBlock, story_id: str) -> None:
    """Take a story out of a block. Raises `NotFound`."""
    _refuse_rule(block)
    _line_up(campaign)
    db.session.delete(_item(campaign, block, story_id))
    db.session.flush()
    number(items_of(campaign.id))
    note(actor, Verb.BLOCK_STORY_UNCHOSEN, campaign, block=block.id, story=story_id)


def move_story(actor: str, campaign: Campaign, block: CampaignBlock, story_id: str, to: str) -> int:
    """Move a story `up`, `down` or to a place in its block that counts from 0; where it stands now."""
    _refuse_rule(block)
    _line_up(campaign)
    item = _item(campaign, block, story_id)
    items = list(items_of(campaign.id))
    inside = [other for other in items if other.block_id == block.id]
    first = items.index(inside[0])
    position = place(inside, item, to)
    number([*items[:first], *inside, *items[first + len(inside) :]])
    note(actor, Verb.BLOCK_STORY_MOVED, campaign, block=block.id, story=story_id, to=position)
    return position


def _line_up(campaign: Campaign, *more: str) -> None:
    """Lock the campaign's stories and these, before anything is entered in the audit log: places may change for all."""
    lock_stories({*(item.story_id for item in items_of(campaign.id)), *more})


def _refuse_rule(block: CampaignBlock) -> None:
    if block.kind is not Kind.STORIES:
        raise NotFound
    if rule_of(block) is not None:
        raise Conflict("block_has_rule")


def _item(campaign: Campaign, block: CampaignBlock, story_id: str) -> CampaignItem:
    item = db.session.get(CampaignItem, (campaign.id, story_id))
    if item is None or item.block_id != block.id:
        raise NotFound
    return item


def _add(campaign: Campaign, block: CampaignBlock, story_id: str, position: int) -> None:
    db.session.add(CampaignItem(campaign_id=campaign.id, block_id=block.id, story_id=story_id, position=position))
    db.session.flush()


def change_stories(actor: str, campaign: Campaign, block: CampaignBlock, content: dict[str, Any]) -> None:
    """What a block of stories says, and by which rule it is filled. Raises `Faulty`.

    What was chosen by hand is kept while a rule fills the block, and comes back after it; where nothing was, what the
    rule brought stays.
    """
    mine, elsewhere = _apart(campaign, block)
    ruled, by_hand = rule_of(block) is not None, block.content.get("by_hand", [])
    if "rule" in content:
        content = content | {"by_hand": by_hand if ruled else [item.story_id for item in mine]}
    change_block(actor, campaign, block, content)
    if ruled and by_hand and "rule" not in content:
        _put(campaign, block, mine, _fitting(campaign, by_hand, elsewhere))
    fill_by_rule(actor, campaign, block)


def _apart(campaign: Campaign, block: CampaignBlock) -> tuple[list[CampaignItem], set[str]]:
    """What stands in a block, and the ids of the stories that stand in another one."""
    items = items_of(campaign.id)
    mine = [item for item in items if item.block_id == block.id]
    return mine, {item.story_id for item in items if item.block_id != block.id}


def _fitting(campaign: Campaign, story_ids: Sequence[str], elsewhere: Set[str]) -> list[str]:
    """Those of these stories that can still be shown and stand nowhere else, as many as there is room for."""
    there = {story.id: story for story in db.session.scalars(select(Story).where(Story.id.in_(story_ids)))}
    stories = [there[story_id] for story_id in story_ids if story_id in there and story_id not in elsewhere]
    return list(rehearse_all(stories, campaign))[: STORIES_MAX - len(elsewhere)]


def fill_by_rule(actor: str, campaign: Campaign, block: CampaignBlock) -> bool:
    """Let the newest stories that a block's rule asks for stand in it, and no others; whether anything changed.

    A story that stands in another block stays there.
    """
    filters = rule_of(block)
    if filters is None:
        return False
    mine, elsewhere = _apart(campaign, block)
    room = min(block.content.get("limit", FILL_MAX), STORIES_MAX - len(elsewhere))
    wanted = search(campaign, filters, room, without=elsewhere).ids
    if [item.story_id for item in mine] == wanted:
        return False
    _put(campaign, block, mine, wanted)
    record(actor, Verb.BLOCK_FILLED, campaign.id, block=block.id, stories=len(wanted))
    return True


def _put(campaign: Campaign, block: CampaignBlock, mine: Sequence[CampaignItem], wanted: Sequence[str]) -> None:
    """Let exactly these stories stand in a block, in this order; one that stays is not touched more than it must be."""
    _line_up(campaign, *wanted)
    staying = {item.story_id: item for item in mine if item.story_id in wanted}
    for item in mine:
        if item.story_id not in staying:
            db.session.delete(item)
    db.session.flush()
    last = max((item.position for item in items_of(campaign.id)), default=-1)
    for at, story_id in enumerate(wanted):
        if story_id not in staying:
            _add(campaign, block, story_id, last + 1 + at)
    places = {story_id: at for at, story_id in enumerate(wanted)}
    blocks = {other.id: at for at, other in enumerate(blocks_of(campaign.id))}
    rows = items_of(campaign.id)
    number(sorted(rows, key=lambda row: (blocks[row.block_id], places.get(row.story_id, 0), row.position)))


def ruled_blocks() -> list[tuple[str, str]]:
    """Every block that has a rule, in every campaign that is not over: the ids of both."""
    living = select(Campaign).where(Campaign.closes_at.is_(None) | (Campaign.closes_at > clock.now()))
    campaigns = db.session.scalars(living.order_by(Campaign.id)).all()
    return [(each.id, block.id) for each in campaigns for block in blocks_of(each.id) if rule_of(block) is not None]


def follow_rule(campaign_id: str, block_id: str) -> None:
    """Fill one block as its rule says now: a curator may have been at work until the campaign's lock was free."""
    campaign = db.session.get_one(Campaign, campaign_id, with_for_update=True, populate_existing=True)
    block = db.session.get(CampaignBlock, block_id, populate_existing=True)
    if block is not None:
        fill_by_rule(Role.CLOCK.value, campaign, block)
