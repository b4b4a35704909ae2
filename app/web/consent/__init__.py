"""A guardian reads the story, answers for each place, says it once more, and takes it back."""

from flask import Blueprint, request

from app.web import intake
from app.web.locale import remember_language

bp = Blueprint("consent", __name__, url_prefix="/consent")


@bp.url_value_preprocessor
def allow_a_recording(_endpoint: str | None, _values: dict[str, object] | None) -> None:
    """A larger body for the one address that takes a file, before the token in the form is looked for."""
    intake.widen(request, forms=(), files=("consent.keep_voice",))


bp.before_request(remember_language)

from app.web.consent import (  # noqa: E402  (views)
    answer as answer,
    confirm as confirm,
    erase as erase,
    fresh as fresh,
    history as history,
    majority as majority,
    other as other,
    read as read,
    receipt as receipt,
    suspend as suspend,
    voice as voice,
    who as who,
)
