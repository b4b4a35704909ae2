"""What takes people away and brings them back: buses, trains, aeroplanes, luggage, routes on a map."""

import numpy as np

from app.cli.demo_material.drawings import lines
from app.cli.demo_material.drawings.page import Page
from app.cli.demo_material.drawings.people import Look, head
from app.cli.demo_material.drawings.tools import (
    BLACK,
    BLUE,
    BROWN,
    GREY,
    RED,
    SKY,
    WHITE,
    YELLOW,
    Colour,
)


def wheel(page: Page, x: float, y: float, size: float) -> None:
    """A black wheel with a light hub."""
    page.shape(lines.ellipse(x, y, size * 0.4), GREY)
    page.shape(lines.ellipse(x, y, size), BLACK, ink=BLACK)


def bus(page: Page, x: float, road: float, width: float, colour: Colour, riders: tuple[Look | None, ...]) -> None:
    """A bus seen from the side, heading right, with faces in its windows."""
    height = width * 0.42
    top = road - height - width * 0.06
    for at in (0.2, 0.78):
        wheel(page, x + width * at, road - width * 0.065, width * 0.068)
    pane = width * 0.82 / len(riders)
    for seat, rider in enumerate(riders):
        left, high = x + width * 0.05 + seat * pane, top + height * 0.16
        if rider is not None:
            head(page, left + pane * 0.43, high + height * 0.27, min(pane * 0.3, height * 0.17), rider)
        page.shape(lines.box(left, high, pane * 0.86, height * 0.42), SKY)
    page.shape(lines.box(x + width * 0.89, top + height * 0.16, width * 0.075, height * 0.74), SKY)
    page.shape(lines.ellipse(x + width * 0.985, road - height * 0.3, width * 0.017), YELLOW)
    stripe = top + height * 0.72
    page.patch(lines.box(x + 8, stripe, width * 0.86, height * 0.09), WHITE)
    body = [
        (x, top + 20),
        (x + 18, top),
        (x + width - 34, top),
        (x + width, top + 40),
        (x + width, road - width * 0.07),
        (x, road - width * 0.07),
    ]
    page.shape(lines.closed(body), colour)


def luggage(page: Page, x: float, base: float, size: float, colour: Colour) -> None:
    """A suitcase with straps."""
    page.stroke(lines.arc(x + size / 2, base - size * 0.72, size * 0.2, size * 0.16, 180, 360), BROWN, over=False)
    for at in (0.25, 0.75):
        page.stroke(
            lines.line([(x + size * at, base - size * 0.7), (x + size * at, base)]),
            BROWN,
            over=False,
            keep=True,
        )
    page.shape(lines.box(x, base - size * 0.7, size, size * 0.7), colour)


def carriage(page: Page, x: float, rail: float, width: float, colour: Colour, riders: tuple[Look | None, ...]) -> None:
    """A railway carriage with faces."""
    height = width * 0.5
    for at in (0.18, 0.36, 0.66, 0.84):
        wheel(page, x + width * at, rail - width * 0.05, width * 0.055)
    pane = width * 0.9 / len(riders)
    for seat, rider in enumerate(riders):
        left = x + width * 0.06 + seat * pane
        if rider is not None:
            head(page, left + pane * 0.42, rail - height * 0.66, min(pane * 0.28, height * 0.19), rider)
        page.shape(lines.box(left, rail - height * 0.92, pane * 0.82, height * 0.44), SKY)
    page.shape(lines.box(x, rail - height * 1.1, width, height), colour)
    page.stroke(
        lines.line([(x + width, rail - height * 0.28), (x + width * 1.08, rail - height * 0.28)]),
        BLACK,
        width=1.4,
        over=False,
    )


def engine(page: Page, x: float, rail: float, width: float, colour: Colour) -> None:
    """The front of a fast train, heading right."""
    height = width * 0.5
    for at in (0.2, 0.45, 0.7):
        wheel(page, x + width * at, rail - width * 0.05, width * 0.055)
    page.shape(
        lines.closed(
            [
                (x + width * 0.55, rail - height * 0.95),
                (x + width * 0.75, rail - height * 0.95),
                (x + width * 0.95, rail - height * 0.62),
                (x + width * 0.55, rail - height * 0.62),
            ]
        ),
        SKY,
    )
    page.shape(lines.ellipse(x + width * 1.06, rail - height * 0.3, width * 0.03), YELLOW)
    nose = lines.curve(
        [
            (x + width * 0.6, rail - height * 1.1),
            (x + width * 0.92, rail - height * 0.85),
            (x + width * 1.14, rail - height * 0.35),
            (x + width * 1.12, rail - height * 0.1),
        ]
    )
    body = np.concatenate(
        [
            lines.line([(x, rail - height * 0.1), (x, rail - height * 1.1), tuple(nose[0])]),
            nose,
            [[x, rail - height * 0.1]],
        ]
    )
    page.shape(body, colour)


def rails(page: Page, level: float) -> None:
    """A railway track over the whole page."""
    page.stroke(lines.line([(0, level), (page.wide, level)]), GREY, over=False)
    for x in range(12, int(page.wide), 44):
        page.stroke(lines.line([(x, level + 4), (x - 8, level + 22)]), BROWN, width=1.2, over=False)
    page.stroke(lines.line([(0, level + 22), (page.wide, level + 22)]), GREY, over=False)


def aeroplane(
    page: Page, x: float, y: float, size: float, colour: Colour = WHITE, *, faces: Look | None = None
) -> None:
    """An aeroplane flying to the upper right; (x, y) is its middle."""

    def at(along: float, up: float) -> tuple[float, float]:
        return x + size * (along * 0.97 + up * 0.22), y + size * (along * -0.22 - up * 0.97)

    for seat in range(6):
        spot = at(-0.55 + seat * 0.21, 0.045)
        if faces is not None and seat == 2:
            head(page, *spot, size * 0.062, faces)
        page.shape(lines.ellipse(*spot, size * 0.07), SKY, width=0.7)
    page.shape(lines.closed([at(0.12, -0.06), at(-0.2, -0.06), at(-0.52, -0.62), at(-0.36, -0.62)]), RED)
    page.shape(
        lines.curve(
            [
                at(1, 0.02),
                at(0.8, 0.16),
                at(0.2, 0.19),
                at(-0.8, 0.17),
                at(-1.0, 0.06),
                at(-0.8, -0.1),
                at(0.3, -0.15),
                at(0.8, -0.12),
            ],
            close=True,
        ),
        colour,
    )
    page.shape(lines.closed([at(0.1, 0.15), at(-0.14, 0.15), at(-0.4, 0.52), at(-0.24, 0.52)]), RED)
    page.shape(lines.closed([at(-0.72, 0.16), at(-0.96, 0.1), at(-1.16, 0.5), at(-1.0, 0.5)]), BLUE)


def dashes(page: Page, path: lines.Path, colour: Colour, length: int = 4) -> None:
    """A dotted line along a path, kept, as on a treasure map."""
    for start in range(0, len(path) - length, length * 2):
        page.stroke(path[start : start + length], colour, width=1.1, over=False, keep=True)
