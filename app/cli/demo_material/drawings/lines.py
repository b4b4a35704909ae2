"""Geometry of an unsteady hand: paths are arrays of shape (n, 2) in page units (1000 for the long side)."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Path = NDArray[np.float64]
Points = Sequence[tuple[float, float]]


def points(written: str, x: float = 0, y: float = 0, size: float = 1) -> list[tuple[float, float]]:
    """Points written as in SVG (`"-0.5,0 0.5,1"`), scaled by `size` and then moved to (x, y)."""
    pairs = (pair.split(",") for pair in written.split())
    return [(x + float(across) * size, y + float(down) * size) for across, down in pairs]


def line(through: Points) -> Path:
    """Straight pieces from point to point, sampled so that they can wobble."""
    corners = np.asarray(through, dtype=float)
    pieces = [np.linspace(a, b, max(2, int(np.hypot(*(b - a)) / 9)), endpoint=False) for a, b in pairwise(corners)]
    return np.concatenate([*pieces, corners[-1:]])


def closed(through: Points) -> Path:
    """A polygon, walked once round."""
    return line([*through, through[0]])


def box(x: float, y: float, width: float, height: float, lean: float = 0.0) -> Path:
    """A rectangle by its upper left corner; `lean` moves the upper edge sideways, as drawn boxes lean."""
    top = [(x + lean, y), (x + width + lean, y)]
    return closed([*top, (x + width, y + height), (x, y + height)])


def curve(through: Points, *, close: bool = False) -> Path:
    """A soft line through the points (Catmull-Rom)."""
    knots = np.asarray(through, dtype=float)
    if close:
        knots = np.concatenate([knots[-1:], knots, knots[:2]])
    else:
        knots = np.concatenate([2 * knots[:1] - knots[1:2], knots, 2 * knots[-1:] - knots[-2:-1]])
    pieces = []
    for a, b, c, d in zip(knots, knots[1:], knots[2:], knots[3:], strict=False):
        steps = max(3, int(np.hypot(*(c - b)) / 7))
        t = np.linspace(0, 1, steps, endpoint=False)[:, None]
        pieces.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.concatenate([*pieces, knots[-2:-1]])


def ellipse(x: float, y: float, rx: float, ry: float | None = None, tilt: float = 0.0) -> Path:
    """An ellipse round (x, y) that overshoots its start a little, as drawn circles do."""
    ry = rx if ry is None else ry
    steps = max(14, int((rx + ry) * 0.5))
    angle = np.linspace(-1.9, -1.9 + 2 * np.pi * 1.04, steps)
    across, down = rx * np.cos(angle), ry * np.sin(angle)
    return np.stack(
        [x + across * np.cos(tilt) - down * np.sin(tilt), y + across * np.sin(tilt) + down * np.cos(tilt)],
        axis=1,
    )


def arc(x: float, y: float, rx: float, ry: float, start: float, end: float) -> Path:
    """A piece of an ellipse between two angles in degrees (0 is right, 90 is down)."""
    angle = np.radians(np.linspace(start, end, max(6, int(abs(end - start) * max(rx, ry) / 400))))
    return np.stack([x + rx * np.cos(angle), y + ry * np.sin(angle)], axis=1)


def noise(rng: np.random.Generator, count: int, every: float) -> NDArray[np.float64]:
    """Smooth random values around 0, one new direction `every` so many samples."""
    knots = rng.standard_normal(int(count / every) + 4)
    at = np.arange(count) / every
    cell = at.astype(int)
    part = (1 - np.cos((at - cell) * np.pi)) / 2
    smooth: NDArray[np.float64] = knots[cell] * (1 - part) + knots[cell + 1] * part
    return smooth


def unsteady(path: Path, amount: float, rng: np.random.Generator) -> Path:
    """The same path by a hand that trembles slowly (`amount`) and a little quickly."""
    count = len(path)
    slow = np.stack([noise(rng, count, 7), noise(rng, count, 7)], axis=1) * amount
    quick = rng.standard_normal((count, 2)) * amount * 0.12
    return path + slow + quick


def hatch(outline: Path, angle: float, gap: float, rng: np.random.Generator) -> list[Path]:
    """Back-and-forth lines that fill an outline; every row is bowed a little, as a wrist turns.

    Returns rows of shape (3, 2): start, middle, end; rows alternate in direction.
    """
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    flat = outline @ turn
    first, second = flat, np.roll(flat, -1, axis=0)
    rows: list[Path] = []
    level = flat[:, 1].min() + gap * 0.4
    while level < flat[:, 1].max():
        crosses = (first[:, 1] <= level) != (second[:, 1] <= level)
        a, b = first[crosses], second[crosses]
        x = np.sort(a[:, 0] + (level - a[:, 1]) * (b[:, 0] - a[:, 0]) / (b[:, 1] - a[:, 1]))
        for left, right in zip(x[::2], x[1::2], strict=False):
            tilt, bow = (
                rng.normal(0, gap * 0.45),
                rng.normal(0.4, 0.5) * min(gap * 2, (right - left) * 0.07),
            )
            row = np.array([[left, level - tilt], [(left + right) / 2, level + bow], [right, level + tilt]])
            rows.append((row[::-1] if len(rows) % 2 else row) @ turn.T)
        level += gap * rng.uniform(0.72, 1.28)
    return rows
