"""The blocks of a campaign: added, written, moved and removed."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.adapters.queue import rollback
from app.campaigns.blocks import FIGURES_MAX, Kind, digest_of, find_sentence, sentences as sentences_of
from app.campaigns.models import Campaign, CampaignBlock
from app.curation.actions import note_looks
from app.curation.building import DOWN, UP, add_block, change_block, find_block, move_block, remove_block
from app.curation.choosing import change_stories
from app.curation.queries import chosen
from app.errors import Conflict, EyesError, Invalid, NotFound
from app.people.permissions import Permission
from app.web.curation import bp
from app.web.curation.page import builder, direction, find_campaign, press, sentences, take_shown
from app.web.curation.settings import STALE, UNFIT
from app.web.curation.stories import choosing
from app.web.curation.typed import FIELDS, read_content
from app.web.forms import one_of
from app.web.guard import Audience, open_to
from app.web.login import me
from app.web.transaction import writes
from app.web.words import sentence

BLOCK = "/<campaign_id>/blocks/<block_id>"


@bp.post("/<campaign_id>/blocks")
@open_to(Audience.STAFF, Permission.CAMPAIGN_BUILD)
@writes
def add(campaign_id: str) -> ResponseReturnValue:
    """A new block at the end; its own page opens, to be filled."""
    made: list[CampaignBlock] = []

    def act(campaign: Campaign) -> None:
        kind = one_of("kind", Kind)
        if kind is None:
            raise Invalid("block_kind", "kind")
        made.append(add_block(me().id, campaign, kind))

    answer = press(campaign_id, act, builder(campaign_id, "add"))
    return redirect(at(campaign_id, made[0].id), 303) if made else answer


@bp.get(BLOCK)
@open_to(Audience.STAFF, Permission.CAMPAIGN_BUILD)
@writes
def block(campaign_id: str, block_id: str) -> ResponseReturnValue:
    """What a block holds; a block of stories has a page for choosing them beside it."""
    campaign = find_campaign(campaign_id)
    found = find_block(campaign, block_id)
    return render(campaign, found, found.content)


@bp.post(BLOCK)
@open_to(Audience.STAFF, Permission.CAMPAIGN_BUILD)
@writes
def write(campaign_id: str, block_id: str) -> ResponseReturnValue:
    """Change what a block holds. A refused form comes back as it was filled in, even when the block is gone."""
    try:
        return keep(campaign_id, block_id)
    except NotFound:
        rollback()
        return lost(find_campaign(campaign_id)), STALE


def keep(campaign_id: str, block_id: str) -> ResponseReturnValue:
    """Write what the form says, or print it again with what is wrong. Raises `NotFound` for a block that is gone."""
    campaign = find_campaign(campaign_id)
    before = find_block(campaign, block_id)
    content = read_content(before.kind, campaign, before.content)
    try:
        campaign = take_shown(campaign_id)
        found = find_block(campaign, block_id)
        (change_stories if found.kind is Kind.STORIES else change_block)(me().id, campaign, found, content)
    except (Invalid, Conflict) as refusal:
        rollback()
        campaign = find_campaign(campaign_id)
        page = render(campaign, find_block(campaign, block_id), content, refusal)
        return page, STALE if isinstance(refusal, Conflict) else UNFIT
    flash(gettext("Saved."), "good")
    back = at(campaign_id, block_id) if found.kind is Kind.STORIES else builder(campaign_id, f"block-{block_id}")
    return redirect(back, 303)


@bp.post(f"{BLOCK}/move")
@open_to(Audience.STAFF, Permission.CAMPAIGN_BUILD)
@writes
def move(campaign_id: str, block_id: str) -> ResponseReturnValue:
    """Up, down, or to where it was dragged; the page comes back at the same button."""
    to = direction()
    back = builder(campaign_id, f"{to if to in (UP, DOWN) else 'block'}-{block_id}")
    return press(campaign_id, lambda campaign: move_block(me().id, campaign, find_block(campaign, block_id), to), back)


@bp.post(f"{BLOCK}/remove")
@open_to(Audience.STAFF, Permission.CAMPAIGN_BUILD)
@writes
def remove(campaign_id: str, block_id: str) -> ResponseReturnValue:
    """Take a block away, with the stories that stand in it."""

    def act(campaign: Campaign) -> None:
        remove_block(me().id, campaign, find_block(campaign, block_id))
        flash(gettext("The block is gone. The stories in it are no longer in the campaign."), "good")

    return press(campaign_id, act, builder(campaign_id, "blocks"))


def at(campaign_id: str, block_id: str, **more: Any) -> str:
    """The address of a block's page."""
    return url_for("curation.block", campaign_id=campaign_id, block_id=block_id, **more)


def lost(campaign: Campaign) -> str:
    """What somebody wrote into a block that a colleague took away, for another one."""
    words = [words for name, words in request.form.items() if "-" in name and words.strip()]
    return render_template("curation/lost.html", campaign=campaign, said=words)


def render(
    campaign: Campaign, found: CampaignBlock, content: Mapping[str, Any], refusal: EyesError | None = None
) -> str:
    """A block's page with this content in its form."""
    stale = isinstance(refusal, Conflict)
    beside = {
        Kind.STORIES: lambda: choosing(campaign, found),
        Kind.QUOTE: lambda: quotable(campaign, content, found.content),
    }
    return render_template(
        f"curation/{'stories' if found.kind is Kind.STORIES else 'block'}.html",
        campaign=campaign,
        block=found,
        content=content,
        fields=FIELDS[found.kind],
        figures_max=FIGURES_MAX,
        errors=sentences(refusal) if refusal else {},
        refusal=sentence(refusal.code) if refusal and stale else None,
        **beside.get(found.kind, dict)(),
    )


def quotable(campaign: Campaign, content: Mapping[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    """The stories that a quote can be taken from, the sentences of the one looked at, and the sentence that is kept."""
    stories = {story_id: each.item for story_id, each in chosen(campaign).items() if each.item.text}
    note_looks(me().id, campaign, stories)
    looked_at = stories.get(request.args.get("story", content.get("story_id", "")))
    said = sentences_of(looked_at.text) if looked_at else []
    said_by = stories.get(kept.get("story_id", ""))
    return {
        "stories": stories,
        "looked_at": looked_at,
        "said": [(digest_of(words), words) for words in said],
        "quoted": find_sentence(said_by.text, kept.get("digest", "")) if said_by else "",
    }
