"""Pages for other people's sites: the only ones that can be framed."""

from flask import Blueprint

bp = Blueprint("embed", __name__, url_prefix="/embed")

from app.web.embed import pages  # noqa: E402, F401  (the views register themselves)
