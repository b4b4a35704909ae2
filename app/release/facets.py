"""Themes and media as bits, so that one number answers "has this theme?" the same way on every database; and what a
story can be narrowed by as tokens, so that one index answers for words and filters together. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.stories.rules import Medium, Theme

THEME_BITS = {theme.value: 1 << position for position, theme in enumerate(Theme)}
MEDIUM_BITS = {medium.value: 1 << position for position, medium in enumerate(Medium)}


def mask_of_themes(themes: Iterable[str]) -> int:
    """One bit for each theme."""
    return sum(THEME_BITS[theme] for theme in set(themes))


def mask_of_media(*, drawing: bool, text: bool, sound: bool) -> int:
    """One bit for each medium a story is shown with."""
    present = {Medium.DRAWING: drawing, Medium.TEXT: text, Medium.SOUND: sound}
    return sum(MEDIUM_BITS[medium.value] for medium, there in present.items() if there)


def media_in(mask: int) -> list[str]:
    """The names of the media in a mask."""
    return [name for name, bit in MEDIUM_BITS.items() if mask & bit]


def facet_token(name: str, value: str) -> str:
    """What the index holds for a filter and its value; no word has such a sign in it."""
    return f"{name[0]}_{value.lower()}"


def facet_tokens(showing: Mapping[str, Any]) -> set[str]:
    """Everything that the row of a showing can be narrowed by."""
    values = {"country": showing["country"], "language": showing["locale"], "age": showing["age_band"]}
    single = {facet_token(name, value) for name, value in values.items() if value}
    themes = {facet_token("theme", name) for name, bit in THEME_BITS.items() if showing["theme_mask"] & bit}
    return single | themes | {facet_token("medium", name) for name in media_in(showing["medium_mask"])}
