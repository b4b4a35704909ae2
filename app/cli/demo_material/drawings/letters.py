"""Handwriting: the signs that the drawings need, as strokes on a grid 4 wide and 6 high."""

from app.cli.demo_material.drawings import lines
from app.cli.demo_material.drawings.page import Page
from app.cli.demo_material.drawings.tools import Colour, Tool

SIGNS = {
    "A": "0,6 2,0 4,6 | 1,4 3,4",
    "B": "0,0 0,6 3,6 4,5 3,3 0,3 | 0,0 3,0 4,1 3,3",
    "C": "4,1 2,0 0,2 0,4 2,6 4,5",
    "D": "0,0 0,6 2,6 4,4 4,2 2,0 0,0",
    "E": "4,0 0,0 0,6 4,6 | 0,3 3,3",
    "F": "4,0 0,0 0,6 | 0,3 3,3",
    "H": "0,0 0,6 | 4,0 4,6 | 0,3 4,3",
    "I": "2,0 2,6",
    "L": "0,0 0,6 4,6",
    "M": "0,6 0,0 2,3 4,0 4,6",
    "O": "2,0 0,2 0,4 2,6 4,4 4,2 2,0",
    "P": "0,6 0,0 3,0 4,1 3,3 0,3",
    "R": "0,6 0,0 3,0 4,1 3,3 0,3 | 2,3 4,6",
    "T": "0,0 4,0 | 2,0 2,6",
    "U": "0,0 0,4 2,6 4,4 4,0",
    "2": "0,1 2,0 4,1 0,6 4,6",
    "3": "0,0 4,0 2,3 4,4 2,6 0,5",
    "5": "4,0 0,0 0,2 3,3 4,5 2,6 0,6",
    "+": "2,2 2,5 | 0,3 4,3",
    "=": "0,3 4,3 | 0,5 4,5",
    "?": "0,1 1,0 3,1 3,2 2,3 2,4 | 2,6 2,7",
    "!": "2,0 2,4 | 2,6 2,7",
    "-": "1,3 3,3",
    "家": (
        "2,0 2.2,0.6 | 0.3,1.6 0.3,0.9 3.8,0.9 3.6,1.6 | 0.9,1.8 3.2,1.8 | "
        "2.2,1.8 1.6,2.6 0.5,3.2 | 1.5,2.6 2.4,3.6 2.5,5.2 1.9,5.6 | 2,3.2 0.5,4.2 | "
        "2.4,3.9 0.4,5.2 | 3.4,2.4 2.5,3.2 | 2.5,3.3 3.1,4.5 4,5.1"
    ),
    "回": (
        "0.4,0.6 0.4,5.6 | 0.4,0.6 3.7,0.6 3.7,5.6 | 1.3,2 1.3,4 | 1.3,2 2.8,2 2.8,4 | 1.3,4 2.8,4 | 0.4,5.4 3.7,5.4"
    ),
    "面": (
        "0.3,0.5 3.8,0.5 | 2,0.5 1.7,1.5 | 0.5,1.5 0.5,5.6 | 0.5,1.5 3.6,1.5 3.6,5.6 | "
        "1.5,1.6 1.5,5.2 | 2.6,1.6 2.6,5.2 | 1.5,2.8 2.6,2.8 | 1.5,4 2.6,4 | 0.5,5.3 3.6,5.3"
    ),
}
"""The strokes of each sign, parted by bars; points as in `lines.points`."""

NARROW = "I!"


def write(page: Page, words: str, x: float, y: float, size: float, colour: Colour, tool: Tool | None = None) -> None:
    """Write `words` with the upper left corner at (x, y), letters `size` high, a little up and down."""
    unit = size / 6
    for sign in words:
        if sign == " ":
            x += unit * 3.2
            continue
        top = y + page.rng.normal(0, size * 0.04)
        for stroke in SIGNS[sign].split("|"):
            path = lines.line(lines.points(stroke, x, top, unit))
            page.stroke(path, colour, tool=tool, over=False, keep=True)
        x += unit * (3.2 if sign in NARROW else 5.4)
