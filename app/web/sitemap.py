"""`/sitemap.xml` and its parts: every page that a search engine may show. Feeds and data are none."""

from flask import Blueprint, Response, render_template

from app import clock
from app.campaigns.queries import open_campaigns
from app.errors import NotFound
from app.release import catalogue
from app.web.absolute import absolute
from app.web.guard import Audience, open_to

bp = Blueprint("sitemap", __name__)

PAGES = ("gallery.home", "gallery.wall", "gallery.about", "campaigns.index")


@bp.get("/sitemap.xml")
@open_to(Audience.PUBLIC)
def index() -> Response:
    """The parts: the pages, and the stories month by month."""
    names = ["pages", *(part.name for part in catalogue.parts())]
    return xml("sitemap/index.xml", addresses=[absolute("sitemap.part", name=name) for name in names])


@bp.get("/sitemap/<name>.xml")
@open_to(Audience.PUBLIC)
def part(name: str) -> Response:
    """The addresses of one part, stories with the day on which each was first shown as it is."""
    if name == "pages":
        pages = [absolute(page) for page in PAGES]
        pages += [absolute("campaigns.page", slug=campaign.slug) for campaign in open_campaigns(clock.now())]
        return xml("sitemap/part.xml", addresses=[(address, None) for address in pages])
    found = catalogue.named(name)
    shown = catalogue.shown_in(found) if found else []
    if not shown:
        raise NotFound
    stories = absolute("gallery.story", story_id="-").removesuffix("-")
    return xml("sitemap/part.xml", addresses=[(stories + story_id, day) for story_id, day in shown])


def xml(template: str, **values: object) -> Response:
    """A sitemap; Jinja escapes what it prints in a file of this kind."""
    return Response(render_template(template, **values), mimetype="application/xml")
