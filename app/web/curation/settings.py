"""What a campaign says of itself: a new one, and one that is changed."""

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.adapters.queue import rollback
from app.campaigns.models import Campaign
from app.campaigns.rules import faults_of
from app.curation.actions import change_campaign, create_campaign, faults_of_sites, faults_of_slug, set_embedding_sites
from app.errors import Conflict, EyesError, Faulty, Invalid
from app.people.permissions import Permission
from app.web.curation import bp
from app.web.curation.page import builder, find_campaign, sentences, take_shown
from app.web.curation.typed import CODES, Typed, lines, naming_lines, read_typed, typed_of
from app.web.guard import Audience, open_to
from app.web.login import me
from app.web.transaction import writes
from app.web.words import sentence

UNFIT, STALE = 422, 409


@bp.get("/new")
@open_to(Audience.STAFF, Permission.CAMPAIGN_BUILD)
@writes
def new() -> str:
    """An empty form."""
    return render(None, Typed(languages=["en"]))


@bp.post("/new")
@open_to(Audience.STAFF, Permission.CAMPAIGN_BUILD)
@writes
def create() -> ResponseReturnValue:
    """A new campaign, which nobody sees before it is announced."""
    typed = read_typed()
    try:
        _check(typed, None)
        campaign = create_campaign(me().id, typed.slug, typed.plan(None))
        if lines(typed.sites):
            set_embedding_sites(me().id, campaign, lines(typed.sites))
    except Invalid as refusal:
        rollback()
        return render(None, typed, refusal), UNFIT
    flash(gettext("The campaign is made. Nobody sees it before you announce it."), "good")
    return redirect(builder(campaign.id), 303)


@bp.get("/<campaign_id>/settings")
@open_to(Audience.STAFF, Permission.CAMPAIGN_BUILD)
@writes
def settings(campaign_id: str) -> str:
    """What it says now."""
    campaign = find_campaign(campaign_id)
    return render(campaign, typed_of(campaign))


@bp.post("/<campaign_id>/settings")
@open_to(Audience.STAFF, Permission.CAMPAIGN_BUILD)
@writes
def change(campaign_id: str) -> ResponseReturnValue:
    """Change it all at once, or nothing. A stale form comes back with what was typed and what is there now."""
    typed = read_typed()
    try:
        campaign = take_shown(campaign_id)
        _check(typed, campaign)
        plan, sites = typed.plan(campaign), lines(typed.sites)
        if sites != campaign.embedding_sites:
            set_embedding_sites(me().id, campaign, sites)
        change_campaign(me().id, campaign, plan)
    except (Invalid, Conflict) as refusal:
        rollback()
        return render(find_campaign(campaign_id), typed, refusal), STALE if isinstance(refusal, Conflict) else UNFIT
    flash(gettext("Saved."), "good")
    return redirect(builder(campaign_id), 303)


def _check(typed: Typed, campaign: Campaign | None) -> None:
    """Say everything that cannot be read together with everything that cannot be kept."""
    if faults := typed.faults | faults_of_sites(lines(typed.sites)):
        slug = faults_of_slug(typed.slug) if campaign is None else {}
        raise Faulty(slug | faults_of(typed.plan(campaign)) | faults)


def render(campaign: Campaign | None, typed: Typed, refusal: EyesError | None = None) -> str:
    """The form; after a stale one was sent, with what the campaign says now where that differs."""
    stale = isinstance(refusal, Conflict)
    return render_template(
        "curation/settings.html",
        campaign=campaign,
        typed=typed,
        now=typed_of(campaign) if stale and campaign else None,
        codes=CODES,
        errors=naming_lines(sentences(refusal), typed) if refusal else {},
        refusal=sentence(refusal.code) if refusal and stale else None,
    )
