"""What the builder's pages share: finding a campaign, acting on the version that a form showed, and refusing kindly."""

import re
from collections.abc import Callable

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString

from app.adapters.queue import rollback
from app.campaigns.models import Campaign
from app.curation.actions import take
from app.errors import Conflict, EyesError, Faulty, Invalid, NotFound
from app.extensions import db, is_id
from app.web.forms import one_line
from app.web.words import sentence

_NUMBER = re.compile(r"[0-9]{1,9}")

Act = Callable[[Campaign], object]


def find_campaign(campaign_id: str) -> Campaign:
    """Raises `NotFound`."""
    campaign = db.session.get(Campaign, campaign_id) if is_id(campaign_id) else None
    if campaign is None:
        raise NotFound
    return campaign


def named(campaign_id: str) -> str:
    """The id, when it could be one. Raises `NotFound`."""
    if not is_id(campaign_id):
        raise NotFound
    return campaign_id


def take_shown(campaign_id: str) -> Campaign:
    """The campaign to change, locked, as the form showed it. Raises `NotFound` or `Conflict`."""
    version = one_line("version")
    return take(named(campaign_id), int(version) if _NUMBER.fullmatch(version) else 0)


def sentences(refusal: EyesError) -> dict[str, LazyString]:
    """A sentence for each field that a refusal is about; none for one that is about no field."""
    if isinstance(refusal, Faulty):
        return {field: sentence(code) for field, code in refusal.faults.items()}
    if isinstance(refusal, Invalid) and refusal.field:
        return {refusal.field: sentence(refusal.code)}
    return {}


def press(campaign_id: str, act: Act, back: str) -> ResponseReturnValue:
    """One button: act, and go back to where it stood. Where nothing was typed, a refusal is only said there."""
    try:
        act(take_shown(campaign_id))
    except (Invalid, Conflict) as refusal:
        rollback()
        find_campaign(campaign_id)
        flash(str(sentence("campaign_moved" if refusal.code == "campaign_changed" else refusal.code)), "warn")
    return redirect(back, 303)


def builder(campaign_id: str, anchor: str = "") -> str:
    """The address of a campaign's builder."""
    return url_for("curation.campaign", campaign_id=campaign_id, _anchor=anchor or None)


def direction() -> str:
    """Where something shall be moved: `up`, `down`, or a place that counts from 0."""
    return request.form.get("to", "")
