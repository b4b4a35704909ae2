"""The campaigns that run, and one of them with its blocks and the snippet that embeds it."""

from flask import render_template, url_for

from app import clock
from app.adapters import outside
from app.campaigns.models import Campaign
from app.campaigns.queries import open_campaigns, public_campaign
from app.campaigns.rules import in_language
from app.consent.rules import campaign_scope
from app.errors import Gone, NotFound
from app.release import queries
from app.web.campaign_page import public_page
from app.web.campaigns import bp
from app.web.guard import Audience, open_to
from app.web.locale import page_code
from app.web.readings import reading_of


@bp.get("")
@open_to(Audience.PUBLIC)
def index() -> str:
    """Every campaign that runs now."""
    return render_template("campaigns/index.html", campaigns=open_campaigns(clock.now()))


@bp.get("/<slug>")
@open_to(Audience.PUBLIC)
def page(slug: str) -> str:
    """One campaign. Before it opens there is no such page; after it closed, the page says so and shows nothing."""
    campaign = public_campaign(slug, clock.now())
    if campaign is None:
        raise NotFound
    over = campaign.closes_at is not None and campaign.closes_at <= clock.now()
    return render_template("campaigns/page.html", **public_page(campaign), over=over, snippet=snippet(campaign))


@bp.get("/<slug>/stories/<story_id>")
@open_to(Audience.PUBLIC, query=("in",))
def story(slug: str, story_id: str) -> str:
    """One story as the campaign shows it: it may be one that the gallery does not. Afterwards 410, as everywhere."""
    campaign = public_campaign(slug, clock.now())
    if campaign is None:
        raise NotFound
    item = queries.story(story_id, (campaign_scope(campaign.id),))
    if item is None:
        raise Gone if queries.has_departed(story_id) else NotFound
    return render_template("campaigns/story.html", item=item, campaign=campaign, reading=reading_of(item))


def snippet(campaign: Campaign) -> str:
    """The HTML that a campaigner copies: a frame without scripts, whose links open in a tab of their own."""
    path = url_for("embed.campaign", slug=campaign.slug, lang=page_code())
    return render_template(
        "campaigns/snippet.html",
        address=outside().settings.public_url + path,
        title=in_language(campaign.title, page_code()),
    )
