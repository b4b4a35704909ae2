"""`/oai`: OAI-PMH 2.0, for archives that harvest and must hear what was taken back. Only the showcase is asked."""

from flask import Blueprint

bp = Blueprint("oai", __name__)

from app.web.oai import views  # noqa: E402, F401  (the views register themselves)
