"""Seeding the demo's campaign as a curator would build it: announced first, so that families are asked about it."""

from collections.abc import Mapping

from app import clock
from app.campaigns.blocks import Kind, digest_of
from app.campaigns.models import Campaign
from app.campaigns.queries import blocks_of
from app.campaigns.rules import Plan
from app.campaigns.sites import save_site
from app.cli.demo_material.campaign import I_AM_HERE
from app.cli.demo_material.campaign_blocks import BLOCKS, HERO, MadeUpBlock
from app.curation.actions import announce, choose_hero, create_campaign, set_embedding_sites
from app.curation.building import add_block, change_block, remove_block
from app.curation.choosing import change_stories, choose_story
from app.people.rules import Locale

ACTOR = "cli"
SITES = ("http://127.0.0.1:9000", "http://localhost:9000")


def add_campaign() -> Campaign:
    """The demo's campaign, and its partner's site on this machine under both of its names."""
    now = clock.now()
    for origin in SITES:
        save_site(ACTOR, origin, "web@partner.example", None, Locale.EN)
    plan = Plan(
        languages=list(Locale),
        title=I_AM_HERE.title,
        text=I_AM_HERE.text,
        appeal=I_AM_HERE.appeal,
        opens_at=now - I_AM_HERE.opened,
        closes_at=now + I_AM_HERE.closes,
        action_link=I_AM_HERE.action_link,
        action_until=(now + I_AM_HERE.action_open).date(),
        partners=list(I_AM_HERE.partners),
    )
    campaign = create_campaign(ACTOR, I_AM_HERE.slug, plan)
    set_embedding_sites(ACTOR, campaign, SITES)
    announce(ACTOR, campaign)
    return campaign


def build_campaign(campaign: Campaign, ids: Mapping[str, str]) -> None:
    """Its page, block by block; `ids` are those of the made-up stories by their keys."""
    for block in blocks_of(campaign.id):
        remove_block(ACTOR, campaign, block)
    for made_up in BLOCKS:
        add_made_up(campaign, made_up, ids)
    choose_hero(ACTOR, campaign, ids[HERO])


def add_made_up(campaign: Campaign, made_up: MadeUpBlock, ids: Mapping[str, str]) -> None:
    """One block with what it holds."""
    block = add_block(ACTOR, campaign, made_up.kind)
    for key in made_up.stories:
        choose_story(ACTOR, campaign, block, ids[key])
    if made_up.kind is Kind.STORIES:
        change_stories(ACTOR, campaign, block, made_up.content)
    elif made_up.says is not None:
        key, sentence = made_up.says
        change_block(ACTOR, campaign, block, {"story_id": ids[key], "digest": digest_of(sentence)})
    else:
        change_block(ACTOR, campaign, block, made_up.content)
