"""The public wall, the story pages, and the files they show. Only the showcase is asked."""

from flask import Blueprint

bp = Blueprint("gallery", __name__)

from app.web.gallery import media, pages, sharing, voices  # noqa: E402, F401  (the views register themselves)
