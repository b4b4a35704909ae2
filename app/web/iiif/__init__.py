"""IIIF Presentation 3: the stories for the viewers of libraries and archives. Only the showcase is asked."""

from flask import Blueprint

bp = Blueprint("iiif", __name__, url_prefix="/iiif")

from app.web.iiif import views  # noqa: E402, F401  (the views register themselves)
