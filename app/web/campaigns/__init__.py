"""Public campaign pages."""

from flask import Blueprint

bp = Blueprint("campaigns", __name__, url_prefix="/campaigns")

from app.web.campaigns import (  # noqa: E402  (the views register themselves)
    brief as brief,
    exhibition as exhibition,
    pages as pages,
    press as press,
    press_kit as press_kit,
    printed as printed,
    sharing as sharing,
)
