"""A guardian reads the story, answers for each place, and takes it back."""

from flask import Blueprint

from app.web.locale import remember_language

bp = Blueprint("consent", __name__, url_prefix="/consent")
bp.before_request(remember_language)

from app.web.consent import answer, read, receipt  # noqa: E402, F401  (views)
