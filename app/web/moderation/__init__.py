"""The queue, the review of one story, and what is decided about it."""

from flask import Blueprint

from app.web.locale import remember_language

bp = Blueprint("moderation", __name__, url_prefix="/staff/review")
bp.before_request(remember_language)

from app.web.moderation import claims, decisions, helping, queue, review  # noqa: E402, F401  (the views register themselves)
