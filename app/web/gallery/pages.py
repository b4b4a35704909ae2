"""Home, the wall, one story, and what this is about."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app import clock
from app.campaigns.queries import open_campaigns
from app.errors import Gone, NotFound
from app.release import queries
from app.release.queries import Filters
from app.web.gallery import bp
from app.web.gallery.choices import filter_fields
from app.web.guard import Audience, open_to

ON_THE_FRONT_PAGE = 8


@bp.get("/")
@open_to(Audience.PUBLIC)
def home() -> str:
    """What this is, the newest stories, and the campaigns that run."""
    return render_template(
        "gallery/home.html",
        items=queries.wall(Filters()).items[:ON_THE_FRONT_PAGE],
        campaigns=open_campaigns(clock.now()),
    )


@bp.get("/gallery")
@open_to(Audience.PUBLIC, query=("theme", "country", "language", "medium", "age", "after"))
def wall() -> str:
    """One page of the wall, narrowed by the visitor."""
    filters = Filters.read(request.args.to_dict())
    page = queries.wall(filters, request.args.get("after", ""))
    return render_template("gallery/wall.html", page=page, filters=filters, filter_fields=filter_fields)


@bp.get("/stories/<story_id>")
@open_to(Audience.PUBLIC)
def story(story_id: str) -> ResponseReturnValue:
    """One story, while it is in the gallery; afterwards 410 and a kind sentence."""
    item = queries.story(story_id)
    if item is None:
        raise Gone if queries.has_departed(story_id) else NotFound
    return render_template("gallery/story.html", item=item)


@bp.get("/about")
@open_to(Audience.PUBLIC)
def about() -> str:
    """Who made this and what is promised to the children."""
    return render_template("gallery/about.html")
