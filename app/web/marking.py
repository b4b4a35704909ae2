"""Showing why something was found: the words that were looked for, marked where they stand."""

from flask import Flask
from markupsafe import Markup, escape

from app.release.tokens import places_of, terms_of

BEFORE, LINE = 40, 140
"""Signs of a text that are shown in front of the first word that was found, and in all."""


def connect(app: Flask) -> None:
    """Give the templates of `app` the two ways to mark."""
    app.jinja_env.globals.update(marked=marked, found_line=found_line)


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
