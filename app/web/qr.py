"""Addresses for a telephone's camera."""

import segno
from markupsafe import Markup

MASK = 2
"""Every camera reads all eight masks. To draw a code with each and keep the evenest takes five times as long, and on
our addresses this one comes within a few per cent of it."""


def qr(address: str) -> Markup:
    """An inline SVG, dark on white in every look, that a telephone's camera reads as `address`."""
    drawn = segno.make(address, error="m", micro=False, mask=MASK)
    return Markup(drawn.svg_inline(border=2, dark="#000", light="#fff", omitsize=True))  # noqa: S704 (made by segno)
