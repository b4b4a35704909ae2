"""Logging in and out of the staff area."""

from flask import Blueprint

from app.web.locale import remember_language

bp = Blueprint("account", __name__, url_prefix="/staff")
bp.before_request(remember_language)

from app.web.account import views  # noqa: E402, F401  (the views register themselves)
