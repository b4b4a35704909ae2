"""Building campaigns: what one says, what its page is built of, which stories stand in it, and announcing it."""

from flask import Blueprint

from app.web.locale import remember_language

bp = Blueprint("curation", __name__, url_prefix="/staff/campaigns")
bp.before_request(remember_language)

from app.web.curation import blocks, campaigns, settings, stories  # noqa: E402, F401  (the views register themselves)
