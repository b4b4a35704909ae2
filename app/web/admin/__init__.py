"""The staff's front page and the audit log."""

from flask import Blueprint

from app.web.locale import remember_language

bp = Blueprint("admin", __name__, url_prefix="/staff")
bp.before_request(remember_language)

from app.web.admin import audit, home  # noqa: E402, F401  (the views register themselves)
