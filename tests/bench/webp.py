"""How near a rendition comes to the picture it is made of, and what it weighs: WebP at several qualities, and AVIF.

Run it alone with `python -m tests.bench.webp`.
"""

import io

import numpy as np
from PIL import Image

from app.cli.demo_material.drawings import paint
from app.media import images
from app.media.images import WEBP_METHOD
from app.media.rules import RENDITION_TYPES, Purpose
from tests.bench.media import Row, table
from tests.factories.media import photograph

QUALITIES = (70, 75, 80, 85)
SIZE, TELEPHONE = (1600, 1200), (800, 600)
SCENE = "grandmother_house"


def pictures() -> dict[str, Image.Image]:
    """Something like a photograph, and a child's drawing as the demo paints one and photographs it."""
    drawing = Image.open(io.BytesIO(paint(SCENE, seed=1))).convert("RGB")
    return {
        "photograph": photograph(*SIZE),
        "drawing": drawing.resize(SIZE, Image.Resampling.LANCZOS),
    }


def encoded(image: Image.Image, quality: int) -> bytes:
    """The picture as WebP."""
    out = io.BytesIO()
    image.save(out, "WEBP", quality=quality, method=WEBP_METHOD)
    return out.getvalue()


def likeness(image: Image.Image, content: bytes) -> float:
    """The peak signal-to-noise ratio of `content` against the picture, in dB."""
    made = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"), np.float64)
    return float(10 * np.log10(255**2 / np.mean((made - np.asarray(image, np.float64)) ** 2)))


def rows() -> list[Row]:
    """Each picture at each quality."""
    measured = []
    for name, image in pictures().items():
        for quality in QUALITIES:
            content = encoded(image, quality)
            weight = f"{len(content) / 1000:.0f} kB, {SIZE[0]} × {SIZE[1]}"
            measured.append(Row(f"{name} at quality {quality}", likeness(image, content), " dB", None, weight))
        measured += telephone_rows(name, image.resize(TELEPHONE, Image.Resampling.LANCZOS))
    return measured


def telephone_rows(name: str, image: Image.Image) -> list[Row]:
    """The size that a telephone shows, in both of its forms."""
    made = [images.encode(purpose, image) for purpose in (Purpose.IMAGE_800, Purpose.IMAGE_AVIF_800)]
    return [
        Row(
            f"{name} for a telephone, as {RENDITION_TYPES[each.purpose][1]}",
            likeness(image, each.content),
            " dB",
            None,
            f"{len(each.content) / 1000:.0f} kB, {image.width} × {image.height}",
        )
        for each in made
    ]


if __name__ == "__main__":
    print(table(rows()))
