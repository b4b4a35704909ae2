"""Public campaign pages."""

from flask import Blueprint

bp = Blueprint("campaigns", __name__, url_prefix="/campaigns")

from app.web.campaigns import pages  # noqa: E402, F401  (the views register themselves)
