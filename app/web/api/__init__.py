"""JSON for programs: the gallery's stories that other sites may show too. Only the showcase is asked."""

from flask import Blueprint

bp = Blueprint("api", __name__, url_prefix="/api/v1")

from app.web.api import pages, views  # noqa: E402, F401  (the views register themselves)
