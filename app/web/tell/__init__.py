"""Telling a story: no account, one question at a time, nothing lost."""

from flask import Blueprint, request

from app.web import intake
from app.web.locale import remember_language

bp = Blueprint("tell", __name__, url_prefix="/tell")


@bp.url_value_preprocessor
def allow_files(_endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Larger bodies for the addresses that take files, before the token in the form is looked for."""
    intake.widen(request, forms=("tell.save_story", "tell.remove_file"), files=("tell.receive_file",))


bp.before_request(remember_language)

from app.web.tell import about, answers, card, guardian, look, start, story  # noqa: E402, F401  (views)
