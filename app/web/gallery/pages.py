"""Home, the wall, one story, and what this is about."""

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from app.errors import Gone, NotFound
from app.release import queries, search
from app.release.beside import vtt_of
from app.release.policy import is_online
from app.release.queries import Filters, Item
from app.release.tokens import tidy
from app.web import fragments
from app.web.absolute import absolute
from app.web.campaign_page import running
from app.web.choices import filter_fields
from app.web.gallery import bp
from app.web.gallery.media import say_who_may_show
from app.web.guard import Audience, open_to
from app.web.labels import credit_of
from app.web.readings import reading_of
from app.web.templating import tag_of

ON_THE_FRONT_PAGE = 8


@bp.get("/")
@open_to(Audience.PUBLIC)
def home() -> str:
    """What this is, the newest stories, and the campaigns that run."""
    return render_template(
        "gallery/home.html",
        items=queries.wall(Filters()).items[:ON_THE_FRONT_PAGE],
        campaigns=running(),
    )


@bp.get("/gallery")
@open_to(Audience.PUBLIC, query=("q", "theme", "country", "language", "medium", "age", "after"))
def wall() -> Response:
    """One page of the wall, narrowed by the visitor and by the words they look for."""
    filters, query = Filters.read(request.args.to_dict()), tidy(request.args.get("q", ""))
    page = search.gallery(query, filters, request.args.get("after", ""))
    better = None if page.items or page.too_few else search.suggestion(query, filters)
    made_from = (tuple(page.items), page.after, page.too_few, query, better, filters)
    return fragments.page(
        "gallery/wall.html",
        *made_from,
        page=page,
        query=query,
        better=better,
        filters=filters,
        filter_fields=filter_fields,
    )


@bp.get("/stories/<story_id>")
@open_to(Audience.PUBLIC, query=("in",))
def story(story_id: str) -> ResponseReturnValue:
    """One story, in one of its languages (`?in=ro`), while it is in the gallery; afterwards 410 and a kind sentence."""
    item = find(story_id)
    embeddable = bool(queries.shown_at("embed", [story_id]))
    more = queries.sharing_theme(item)
    return fragments.page(
        "gallery/story.html",
        item,
        embeddable,
        tuple(more),
        item=item,
        reading=reading_of(item),
        embeddable=embeddable,
        more=more,
        credit=credit_of(item, absolute("gallery.story", story_id=story_id)),
    )


@bp.get("/stories/<story_id>/transcripts/<int:number>/<code>.vtt")
@open_to(Audience.PUBLIC)
def transcript(story_id: str, number: int, code: str) -> Response:
    """What is said in one of its recordings, as WebVTT, while the story can be seen at an address of ours."""
    places = [place for place in queries.places_now(story_id) if is_online(place)]
    item = queries.story(story_id, places)
    if item is None:
        raise Gone if queries.has_departed(story_id) else NotFound
    sounds = item.sounds
    cues = sounds[number - 1].get("transcripts", {}).get(code) if 0 < number <= len(sounds) else None
    if cues is None:
        raise NotFound
    response = Response(vtt_of(cues, tag_of(code)), content_type="text/vtt; charset=utf-8")
    say_who_may_show(response, anywhere="embed" in places)
    return response


def find(story_id: str) -> Item:
    """A story of the gallery. Raises `Gone` once it was taken back, `NotFound` for any other."""
    item = queries.story(story_id)
    if item is None:
        raise Gone if queries.has_left_gallery(story_id) else NotFound
    return item


@bp.get("/about")
@open_to(Audience.PUBLIC)
def about() -> str:
    """Who made this and what is promised to the children."""
    return render_template("gallery/about.html")
