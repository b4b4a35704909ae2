"""Themes and media as bits, so that one number answers "has this theme?" the same way on every database. Pure."""

from collections.abc import Iterable

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
