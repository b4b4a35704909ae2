"""The consent texts as sounds, for those who do not read."""

from flask import Blueprint, Response, send_file

from app.consent.publishing import releases
from app.consent.texts import sound_file, sounds
from app.errors import NotFound
from app.web.guard import Audience, open_to
from app.web.locale import CODES

bp = Blueprint("consent_texts", __name__)

LONG = 365 * 24 * 60 * 60
"""Seconds; what was published never changes."""


@bp.get("/consent-texts/<text_id>/<version>/<locale>/<name>.mp3")
@open_to(Audience.PUBLIC)
def sound(text_id: str, version: str, locale: str, name: str) -> Response:
    """One question, or what is said around all of them, spoken; only of a version that is, or was, asked here."""
    published = {str(release.version): release.version for release in releases(text_id)}
    if version not in published or locale not in CODES or name not in sounds(text_id):
        raise NotFound
    path = sound_file(text_id, published[version], locale, name)
    response = send_file(path, mimetype="audio/mpeg", max_age=LONG)
    response.cache_control.immutable = True
    return response
