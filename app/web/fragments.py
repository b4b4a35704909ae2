"""Parts of pages that are the same for everybody, rendered once and kept: the tiles of a wall, the frame around it.

A part is found by everything it was made from: its language, the `?lang=` that its links carry, and what the caller
names; a tile by the very text of its row. The rows themselves come from the database at each request, so nothing that
was taken back can be printed from here.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, cast

from flask import Flask, current_app, g, request
from markupsafe import Markup

from app.release.queries import Item
from app.web.locale import asked_language, page_code
from app.web.memory import Memory

ROOM = 16 * 2**20
"""Bytes in each process; some thousands of tiles."""
OVERHEAD = 500
BYTES_A_SIGN = 2


def connect(app: Flask) -> None:
    """Give `app` its memory, and its templates the two ways to it."""
    app.extensions["fragments"] = Memory[Markup](ROOM)
    app.jinja_env.globals.update(kept=kept, tiles=tiles)


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
        g.surroundings = (page_code(), asked_language(), request.root_path)
    return cast(tuple[str, ...], g.surroundings)


def _keep(key: tuple[Hashable, ...], render: Callable[[], Markup]) -> Markup:
    memory: Memory[Markup] = current_app.extensions["fragments"]
    part = memory.get(key)
    if part is None:
        part = render()
        memory.put(key, part, OVERHEAD + BYTES_A_SIGN * (len(part) + sum(len(str(word)) for word in key)))
    return part
