"""The consent texts as sounds, for those who do not read."""

from flask import Blueprint, Response, send_file

from app.consent.texts import is_published, names, sound_file
from app.errors import NotFound
from app.people.rules import Locale
from app.web.guard import Audience, open_to

bp = Blueprint("consent_texts", __name__)

LONG = 365 * 24 * 60 * 60
"""Seconds; what was published never changes."""

LOCALES = ",".join(locale.value for locale in Locale)


@bp.get(f"/consent-texts/<any(child,guardian):text_id>/<int(max=9999):version>/<any({LOCALES}):locale>/<name>.mp3")
@open_to(Audience.PUBLIC)
def sound(text_id: str, version: int, locale: str, name: str) -> Response:
    """One question, spoken; only of a version that is, or was, asked here."""
    if name not in names(text_id) or not is_published(text_id, version):
        raise NotFound
    response = send_file(sound_file(text_id, version, locale, name), mimetype="audio/mpeg", max_age=LONG)
    response.cache_control.immutable = True
    return response
