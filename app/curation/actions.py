"""What a curator does to a campaign as a whole. Each act moves its version, so that a form from before is refused."""

from collections.abc import Iterable, Sequence

from app import clock
from app.audit.actions import record
from app.audit.rules import Verb
from app.campaigns.actions import append_block
from app.campaigns.blocks import Kind
from app.campaigns.models import Campaign
from app.campaigns.queries import blocks_of, by_slug, items_of
from app.campaigns.rules import Plan, embedding_origin, faults_of, has_ended, is_origin, is_slug, untold
from app.curation.queries import unseen
from app.errors import Conflict, Faulty, Invalid, NotFound
from app.extensions import db

SITES_MAX = 50


def take(campaign_id: str, version: int) -> Campaign:
    """A campaign to be changed, locked. Raises `NotFound`, or `Conflict` when it is not as the form showed it."""
    campaign = db.session.get(Campaign, campaign_id, with_for_update=True, populate_existing=True)
    if campaign is None:
        raise NotFound
    if campaign.version != version:
        raise Conflict("campaign_changed")
    return campaign


def note(actor: str, verb: Verb, campaign: Campaign, **detail: object) -> None:
    """A curator changed a campaign: every form that was opened before is stale, and the log says who and what."""
    campaign.version += 1
    db.session.flush()
    record(actor, verb, campaign.id, **detail)


def create_campaign(actor: str, slug: str, plan: Plan) -> Campaign:
    """A campaign that nobody sees yet, with a block for its stories and one for its appeal. Raises `Faulty`."""
    if faults := faults_of_slug(slug) | faults_of(plan):
        raise Faulty(faults)
    campaign = Campaign(slug=slug, embedding_sites=[])
    _keep(campaign, plan)
    db.session.add(campaign)
    db.session.flush()
    for kind in (Kind.STORIES, Kind.ACTION):
        append_block(campaign.id, kind)
    record(actor, Verb.CAMPAIGN_CREATED, campaign.id, slug=slug)
    return campaign


def faults_of_slug(slug: str) -> dict[str, str]:
    """What is wrong with the address of a new campaign."""
    if not is_slug(slug):
        return {"slug": "slug"}
    return {"slug": "slug_taken"} if by_slug(slug) is not None else {}


def faults_of_sites(typed: Sequence[str]) -> dict[str, str]:
    """What is wrong with a list of sites."""
    if len(typed) > SITES_MAX:
        return {"embedding_sites": "too_many_sites"}
    return {} if all(map(is_origin, typed)) else {"embedding_sites": "not_an_origin"}


def change_campaign(actor: str, campaign: Campaign, plan: Plan) -> None:
    """What a campaign says of itself, and when it is open. Raises `Faulty`."""
    faults = faults_of(plan)
    if campaign.announced_at is not None and not faults:
        faults = dict.fromkeys([f"title-{code}" for code in untold(plan.languages, plan.title, plan.text)], "untold")
    if faults:
        raise Faulty(faults)
    _keep(campaign, plan)
    note(actor, Verb.CAMPAIGN_CHANGED, campaign)


def _keep(campaign: Campaign, plan: Plan) -> None:
    if plan.opens_at is None:
        raise Invalid("campaign_opens", "opens_on")
    if campaign.announced_at is not None and campaign.title != plan.title:
        campaign.titled_at = clock.now()
    campaign.title, campaign.text, campaign.appeal = plan.title, plan.text, plan.appeal
    campaign.languages, campaign.partners = plan.languages, plan.partners
    campaign.opens_at, campaign.closes_at = plan.opens_at, plan.closes_at
    campaign.action_link, campaign.action_until = plan.action_link or None, plan.action_until


def set_embedding_sites(actor: str, campaign: Campaign, typed: Sequence[str]) -> None:
    """Which sites may show a campaign. Raises `Faulty`."""
    if faults := faults_of_sites(typed):
        raise Faulty(faults)
    campaign.embedding_sites = list(dict.fromkeys(embedding_origin(site) for site in typed))
    note(actor, Verb.CAMPAIGN_SITES_SET, campaign, sites=len(campaign.embedding_sites))


def choose_hero(actor: str, campaign: Campaign, story_id: str | None) -> None:
    """Whose picture stands at the head, or nobody's. Raises `NotFound` for a story that the campaign did not choose."""
    if story_id is not None and story_id not in {item.story_id for item in items_of(campaign.id)}:
        raise NotFound
    campaign.hero_id = story_id
    note(actor, Verb.CAMPAIGN_HERO_CHOSEN, campaign, story=story_id or "")


def obstacles(campaign: Campaign) -> list[str]:
    """The codes of the sentences that say why a campaign cannot be announced; none when it can."""
    found = []
    if untold(campaign.languages, campaign.title, campaign.text):
        found.append("campaign_untold")
    if has_ended(campaign.closes_at, clock.now()):
        found.append("campaign_past")
    if not blocks_of(campaign.id):
        found.append("campaign_empty")
    return found


def announce(actor: str, campaign: Campaign) -> None:
    """From now on families are asked about it, and from its first day on everybody sees it. Raises `Conflict`."""
    if campaign.announced_at is not None:
        raise Conflict("not_in_this_state")
    for code in obstacles(campaign):
        raise Conflict(code)
    campaign.announced_at = clock.now()
    note(actor, Verb.CAMPAIGN_ANNOUNCED, campaign)


def note_looks(actor: str, campaign: Campaign, story_ids: Iterable[str]) -> None:
    """A curator looked at stories; those that the public cannot see yet are in the log, each look once."""
    for story_id in sorted(unseen(story_ids)):
        record(actor, Verb.STORY_VIEWED, story_id, campaign=campaign.id)
