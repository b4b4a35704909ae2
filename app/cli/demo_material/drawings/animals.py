"""Animals: cats, dogs, hens, sheep, ducks, a buffalo, fish."""

import numpy as np

from app.cli.demo_material.drawings import lines
from app.cli.demo_material.drawings.page import Page
from app.cli.demo_material.drawings.tools import (
    BLACK,
    BLUE,
    BROWN,
    GREY,
    OCHRE,
    ORANGE,
    PINK,
    RED,
    WHITE,
    YELLOW,
    Colour,
)


def cat(page: Page, x: float, base: float, size: float, colour: Colour = ORANGE) -> None:
    """A cat that sits and looks at us; `size` is its height."""
    _cat_face(page, x, base - size * 0.72, size, colour)
    for side in (-1, 1):
        paw = lines.ellipse(x + side * size * 0.12, base - size * 0.04, size * 0.09, size * 0.05)
        page.shape(paw, colour)
    for stripe in (0.3, 0.42, 0.54):
        page.stroke(lines.arc(x, base - size * stripe, size * 0.17, size * 0.04, 20, 160), BROWN, width=0.8)
    page.shape(lines.ellipse(x, base - size * 0.28, size * 0.27, size * 0.28), colour)
    tail = lines.curve(lines.points("0.2,-0.08 0.5,-0.12 0.52,-0.42 0.42,-0.52", x, base, size))
    thick = max(1.5, size * 0.08 / page.hand.outline.width)
    page.stroke(tail, colour, width=thick, over=False, keep=True)


def _cat_face(page: Page, x: float, y: float, size: float, colour: Colour) -> None:
    for side in (-1, 1):
        page.stroke(lines.ellipse(x + side * size * 0.113, y, size * 0.028, size * 0.04), BLACK, width=0.8)
        for tip in (0.04, 0.11, 0.18):
            whisker = [(x + side * size * 0.095, y + size * 0.1), (x + side * size * 0.42, y + size * tip)]
            page.stroke(lines.line(whisker), BLACK, width=0.5)
    page.stroke(lines.ellipse(x, y + size * 0.07, size * 0.025), PINK, width=0.8)
    mouth = lines.points("-0.108,0.12 -0.054,0.16 0,0.09 0.054,0.16 0.108,0.12", x, y, size)
    page.stroke(lines.curve(mouth), BLACK, width=0.6)
    ears = lines.points("-0.27,0 -0.257,-0.28 -0.108,-0.17 0.108,-0.17 0.257,-0.28 0.27,0", x, y, size)
    chin = lines.arc(x, y, size * 0.27, size * 0.2, 0, 180)
    page.shape(np.concatenate([lines.line(ears), chin]), colour)


def dog(page: Page, x: float, base: float, size: float, colour: Colour = BROWN, *, left: bool = False) -> None:
    """A dog from the side; `size` is its length."""
    way = -1 if left else 1

    def at(along: float, up: float) -> tuple[float, float]:
        return x + way * along * size, base - up * size

    page.stroke(lines.ellipse(*at(0.5, 0.66), size * 0.02), BLACK, width=0.8)
    page.shape(lines.ellipse(*at(0.7, 0.58), size * 0.04), BLACK)
    page.shape(lines.curve([at(0.36, 0.74), at(0.28, 0.62), at(0.32, 0.46), at(0.42, 0.6)], close=True), BLACK)
    page.stroke(lines.curve([at(0.66, 0.5), at(0.58, 0.48), at(0.52, 0.5)]), RED, width=0.8)
    page.shape(
        lines.curve([at(0.34, 0.7), at(0.52, 0.78), at(0.7, 0.62), at(0.66, 0.48), at(0.4, 0.44)], close=True),
        colour,
    )
    for leg in (-0.42, -0.28, 0.18, 0.32):
        page.shape(lines.box(at(leg, 0)[0] - size * 0.035, base - size * 0.26, size * 0.075, size * 0.26), colour)
    page.shape(
        lines.curve(
            [at(-0.5, 0.4), at(-0.2, 0.5), at(0.3, 0.5), at(0.44, 0.36), at(0.2, 0.2), at(-0.4, 0.2)],
            close=True,
        ),
        colour,
    )
    page.stroke(
        lines.curve([at(-0.48, 0.4), at(-0.66, 0.55), at(-0.62, 0.72)]),
        colour,
        width=max(1.3, size * 0.06 / page.hand.outline.width),
        over=False,
        keep=True,
    )


def bird_on_ground(page: Page, x: float, base: float, size: float, colour: Colour, *, comb: bool) -> None:
    """A hen (with a comb) or a duck, heading right."""
    page.stroke(lines.ellipse(x + size * 0.42, base - size * 0.88, size * 0.03), BLACK, width=0.7)
    beak = lines.points("0.58,-0.86 0.82,-0.8 0.58,-0.74", x, base, size)
    page.shape(lines.closed(beak), ORANGE, width=0.7)
    if comb:
        for tooth in (0.28, 0.38, 0.48):
            page.shape(lines.ellipse(x + size * tooth, base - size * 1.06, size * 0.06), RED, width=0.6)
    wing = lines.points("-0.25,-0.5 -0.02,-0.32 0.2,-0.48", x, base, size)
    page.stroke(lines.curve(wing), page.ink(colour), width=0.8)
    back = "-0.6,-0.75 -0.3,-0.62 0.12,-0.66 0.22,-0.98 0.5,-0.98"
    belly = "0.6,-0.74 0.42,-0.3 0,-0.12 -0.42,-0.3"
    page.shape(lines.curve(lines.points(f"{back} {belly}", x, base, size), close=True), colour)
    for leg in ("-0.08,-0.14 -0.08,0 0.04,0", "0.14,-0.14 0.14,0 0.26,0"):
        page.stroke(lines.line(lines.points(leg, x, base, size)), ORANGE, width=0.7, over=False)


def sheep(page: Page, x: float, base: float, size: float, *, left: bool = False, wool: Colour = WHITE) -> None:
    """A sheep: a cloud with legs. `size` is its length."""
    way = -1 if left else 1
    face_x, face_y = x + way * size * 0.5, base - size * 0.52
    page.stroke(lines.ellipse(face_x + way * size * 0.03, face_y - size * 0.03, size * 0.02), WHITE, width=0.8)
    page.shape(lines.ellipse(face_x, face_y, size * 0.13, size * 0.17), BLACK, ink=BLACK)
    page.shape(
        lines.ellipse(face_x - way * size * 0.15, face_y - size * 0.1, size * 0.08, size * 0.04),
        BLACK,
        ink=BLACK,
    )
    bumps = [
        (
            x + np.cos(a) * size * (0.48 if k % 2 else 0.4),
            base - size * 0.46 + np.sin(a) * size * (0.3 if k % 2 else 0.24),
        )
        for k, a in enumerate(np.linspace(0, 2 * np.pi, 21)[:-1])
    ]
    for curl in ((-0.2, 0.5), (0.08, 0.58), (-0.02, 0.38), (0.22, 0.42), (-0.28, 0.36)):
        page.stroke(
            lines.arc(x + curl[0] * size, base - curl[1] * size, size * 0.07, size * 0.06, 0, 300),
            GREY,
            width=0.6,
        )
    page.shape(lines.curve(bumps, close=True), wool, ink=GREY)
    for leg in (-0.26, -0.12, 0.12, 0.26):
        page.stroke(
            lines.line([(x + leg * size, base - size * 0.24), (x + leg * size, base)]),
            BLACK,
            width=1.2,
            over=False,
            keep=True,
        )


def buffalo(page: Page, x: float, base: float, size: float, colour: Colour = GREY) -> None:
    """A water buffalo heading left; `size` is its length."""

    def part(written: str) -> list[tuple[float, float]]:
        return lines.points(written, x, base, size)

    page.stroke(lines.ellipse(x - size * 0.48, base - size * 0.47, size * 0.02), BLACK, width=0.8)
    page.stroke(lines.ellipse(x - size * 0.6, base - size * 0.32, size * 0.015), BLACK, width=0.8)
    for horn in ("-0.44,-0.56 -0.58,-0.68 -0.54,-0.8", "-0.44,-0.56 -0.3,-0.68 -0.34,-0.8"):
        page.stroke(lines.curve(part(horn)), OCHRE, width=1.5, keep=True)
    skull = part("-0.34,-0.58 -0.5,-0.56 -0.66,-0.34 -0.58,-0.26 -0.36,-0.36")
    page.shape(lines.curve(skull, close=True), colour)
    for leg in (-0.26, -0.12, 0.2, 0.34):
        page.shape(lines.box(x + leg * size, base - size * 0.24, size * 0.08, size * 0.24), colour)
    body = part("-0.36,-0.5 0,-0.6 0.4,-0.54 0.46,-0.3 0,-0.18 -0.34,-0.24")
    page.shape(lines.curve(body, close=True), colour)
    page.stroke(lines.curve(part("0.45,-0.48 0.56,-0.3 0.52,-0.14")), colour, width=1.2, over=False)


def fish(page: Page, x: float, y: float, size: float, colour: Colour = BLUE) -> None:
    """A fish swimming left."""
    page.stroke(lines.ellipse(x - size * 0.3, y - size * 0.06, size * 0.03), BLACK, width=0.7)
    page.shape(
        lines.curve(
            [
                (x - size * 0.5, y),
                (x - size * 0.1, y - size * 0.24),
                (x + size * 0.3, y),
                (x - size * 0.1, y + size * 0.24),
            ],
            close=True,
        ),
        colour,
        width=0.8,
    )
    page.shape(
        lines.closed([(x + size * 0.26, y), (x + size * 0.5, y - size * 0.2), (x + size * 0.5, y + size * 0.2)]),
        YELLOW if colour == BLUE else colour,
        width=0.8,
    )
