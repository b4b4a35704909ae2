"""What people made: phones, tables, chairs, bowls, lanterns, rooms."""

import numpy as np

from app.cli.demo_material.drawings import lines
from app.cli.demo_material.drawings.outdoors import window
from app.cli.demo_material.drawings.page import Page
from app.cli.demo_material.drawings.people import Look, head
from app.cli.demo_material.drawings.tools import (
    BROWN,
    GREY,
    NAVY,
    OCHRE,
    ORANGE,
    RED,
    SKY,
    WHITE,
    YELLOW,
    Colour,
)


def telephone(page: Page, x: float, y: float, width: float, caller: Look, glow: Colour = SKY) -> None:
    """A phone with somebody's face on its screen; (x, y) is its upper left corner."""
    height = width * 1.75
    edge = width * 0.08
    page.shape(lines.ellipse(x + width / 2, y + height - edge * 1.05, edge * 0.55), WHITE, width=0.7)
    page.stroke(lines.line([(x + width * 0.42, y + edge * 0.7), (x + width * 0.58, y + edge * 0.7)]), WHITE, width=0.8)
    for at, colour in ((0.3, RED), (0.7, (80, 170, 90))):
        page.shape(lines.ellipse(x + width * at, y + height * 0.82, width * 0.075), colour, width=0.7)
    size = width * 0.27
    face_y = y + height * 0.36
    head(page, x + width / 2, face_y, size, caller)
    page.shape(
        lines.curve(
            [
                (x + width * 0.2, y + height * 0.73),
                (x + width * 0.3, face_y + size * 1.2),
                (x + width / 2, face_y + size * 1.02),
                (x + width * 0.7, face_y + size * 1.2),
                (x + width * 0.8, y + height * 0.73),
            ],
            close=True,
        ),
        caller.top,
    )
    page.shape(lines.box(x + edge, y + edge * 1.4, width - edge * 2, height - edge * 3.4), glow)
    page.shape(lines.box(x, y, width, height), NAVY, angle=1.5)


def table(page: Page, x: float, top: float, width: float, depth: float, cloth: Colour, legs: float) -> None:
    """A table whose top can be seen, as in drawings that want to show the plates."""
    lean = depth * 0.3
    page.shape(
        lines.closed([(x + lean, top), (x + width - lean, top), (x + width, top + depth), (x, top + depth)]),
        cloth,
    )
    for at in (0.06, 0.9):
        page.shape(lines.box(x + width * at, top + depth, width * 0.035, legs), BROWN)


def chair(page: Page, x: float, ground: float, size: float, colour: Colour = BROWN) -> None:
    """A chair from the front; `size` is its height."""
    seat = ground - size * 0.45
    for at in (0.0, 0.44):
        page.shape(lines.box(x + size * at, seat, size * 0.06, size * 0.45), colour, width=0.8)
    page.shape(lines.box(x - size * 0.03, seat - size * 0.06, size * 0.56, size * 0.09), colour)
    for bar in (0.22, 0.42):
        page.shape(lines.box(x, seat - size * bar, size * 0.5, size * 0.07), colour, width=0.8)
    for at in (0.0, 0.44):
        page.shape(lines.box(x + size * at, ground - size, size * 0.06, size * 0.55), colour, width=0.8)


def bowl(page: Page, x: float, y: float, size: float, colour: Colour, inside: Colour = OCHRE) -> None:
    """A bowl; (x, y) is the middle of its rim, `size` half its width."""
    page.shape(lines.ellipse(x, y, size, size * 0.28), inside)
    page.shape(
        lines.curve(
            [
                (x - size, y),
                (x - size * 0.7, y + size * 0.6),
                (x, y + size * 0.82),
                (x + size * 0.7, y + size * 0.6),
                (x + size, y),
            ]
        ),
        colour,
        keep=True,
    )


def steam(page: Page, x: float, y: float, height: float, colour: Colour = GREY) -> None:
    """Three curls of steam."""
    for shift in (-0.35, 0.0, 0.35):
        curl = [(x + height * shift + np.sin(k * 1.7) * height * 0.1, y - k * height / 6) for k in range(7)]
        page.stroke(lines.curve(curl), colour, width=0.8, over=False)


def lantern(page: Page, x: float, y: float, size: float) -> None:
    """A red lantern with a tassel; (x, y) is its middle."""
    page.stroke(lines.line([(x, y - size * 1.7), (x, y - size * 0.9)]), OCHRE, keep=True)
    for side in (-0.6, 0.0, 0.6):
        page.stroke(
            lines.curve(
                [
                    (x + size * side * 0.4, y - size * 0.8),
                    (x + size * side, y),
                    (x + size * side * 0.4, y + size * 0.8),
                ]
            ),
            YELLOW,
            width=0.7,
        )
    page.shape(lines.ellipse(x, y, size, size * 0.8), RED)
    for edge in (-0.95, 0.78):
        page.shape(lines.box(x - size * 0.4, y + size * edge, size * 0.8, size * 0.17), YELLOW, ink=ORANGE)
    for thread in (-0.2, 0.0, 0.2):
        page.stroke(
            lines.line([(x + size * thread, y + size), (x + size * thread * 1.4, y + size * 1.65)]),
            RED,
            width=0.8,
            over=False,
        )


def room(page: Page, floor: float, wall: Colour, boards: Colour, *, dense: float = 0.8) -> None:
    """The wall and the floor of a room, behind everything that was kept."""
    page.fill(
        lines.closed([(0, floor), (page.wide, floor), (page.wide, page.high), (0, page.high)]),
        boards,
        angle=0.05,
        dense=dense,
    )
    page.stroke(lines.line([(0, floor), (page.wide, floor)]), page.ink(boards), over=False)
    page.fill(lines.closed([(0, 0), (page.wide, 0), (page.wide, floor), (0, floor)]), wall, dense=dense)


def curtains(page: Page, x: float, y: float, size: float, colour: Colour) -> None:
    """A window with curtains."""
    for left in (x - size * 0.14, x + size * 0.86):
        page.shape(
            lines.curve(
                [
                    (left, y - 10),
                    (left + size * 0.28, y - 10),
                    (left + size * 0.16, y + size * 0.5),
                    (left + size * 0.28, y + size * 1.08),
                    (left, y + size * 1.08),
                ],
                close=True,
            ),
            colour,
            angle=1.5,
        )
    window(page, x, y, size)
