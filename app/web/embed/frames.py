"""What stands in a frame on somebody else's page: chrome-free, without a cookie, and never an empty box."""

from flask import Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.campaigns.queries import public_campaign
from app.campaigns.rules import has_ended, is_slug
from app.errors import EyesError, Gone, NotFound
from app.extensions import is_id
from app.release import elsewhere
from app.release.queries import Filters, shown_at, wall
from app.web import fragments
from app.web.absolute import absolute
from app.web.campaign_page import public_page
from app.web.embed import bp
from app.web.embed.look import SELECTION, SHAPES, Look, how_many
from app.web.errors import from_domain
from app.web.framing import EVERYWHERE, OURSELVES, any_site
from app.web.guard import Audience, open_to
from app.web.headers import allow_framing
from app.web.readings import reading_of

FRAMES = ("embed.campaign", "embed.story", "embed.selection")


@bp.get("/embed/campaigns/<slug>")
@open_to(Audience.PUBLIC, shapes=SHAPES)
def campaign(slug: str) -> str:
    """A campaign's blocks, with the stories that other sites may show too; for the sites it allows."""
    found = public_campaign(slug, clock.now())
    if found is None:
        raise NotFound
    allow_framing([OURSELVES, *found.embedding_sites])
    over = has_ended(found.closes_at, clock.now())
    return render_template("embed/campaign.html", **public_page(found, "embed"), over=over, look=_look())


@bp.get("/embed/stories/<story_id>")
@open_to(Audience.PUBLIC, shapes=SHAPES)
def story(story_id: str) -> Response:
    """One story, while other sites may show it; afterwards 410 and a kind sentence."""
    item = elsewhere.framed(story_id)
    allow_framing(any_site())
    page = absolute("gallery.story", story_id=story_id) if shown_at("gallery", [story_id]) else ""
    reading = reading_of(item)
    return fragments.page("embed/story.html", item, page, item=item, reading=reading, page=page, look=_look())


@bp.get("/embed/stories")
@open_to(Audience.PUBLIC, shapes=SHAPES | SELECTION)
def selection() -> Response:
    """The newest stories that other sites may show, narrowed as the gallery is."""
    values = request.args.to_dict()
    filters = Filters.read(values)
    allow_framing(any_site())
    found = wall(filters, place="embed")
    items = tuple(found.items[: how_many(values)])
    ids = [item.story_id for item in items]
    alone = sorted(set(ids) - shown_at("gallery", ids))
    return fragments.page(
        "embed/selection.html",
        *(items, tuple(alone), found.too_few),
        items=items,
        too_few=found.too_few,
        filters=filters,
        pages={story_id: url_for("embed.story", story_id=story_id) for story_id in alone},
        look=_look(),
    )


@bp.get("/embed/not-here")
@open_to(Audience.PUBLIC, query=("campaign", "story"))
def not_here() -> ResponseReturnValue:
    """Why this site's frame stays without the page that was asked for, and where the page is."""
    words = _("This site is not one of those that may show this here. You can look at it on our own page.")
    return _message(_("Not in this frame"), words, _own_page(), _("See it on Eyes on Me"), 403)


def _own_page() -> str:
    """Where a visitor can look at what a site may not hold: it is there at this moment, or else the gallery is."""
    slug, story_id = request.args.get("campaign", ""), request.args.get("story", "")
    if is_slug(slug) and public_campaign(slug, clock.now()) is not None:
        return absolute("campaigns.page", slug=slug)
    for place, endpoint in (("gallery", "gallery.story"), ("embed", "embed.story")):
        if is_id(story_id) and shown_at(place, [story_id]):
            return absolute(endpoint, story_id=story_id)
    return absolute("gallery.wall")


@bp.errorhandler(Gone)
@bp.errorhandler(NotFound)
def refused(error: EyesError) -> ResponseReturnValue:
    """In a frame a refusal is as small as what it stands for, and can be seen on every site."""
    if request.endpoint not in FRAMES:
        return from_domain(error)
    address, link = absolute("gallery.wall"), _("Look at the gallery")
    if isinstance(error, Gone):
        words = _("It was here, and the child or the family decided to take it back. That is their right.")
        return _message(_("This story has been taken back"), words, address, link, 410)
    return _message(_("There is nothing here"), _("We cannot find this."), address, link, 404)


def _message(title: str, words: str, address: str, link: str, status: int) -> Response:
    """A sentence, and a link to something that is there."""
    allow_framing(EVERYWHERE)
    said = {"title": title, "words": words, "address": address, "link": link, "status": status}
    response = make_response(render_template("embed/message.html", look=_look(), **said), status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _look() -> Look:
    return Look.read(request.args)
