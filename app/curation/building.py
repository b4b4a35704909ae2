"""The blocks of a campaign's page: added, changed, moved and removed. Each takes a campaign from `actions.take`."""

from collections.abc import Sequence
from typing import Any, TypeVar

from app.audit.rules import Verb
from app.campaigns.actions import append_block
from app.campaigns.blocks import BLOCKS_MAX, ONCE, Kind, faults_in, find_sentence
from app.campaigns.models import Campaign, CampaignBlock, CampaignItem
from app.campaigns.queries import blocks_of, items_of
from app.curation.actions import note
from app.errors import Faulty, Invalid, NotFound
from app.extensions import db
from app.release.rehearsal import rehearse
from app.stories.models import Story

UP, DOWN = "up", "down"
Row = TypeVar("Row", CampaignBlock, CampaignItem)


def find_block(campaign: Campaign, block_id: str) -> CampaignBlock:
    """A block of this campaign. Raises `NotFound`."""
    block = db.session.get(CampaignBlock, block_id)
    if block is None or block.campaign_id != campaign.id:
        raise NotFound
    return block


def add_block(actor: str, campaign: Campaign, kind: Kind) -> CampaignBlock:
    """A new, empty block at the end. Raises `Invalid`."""
    there = [block.kind for block in blocks_of(campaign.id)]
    if len(there) >= BLOCKS_MAX:
        raise Invalid("too_many_blocks", "kind")
    if kind in ONCE and kind in there:
        raise Invalid("block_twice", "kind")
    block = append_block(campaign.id, kind)
    note(actor, Verb.BLOCK_ADDED, campaign, block=block.id, kind=kind.value)
    return block


def change_block(actor: str, campaign: Campaign, block: CampaignBlock, content: dict[str, Any]) -> None:
    """What a block holds. Raises `Faulty`."""
    faults = faults_in(content)
    if block.kind is Kind.QUOTE and not _is_said(campaign, content):
        faults["digest"] = "quote_sentence"
    if faults:
        raise Faulty(faults)
    block.content = content
    note(actor, Verb.BLOCK_CHANGED, campaign, block=block.id, kind=block.kind.value)


def _is_said(campaign: Campaign, content: dict[str, Any]) -> bool:
    """Whether a story of this campaign says the sentence, and may be shown saying it."""
    if content.get("story_id") not in {item.story_id for item in items_of(campaign.id)}:
        return False
    found = rehearse(db.session.get_one(Story, content["story_id"]), campaign)
    return found is not None and bool(find_sentence(found.item.text, content.get("digest", "")))


def move_block(actor: str, campaign: Campaign, block: CampaignBlock, to: str) -> int:
    """Move a block `up`, `down` or to a place that counts from 0; where it stands now."""
    blocks = list(blocks_of(campaign.id))
    position = place(blocks, block, to)
    settle(campaign.id, blocks)
    note(actor, Verb.BLOCK_MOVED, campaign, block=block.id, to=position)
    return position


def remove_block(actor: str, campaign: Campaign, block: CampaignBlock) -> None:
    """Take a block away, and the stories that stand in it out of the campaign."""
    for item in items_of(campaign.id):
        if item.block_id == block.id:
            db.session.delete(item)
    db.session.flush()  # each story is looked at anew, which the database's own cascade would not do
    db.session.delete(block)
    db.session.flush()
    settle(campaign.id, blocks_of(campaign.id))
    note(actor, Verb.BLOCK_REMOVED, campaign, block=block.id, kind=block.kind.value)


def place(rows: list[Any], row: Any, to: str) -> int:
    """Put a row elsewhere among `rows`; its new place, the same one where there is nowhere to go. Raises `Invalid`."""
    at = rows.index(row)
    if to in (UP, DOWN):
        wanted = at + (1 if to == DOWN else -1)
    elif to.isascii() and to.isdigit() and len(to) < 4:
        wanted = int(to)
    else:
        raise Invalid
    wanted = max(0, min(wanted, len(rows) - 1))
    rows.insert(wanted, rows.pop(at))
    return wanted


def settle(campaign_id: str, blocks: Sequence[CampaignBlock]) -> None:
    """Number the blocks in this order, and the stories block by block."""
    number(blocks)
    order = {block.id: at for at, block in enumerate(blocks)}
    number(sorted(items_of(campaign_id), key=lambda item: (order[item.block_id], item.position)))


def number(rows: Sequence[Row]) -> None:
    """Give rows the positions 0, 1, 2 … in two steps, because no two may ever have the same."""
    moved = {at: row for at, row in enumerate(rows) if row.position != at}
    for aside in (True, False):
        for at, row in moved.items():
            row.position = -1 - at if aside else at
        db.session.flush()
