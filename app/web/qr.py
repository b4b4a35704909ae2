"""Addresses for a telephone's camera."""

import segno
from markupsafe import Markup


def qr(address: str) -> Markup:
    """An inline SVG, dark on white in every look, that a telephone's camera reads as `address`."""
    drawn = segno.make(address, error="m", micro=False)
    return Markup(drawn.svg_inline(border=2, dark="#000", light="#fff", omitsize=True))  # noqa: S704 (made by segno)
