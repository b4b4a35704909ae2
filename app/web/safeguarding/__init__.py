"""Safeguarding cases and suspensions, for leads only."""

from flask import Blueprint

from app.web.locale import remember_language

bp = Blueprint("safeguarding", __name__, url_prefix="/staff/cases")
bp.before_request(remember_language)

from app.web.safeguarding import cases, suspensions  # noqa: E402, F401  (the views register themselves)
