"""The addresses of the feeds."""

import json
from collections.abc import Callable

from flask import Response, render_template

from app import clock
from app.campaigns.queries import public_campaign
from app.errors import NotFound
from app.web.feeds import bp
from app.web.feeds.channel import Channel, newest, of_campaign
from app.web.feeds.json_feed import feed_of
from app.web.guard import Audience, open_to


@bp.get("/stories.atom", defaults={"ending": "atom"})
@bp.get("/stories.json", defaults={"ending": "json"})
@open_to(Audience.PUBLIC)
def stories(ending: str) -> Response:
    """The newest stories."""
    return WRITTEN[ending](newest())


@bp.get("/campaigns/<slug>.atom", defaults={"ending": "atom"})
@bp.get("/campaigns/<slug>.json", defaults={"ending": "json"})
@open_to(Audience.PUBLIC)
def campaign(slug: str, ending: str) -> Response:
    """A campaign's stories, from its first day on; none any more when it is over."""
    found = public_campaign(slug, clock.now())
    if found is None:
        raise NotFound
    return WRITTEN[ending](of_campaign(found))


def as_atom(channel: Channel) -> Response:
    """Atom, RFC 4287. Jinja escapes what it prints in a file of this kind."""
    return Response(render_template("feeds/atom.xml", channel=channel), mimetype="application/atom+xml")


def as_json(channel: Channel) -> Response:
    """JSON Feed 1.1."""
    return Response(json.dumps(feed_of(channel), ensure_ascii=False), mimetype="application/feed+json")


WRITTEN: dict[str, Callable[[Channel], Response]] = {"atom": as_atom, "json": as_json}
