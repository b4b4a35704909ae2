"""How far the stories reached, for the team: numbers, a plot and a file."""

from flask import Blueprint

from app.web.locale import remember_language

bp = Blueprint("impact", __name__, url_prefix="/staff/impact")
bp.before_request(remember_language)

from app.web.impact import pages  # noqa: E402, F401  (the views register themselves)
