"""Feeds for readers: the newest stories, and a campaign's, as Atom and as JSON Feed. Only the showcase is asked."""

from flask import Blueprint

bp = Blueprint("feeds", __name__, url_prefix="/feeds")

from app.web.feeds import views  # noqa: E402, F401  (the views register themselves)
