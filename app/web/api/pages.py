"""The API's own description, for programs and for people."""

from flask import Response, jsonify, render_template

from app.adapters import outside
from app.web.api import bp
from app.web.api.openapi import ROOT, document
from app.web.guard import Audience, open_to


@bp.get("/openapi.json")
@open_to(Audience.PUBLIC)
def openapi() -> Response:
    """The OpenAPI document."""
    return jsonify(document(outside().settings.public_url))


@bp.get("/")
@open_to(Audience.PUBLIC)
def index() -> str:
    """The same document as a page."""
    return render_template("api/index.html", document=document(outside().settings.public_url), root=ROOT)
