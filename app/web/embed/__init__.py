"""Pages for other people's sites: the only ones that can be framed; and where those sites answer."""

from flask import Blueprint

bp = Blueprint("embed", __name__, url_prefix="/embed")

from app.web.embed import acknowledge, pages  # noqa: E402, F401  (the views register themselves)
