"""The campaigns that run, and one of them with its blocks and the snippet that embeds it."""

from flask import render_template

from app.campaigns.models import Campaign
from app.campaigns.rules import in_language
from app.consent.rules import campaign_scope
from app.errors import Gone, NotFound
from app.release import queries
from app.web.absolute import absolute
from app.web.campaign_page import public_page, running
from app.web.campaigns import bp
from app.web.campaigns.found import find, is_over, outputs_of
from app.web.embedding import frame_code
from app.web.guard import Audience, open_to
from app.web.labels import credit_of
from app.web.locale import page_code
from app.web.readings import reading_of


@bp.get("")
@open_to(Audience.PUBLIC)
def index() -> str:
    """Every campaign that runs now."""
    return render_template("campaigns/index.html", campaigns=running())


@bp.get("/<slug>")
@open_to(Audience.PUBLIC)
def page(slug: str) -> str:
    """One campaign. Before it opens there is no such page; after it closed, the page says so and shows nothing."""
    campaign = find(slug)
    return render_template(
        "campaigns/page.html",
        **public_page(campaign),
        over=is_over(campaign),
        snippet=snippet(campaign),
        outputs=outputs_of(campaign),
        public=True,
    )


@bp.get("/<slug>/stories/<story_id>")
@open_to(Audience.PUBLIC, query=("in",))
def story(slug: str, story_id: str) -> str:
    """One story as the campaign shows it: it may be one that the gallery does not. Afterwards 410, as everywhere."""
    campaign = find(slug)
    place = campaign_scope(campaign.id)
    item = queries.story(story_id, (place,))
    if item is None:
        raise Gone if queries.has_left_campaign(story_id, place) else NotFound
    address = absolute("campaigns.story", slug=slug, story_id=story_id)
    return render_template(
        "campaigns/story.html", item=item, campaign=campaign, reading=reading_of(item), credit=credit_of(item, address)
    )


def snippet(campaign: Campaign) -> str:
    """The line that a campaigner copies."""
    address = absolute("embed.campaign", slug=campaign.slug, lang=page_code())
    return frame_code(address, in_language(campaign.title, page_code()))
