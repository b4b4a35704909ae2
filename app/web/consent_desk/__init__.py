"""The staff's consent desk: forms on paper, voices, calls; what waits for a second person; acts; lost cards.

A facilitator is never told the story, its words or files, the child's invented name or region, or whom a guardian is by
name or address: only the child's reference, languages, and what waits.
"""

from flask import Blueprint, request

from app.web import intake
from app.web.locale import remember_language

bp = Blueprint("consent_desk", __name__, url_prefix="/staff/consent")


@bp.url_value_preprocessor
def allow_files(_endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Larger bodies for the addresses that take files, before the token in the form is looked for."""
    intake.widen(request, forms=(), files=("consent_desk.take_photo", "consent_desk.take_voice"))


bp.before_request(remember_language)

from app.web.consent_desk import acts, call, cards, desk, namings, rulings, sheets, suspend, taking  # noqa: E402, F401
