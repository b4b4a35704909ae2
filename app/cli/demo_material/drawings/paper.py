"""Sheets of paper and their grain."""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Size = tuple[int, int]

LIGHT = ("white", "white", "white", "white", "cream", "squared")
TINTED = ("kraft", "blue", "lined")


def choose_paper(rng: np.random.Generator, *, opaque: bool) -> str:
    """A kind of paper; tinted ones only for colours that cover, such as wax."""
    return str(rng.choice((*LIGHT, *TINTED) if opaque else LIGHT))


def grain(size: Size, rng: np.random.Generator) -> NDArray[np.float32]:
    """The paper's tooth, 0 for a high point and 1 for a deep pore, as an array of rows."""
    tile = np.roll(_tooth(), rng.integers(0, 640, 2), axis=(0, 1))
    width, height = size
    rows, columns = -(-height // len(tile)), -(-width // len(tile))
    return np.tile(tile, (rows, columns))[:height, :width]


@cache
def _tooth() -> NDArray[np.float32]:
    """One square of grain; every sheet is covered with it from another corner."""
    rng = np.random.default_rng(2012)
    fine, coarse = (rng.standard_normal((640, 640)).astype(np.float32) for _ in range(2))
    mixed = _blurred(fine, 0.8) * 0.75 + _blurred(coarse, 2.2) * 0.45
    tile: NDArray[np.float32] = np.clip(0.5 + mixed * 0.27, 0, 1).astype(np.float32)
    return tile


def blotches(size: Size, every: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Slow random change between 0 and 1 over a picture, new about `every` pixels."""
    small = rng.uniform(0, 255, (size[1] // every + 3, size[0] // every + 3)).astype(np.uint8)
    wide = Image.fromarray(small).resize(size, Image.Resampling.BICUBIC)
    return np.asarray(wide, dtype=np.float32) / np.float32(255)


def sheet(kind: str, size: Size, rng: np.random.Generator) -> Image.Image:
    """An empty sheet."""
    tints = {"kraft": (205, 172, 130), "blue": (206, 222, 236), "cream": (248, 240, 218)}
    tint = tints.get(kind, (250, 248, 243))
    paper = Image.new("RGB", size, tint)
    if kind == "squared":
        _rule(paper, 30, (176, 200, 222), both=True)
    if kind == "lined":
        _rule(paper, 46, (170, 196, 222), both=False)
    shade = (grain(size, rng) - 0.5) * (13 if kind == "kraft" else 5) + (blotches(size, 200, rng) - 0.5) * 5
    return Image.fromarray(np.clip(np.asarray(paper) - shade[:, :, None], 0, 255).astype(np.uint8))


def _rule(paper: Image.Image, every: int, colour: tuple[int, int, int], *, both: bool) -> None:
    draw = ImageDraw.Draw(paper)
    for y in range(every, paper.height, every):
        draw.line((0, y, paper.width, y), fill=colour, width=2)
    for x in range(every, paper.width, every) if both else ():
        draw.line((x, 0, x, paper.height), fill=colour, width=2)
    if not both:
        draw.line((every * 3, 0, every * 3, paper.height), fill=(228, 164, 164), width=2)


def _blurred(values: NDArray[np.float32], radius: float) -> NDArray[np.float32]:
    picture = Image.fromarray(np.clip(values * 42 + 128, 0, 255).astype(np.uint8))
    soft = np.asarray(picture.filter(ImageFilter.GaussianBlur(radius)), dtype=np.float32) - 128
    result: NDArray[np.float32] = soft / (soft.std() + 1e-6)
    return result
