"""Public pages and parts of them, rendered once and kept: a whole page, the tiles of a wall, the frame around it.

Each is found by everything it was made from: its language, the `?lang=` that its links carry, and what the caller
names; a page by its address and the very text of its rows, a tile by that of its row. The rows themselves come from
the database at each request, so nothing that was taken back can be printed from here. A new epoch throws away every
answer of the cache before Flask; a page whose rows are still the same is not rendered again.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, cast

from flask import Flask, Response, current_app, g, render_template, request
from markupsafe import Markup

from app.release.queries import Item
from app.web.locale import asked_language, select_locale
from app.web.memory import Memory

ROOM = 16 * 2**20
"""Bytes in each process; some thousands of tiles."""
PAGES, GONE = "pages", "gone"
"""What is there, and what is not: an address of the second kind can be made up, so it takes no room from the first."""
ROOM_FOR_GONE = 2**20
OVERHEAD = 500
BYTES_A_SIGN = 2


def connect(app: Flask) -> None:
    """Give `app` its memory, and its templates the two ways to it."""
    app.extensions["fragments"] = Memory[Markup](ROOM)
    app.extensions[PAGES] = Memory[bytes](ROOM)
    app.extensions[GONE] = Memory[bytes](ROOM_FOR_GONE)
    app.jinja_env.globals.update(kept=kept, tiles=tiles)


def page(template: str, *made_from: Hashable, memory: str = PAGES, **printed: Any) -> Response:
    """A page for everybody, rendered once for each address, language and `made_from`: all that `printed` depends on."""
    kept: Memory[bytes] = current_app.extensions[memory]
    key = (template, request.environ["QUERY_STRING"], *_surroundings(), *made_from)
    body = kept.get(key)
    if body is None:
        body = render_template(template, **printed).encode()
        kept.put(key, body, OVERHEAD + len(body) + BYTES_A_SIGN * _signs(key))
    return Response(body)


def _signs(key: tuple[Hashable, ...]) -> int:
    """About how many signs a key holds."""
    return sum(_signs(part) if isinstance(part, tuple) else len(str(part)) for part in key)


def kept(name: str, *made_from: Hashable, caller: Callable[[], Markup]) -> Markup:
    """What stands inside `{% call kept("name", …) %}`, rendered once for each language and each `made_from`."""
    return _keep((name, *made_from, *_surroundings()), caller)


def tiles(
    items: Iterable[Item], level: int = 2, site: str = "", pages: Mapping[str, str] = MappingProxyType({})
) -> Markup:
    """The pieces of a `<ul class="wall">`; with `site` the links are absolute and open a page of their own.

    `pages` are the addresses of stories, by id, that have none in the gallery.
    """
    macros: Any = current_app.jinja_env.get_template("macros/story.html").module
    around = (level, site, *_surroundings())

    def tile(item: Item) -> Markup:
        page = pages.get(item.story_id, "")
        return _keep((*item, page, *around), lambda: macros.wall_piece(item, level, site, page))

    return Markup("".join([tile(item) for item in items]))  # noqa: S704  (each was escaped by its template)


def _surroundings() -> tuple[str, ...]:
    """What any part may have been made from besides: the page's language, and where its links begin."""
    if "surroundings" not in g:
        g.surroundings = (select_locale(), asked_language(), request.root_path)
    return cast(tuple[str, ...], g.surroundings)


def _keep(key: tuple[Hashable, ...], render: Callable[[], Markup]) -> Markup:
    memory: Memory[Markup] = current_app.extensions["fragments"]
    part = memory.get(key)
    if part is None:
        part = render()
        memory.put(key, part, OVERHEAD + BYTES_A_SIGN * (len(part) + _signs(key)))
    return part
