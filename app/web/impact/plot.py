"""A plot of days as bars, in numbers that a template draws as SVG. What is not told is drawn as a low, open bar."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

WIDTH, HEIGHT = 720, 240
LEFT, RIGHT, TOP, BOTTOM = 56, 8, 12, 28
STUB = 5
"""How high a bar is whose number is not told."""
GAP = 0.25
LINES = 4
MARKS = 6
STEPS = (1, 2, 5)


class Bar(NamedTuple):
    """One stretch of days; `views` is None where it is not told."""

    day: date
    views: int | None
    x: float
    y: float
    width: float
    height: float


class Plot(NamedTuple):
    """Everything there is to draw: bars, the lines with their heights, and where which day stands."""

    width: int
    height: int
    left: int
    right: int
    floor: int
    bars: list[Bar]
    lines: list[tuple[int, float]]
    marks: list[tuple[date, float]]

    @property
    def has_few(self) -> bool:
        """Whether a bar's number is not told."""
        return any(bar.views is None for bar in self.bars)


def plot_of(stretches: Sequence[tuple[date, int | None]]) -> Plot:
    """Lay the bars out; there is at least one stretch."""
    step = step_of_lines(max((views or 0 for _, views in stretches), default=0))
    most, floor = step * LINES, HEIGHT - BOTTOM
    room = (WIDTH - LEFT - RIGHT) / len(stretches)
    scale = (floor - TOP) / most
    bars = []
    for number, (day, views) in enumerate(stretches):
        height = STUB if views is None else round(views * scale, 1)
        x, width = LEFT + room * (number + GAP / 2), room * (1 - GAP)
        bars.append(Bar(day, views, round(x, 1), round(floor - height, 1), round(width, 1), height))
    lines = [(step * number, round(floor - step * number * scale, 1)) for number in range(LINES + 1)]
    return Plot(WIDTH, HEIGHT, LEFT, WIDTH - RIGHT, floor, bars, lines, list(_marks(bars)))


def step_of_lines(most: int) -> int:
    """How far the lines are apart, so that `LINES` of them reach `most`: 1, 2 or 5, or tens, hundreds … of them."""
    tens = 1
    while True:
        for step in STEPS:
            if step * tens * LINES >= most:
                return step * tens
        tens *= 10


def _marks(bars: Sequence[Bar]) -> Iterator[tuple[date, float]]:
    """Some days to write below."""
    every = max(1, -(-len(bars) // MARKS))
    yield from ((bar.day, round(bar.x + bar.width / 2, 1)) for bar in bars[every // 2 :: every])
