"""The list of campaigns; one of them as it is built; its head, its preview, and the moment it is announced."""

from collections.abc import Mapping, Sequence

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.campaigns.blocks import ONCE, Kind, find_sentence, is_blank, untold_in
from app.campaigns.models import Campaign, CampaignBlock
from app.campaigns.queries import all_campaigns, blocks_of, items_of, unregistered_origins
from app.campaigns.rules import untold
from app.curation.actions import announce, choose_hero, note_looks, obstacles
from app.curation.queries import chosen, rule_of
from app.people.permissions import Permission
from app.release.queries import Item, may_stand_for_others
from app.release.rehearsal import Rehearsal
from app.web.campaign_page import page_of
from app.web.curation import bp
from app.web.curation.page import builder, find_campaign, press
from app.web.curation.stories import files_of
from app.web.forms import one_line
from app.web.guard import Audience, open_to
from app.web.login import me
from app.web.transaction import writes
from app.web.words import sentence


@bp.get("")
@open_to(Audience.STAFF, Permission.CAMPAIGN_BUILD)
@writes
def index() -> str:
    """Every campaign, announced or not."""
    return render_template("curation/index.html", campaigns=all_campaigns(), now=clock.now())


@bp.get("/<campaign_id>")
@open_to(Audience.STAFF, Permission.CAMPAIGN_BUILD)
@writes
def campaign(campaign_id: str) -> str:
    """What its page is built of, what is missing, and what can be done next."""
    found = find_campaign(campaign_id)
    blocks, stories = blocks_of(found.id), chosen(found)
    note_looks(me().id, found, stories)
    return render_template(
        "curation/campaign.html",
        campaign=found,
        now=clock.now(),
        blocks=[_row(found, block, stories) for block in blocks],
        kinds=[kind for kind in Kind if kind not in ONCE or kind not in {block.kind for block in blocks}],
        heroes=[each.item for each in stories.values() if may_stand_for_others(each.item)],
        untold=untold(found.languages, found.title, found.text),
        untellable=sorted(set(found.embedding_sites) & set(unregistered_origins())),
        obstacles=[sentence(code) for code in obstacles(found)],
    )


def _row(campaign: Campaign, block: CampaignBlock, stories: Mapping[str, Rehearsal]) -> dict[str, object]:
    """A block as the builder lists it; a quote with its sentence, while its story can be shown."""
    said_by = stories.get(block.content.get("story_id", ""))
    return {
        "id": block.id,
        "kind": block.kind.value,
        "content": block.content,
        "rule": rule_of(block),
        "stories": sum(item.block_id == block.id for item in items_of(campaign.id)),
        "said_by": said_by.item if said_by else None,
        "sentence": find_sentence(said_by.item.text, block.content["digest"]) if said_by else "",
        "blank": is_blank(block.kind, block.content),
        "untold": untold_in(block.content, campaign.languages),
    }


@bp.post("/<campaign_id>/hero")
@open_to(Audience.STAFF, Permission.CAMPAIGN_BUILD)
@writes
def hero(campaign_id: str) -> ResponseReturnValue:
    """Whose picture stands at the head."""
    story_id = one_line("story_id") or None
    return press(campaign_id, lambda found: choose_hero(me().id, found, story_id), builder(campaign_id, "head"))


@bp.post("/<campaign_id>/announce")
@open_to(Audience.STAFF, Permission.CAMPAIGN_BUILD)
@writes
def publish(campaign_id: str) -> ResponseReturnValue:
    """Announce it."""

    def act(found: Campaign) -> None:
        announce(me().id, found)
        flash(gettext("The campaign is announced. Families are asked about it from now on."), "good")

    return press(campaign_id, act, builder(campaign_id))


@bp.get("/<campaign_id>/preview")
@open_to(Audience.STAFF, Permission.CAMPAIGN_BUILD)
@writes
def preview(campaign_id: str) -> str:
    """The public page as it would look at this moment, were the campaign open."""
    found = find_campaign(campaign_id)
    shown = {story_id: each for story_id, each in chosen(found).items() if each.ready}
    ready = {story_id: each.item for story_id, each in shown.items()}

    def tellers(items: Sequence[Item]) -> dict[str, str]:
        return {item.story_id: shown[item.story_id].teller for item in items if shown[item.story_id].teller}

    note_looks(me().id, found, ready)
    return render_template(
        "curation/preview.html",
        **page_of(found, list(ready.values()), ready.get, tellers),
        files=files_of(found),
        snippet=None,
        over=False,
    )
