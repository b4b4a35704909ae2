"""What other people's sites hold: pages for frames, a script, oEmbed, and a page that makes the lines to copy; and
where those sites answer when a story was taken back. Only the showcase is asked."""

from flask import Blueprint

bp = Blueprint("embed", __name__)

from app.web.embed import acknowledge, builder, files, frames, oembed  # noqa: E402, F401  (the views register themselves)
