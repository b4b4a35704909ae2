"""A colour of somebody's choice, made readable on our paper. Plain arithmetic: WCAG 2.2, relative luminance."""

from collections.abc import Iterable

HEX = "[0-9A-Fa-f]{6}"
LEAST = 4.5
"""The contrast of words to what they stand on."""
DAY, NIGHT = "fdeec7", "3b3420"
"""Of all that words of this colour stand on, what is nearest to them: by day the darkest, at night the lightest."""
BLACK, WHITE = "000000", "ffffff"
STEPS = 20

RED, GREEN, BLUE = 0.2126, 0.7152, 0.0722


def stylesheet(colour: str) -> str:
    """The rules that put this colour on links, buttons and ledges; darker by day and lighter at night where needed."""
    values = {
        "accent": colour,
        "on-accent": max((BLACK, WHITE), key=lambda words: contrast(words, colour)),
        "accent-day": readable(colour, DAY, BLACK),
        "accent-night": readable(colour, NIGHT, WHITE),
    }
    return f":root,:host{{{';'.join(f'--{name}:#{value}' for name, value in values.items())}}}\n"


def readable(colour: str, ground: str, towards: str) -> str:
    """The nearest colour on the way `towards` black or white that can be read on `ground`."""
    shades = (mixed(colour, towards, step / STEPS) for step in range(STEPS + 1))
    return next((shade for shade in shades if contrast(shade, ground) >= LEAST), towards)


def contrast(one: str, other: str) -> float:
    """The ratio of two colours, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """How light a colour is, from 0 to 1."""
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return RED * red + GREEN * green + BLUE * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def mixed(one: str, other: str, share: float) -> str:
    """A colour between two: `share` of the other."""
    return _colour(round(a + (b - a) * share) for a, b in zip(_parts(one), _parts(other), strict=True))


def _parts(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour))


def _colour(parts: Iterable[int]) -> str:
    return bytes(parts).hex()
