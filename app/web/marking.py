"""Showing why something was found: the words that were looked for, marked where they stand."""

from collections.abc import Iterator
from typing import NamedTuple

from flask import Flask
from markupsafe import Markup, escape

from app.release.beside import said_in_words
from app.release.queries import Item
from app.release.tokens import places_of, terms_of
from app.web.locale import page_code
from app.web.readings import title_beside
from app.web.templating import tag_of

BEFORE, LINE = 40, 140
"""Signs of a text that are shown in front of the first word that was found, and in all."""


def connect(app: Flask) -> None:
    """Give the templates of `app` the two ways to mark."""
    app.jinja_env.globals.update(marked=marked, found_in=found_in)


class Found(NamedTuple):
    """Why a story was found; `source` says who else than the child put it so: `said`, `translation`, `picture`."""

    line: Markup
    tag: str
    source: str = ""


class _Passage(NamedTuple):
    source: str
    code: str
    words: str


def found_in(item: Item, query: str) -> Found | None:
    """The line in which a story has what was looked for; None where its titles show it already.

    The child's own words come first, then what others wrote in the child's language, in the page's, and in any other.
    """
    if line := found_line(item.text, query):
        return Found(line, tag_of(item.locale))
    terms, page = terms_of(query), page_code()
    if any(places_of(title, terms) for title in (item.title, title_beside(item))):
        return None
    passages = sorted(_beside(item), key=lambda each: (each.code != item.locale, each.code != page))
    found = ((found_line(each.words, query), each) for each in passages)
    return next((Found(line, tag_of(each.code), each.source) for line, each in found if line), None)


def _beside(item: Item) -> Iterator[_Passage]:
    for recording in (*item.sounds, *item.body.get("unheard", ())):
        for code in recording.get("transcripts", {}):
            yield _Passage("said", code, said_in_words(recording, code))
    for code, translation in item.body.get("translations", {}).items():
        yield from (_Passage("translation", code, words) for words in translation.values())
    for image in item.images:
        yield from (_Passage("picture", code, words) for code, words in image.get("alts", {}).items())


def marked(text: str, query: str) -> Markup:
    """A text in which each word of the query stands in `<mark>`."""
    return _mark(text, places_of(text, terms_of(query)) if query else [])


def found_line(text: str, query: str) -> Markup:
    """The piece of a text around the first word that was found; nothing where none was."""
    places = places_of(text, terms_of(query)) if query else []
    if not places:
        return Markup()
    start = max(places[0][0] - BEFORE, 0)
    if start:
        start = text.find(" ", start, places[0][0]) + 1 or start
    end = max(start + LINE, places[0][1])
    if end < len(text):
        space = text.rfind(" ", places[0][1], end)
        end = end if space < 0 else space
    inside = [(one - start, other - start) for one, other in places if other <= end]
    line = _mark(text[start:end], inside)
    return Markup("{}{}{}").format("…" if start else "", line, "…" if end < len(text) else "")


def _mark(text: str, places: list[tuple[int, int]]) -> Markup:
    parts, done = [], 0
    for start, end in places:
        parts += [escape(text[done:start]), Markup("<mark>{}</mark>").format(text[start:end])]
        done = end
    return Markup().join([*parts, escape(text[done:])])
