"""What can be put on somebody's page, found by its address here, with all that an embed says of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from flask import current_app
from flask_babel import force_locale, gettext as _
from werkzeug.exceptions import HTTPException

from app import clock
from app.adapters import outside
from app.campaigns.queries import public_campaign
from app.campaigns.rules import has_ended, in_language, is_slug
from app.errors import NotFound
from app.release import elsewhere
from app.release.queries import Filters, Item, may_stand_for_others, shown_at
from app.web.absolute import absolute
from app.web.campaign_page import public_page
from app.web.embed.look import COUNT, Look, how_many
from app.web.framing import origin_of
from app.web.labels import title_of
from app.web.locale import CODES, page_code

Values = Mapping[str, str]
OVER = "campaign_over"


@dataclass(frozen=True)
class Subject:
    """A campaign, a story or a selection. `page` is its address here; `values` are the parts of its frame's address."""

    kind: str
    title: str
    page: str
    frame: str
    values: dict[str, Any]
    component: str
    """What the web component shows: the value of the attribute called like the kind."""
    size: tuple[int, int]
    author: str = ""
    images: list[dict[str, Any]] = field(default_factory=list)

    def address(self, look: Look, language: str) -> str:
        """Where its frame leads."""
        return absolute(self.frame, **self.frame_values(look, language))

    def frame_values(self, look: Look, language: str) -> dict[str, Any]:
        """All that stands in its frame's address."""
        return {**self.values, **look.query, "lang": language or None}


def campaign(slug: str) -> Subject:
    """A campaign that runs. Raises `NotFound`, once it is over with a code of its own: nobody took it back."""
    now = clock.now()
    found = public_campaign(slug, now) if is_slug(slug) else None
    if found is None:
        raise NotFound
    if has_ended(found.closes_at, now):
        raise NotFound(OVER)
    hero: Item | None = public_page(found, "embed")["hero"]
    return Subject(
        kind="campaign",
        title=in_language(found.title, page_code()),
        page=absolute("campaigns.page", slug=slug),
        frame="embed.campaign",
        values={"slug": slug},
        component=slug,
        size=(800, 720),
        images=hero.images if hero else [],
    )


def story(story_id: str) -> Subject:
    """A story that other sites may show. Raises `NotFound` or `Gone`."""
    item = elsewhere.framed(story_id)
    in_gallery = shown_at("gallery", [story_id])
    return Subject(
        kind="story",
        title=title_of(item),
        page=absolute("gallery.story" if in_gallery else "embed.story", story_id=story_id),
        frame="embed.story",
        values={"story_id": story_id},
        component=story_id,
        size=(600, 720),
        author=item.invented_name,
        images=item.images if may_stand_for_others(item) else [],
    )


def selection(values: Values) -> Subject:
    """The newest stories that other sites may show, narrowed. Raises `NotFound` for a search: no frame can hold it."""
    if values.get("q"):
        raise NotFound
    chosen, count = Filters.read(dict(values)).chosen, how_many(values)
    narrowed: dict[str, Any] = chosen | ({"count": count} if count != COUNT else {})
    return Subject(
        kind="selection",
        title=_("Stories of children whose parents work far away"),
        page=absolute("gallery.wall", **chosen),
        frame="embed.selection",
        values=narrowed,
        component="&".join(f"{name}={value}" for name, value in narrowed.items()),
        size=(800, 640),
    )


SUBJECTS: dict[str, Callable[[Values], Subject]] = {
    "gallery.wall": selection,
    "embed.selection": selection,
    "gallery.story": lambda values: story(values["story_id"]),
    "embed.story": lambda values: story(values["story_id"]),
    "campaigns.story": lambda values: story(values["story_id"]),
    "campaigns.page": lambda values: campaign(values["slug"]),
    "embed.campaign": lambda values: campaign(values["slug"]),
}
"""By the page that an address leads to."""


@dataclass(frozen=True)
class Found:
    """What an address of ours shows, how it asks to look, and in which language; empty where it does not say."""

    subject: Subject
    look: Look
    language: str


def at(address: str) -> Found:
    """What is shown at this address. Raises `NotFound` for an address that is not ours, or of nothing to embed."""
    ours = origin_of(outside().settings.public_url)
    ways = (ours, ours.replace("https:", "http:"))  # where somebody wrote http, a server leads on to https
    if origin_of(address) not in ways:
        raise NotFound
    parts = urlsplit(address)
    path = unquote(parts.path)
    try:
        endpoint, values = current_app.url_map.bind("").match(path.rstrip("/") or path, method="GET")
    except HTTPException:
        raise NotFound from None
    if endpoint not in SUBJECTS:
        raise NotFound
    query = dict(reversed(parse_qsl(parts.query)))
    language = query["lang"] if query.get("lang") in CODES else ""
    with force_locale(language or page_code()):
        return Found(SUBJECTS[endpoint](query | dict(values)), Look.read(query), language)
