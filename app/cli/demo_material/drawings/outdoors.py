"""What stands and grows outside: sun, clouds, trees, flowers, houses, towers, snow."""

import numpy as np

from app.cli.demo_material.drawings import lines
from app.cli.demo_material.drawings.page import Page
from app.cli.demo_material.drawings.tools import (
    BLACK,
    BLUE,
    BROWN,
    GRASS,
    GREEN,
    GREY,
    LEMON,
    ORANGE,
    PINE,
    PINK,
    RED,
    SKY,
    VIOLET,
    WHITE,
    YELLOW,
    Colour,
)

PETALS: tuple[Colour, ...] = (RED, PINK, VIOLET, ORANGE, BLUE)


def sun(page: Page, x: float, y: float, size: float, *, face: bool = True) -> None:
    """A sun with rays, and a face when there is room for one."""
    if face:
        for side in (-1, 1):
            page.stroke(lines.ellipse(x + side * size * 0.35, y - size * 0.12, size * 0.06), BROWN, width=0.8)
        page.stroke(
            lines.curve([(x - size * 0.4, y + size * 0.25), (x, y + size * 0.52), (x + size * 0.4, y + size * 0.25)]),
            RED,
            width=0.8,
        )
    page.shape(lines.ellipse(x, y, size), YELLOW, ink=ORANGE)
    for ray in range(13):
        angle = ray * 2 * np.pi / 13 + page.rng.normal(0, 0.05)
        near, far = size * 1.2, size * page.rng.uniform(1.6, 1.95)
        page.stroke(
            lines.line(
                [
                    (x + np.cos(angle) * near, y + np.sin(angle) * near),
                    (x + np.cos(angle) * far, y + np.sin(angle) * far),
                ]
            ),
            ORANGE if ray % 2 else YELLOW,
            over=False,
            keep=True,
        )


def cloud(page: Page, x: float, y: float, size: float, colour: Colour | None = None) -> None:
    """A cloud of bumps, left white unless a colour is given."""
    points = []
    for bump in range(7):
        middle = bump * 2 * np.pi / 7 + 0.3
        for part, reach in ((-0.4, 0.84), (-0.2, 1.1), (0.0, 1.18), (0.2, 1.1)):
            at = middle + part
            points.append((x + np.cos(at) * size * reach, y + np.sin(at) * size * 0.52 * reach))
    page.shape(lines.curve(points, close=True), colour, ink=BLUE if colour is None else None)


def sky(page: Page, down_to: float, colour: Colour = SKY, *, dense: float = 0.9) -> None:
    """A coloured sky from the upper edge, drawn behind everything that was kept."""
    edge = [
        (page.wide, down_to),
        (page.wide * 0.6, down_to + 12),
        (page.wide * 0.3, down_to - 8),
        (0, down_to),
    ]
    page.fill(lines.closed([(0, 0), (page.wide, 0), *edge]), colour, dense=dense, angle=page.rng.normal(0.12, 0.1))


def ground(page: Page, level: float, colour: Colour = GRASS, *, hills: float = 10, dense: float = 1.0) -> None:
    """The ground from `level` to the lower edge, with tufts when it is grass."""
    top = [(page.wide * part, level + hills * np.sin(part * 7 + page.wide)) for part in np.linspace(0, 1, 7)]
    if colour in (GRASS, GREEN):
        for _ in range(9 + 4 * page.hand.detail):
            x, y = (page.rng.uniform(10, page.wide - 10), page.rng.uniform(level + 18, page.high - 8))
            for lean in (-7, 0, 7):
                page.stroke(lines.line([(x, y), (x + lean, y - 15)]), GREEN, width=0.6, over=False)
    page.fill(
        lines.closed([*top, (page.wide, page.high), (0, page.high)]),
        colour,
        dense=dense,
        angle=page.rng.normal(-0.9, 0.1),
    )
    page.stroke(lines.curve(top), page.ink(colour) if page.hand.coloured_outlines else GREEN, over=False)


def tree(page: Page, x: float, base: float, height: float, crown: Colour = GREEN, fruit: Colour | None = None) -> None:
    """A round tree, perhaps with fruit."""
    size = height * 0.36
    middle = base - height + size
    if fruit is not None:
        for _ in range(7):
            at = page.rng.uniform(-0.65, 0.65, 2) * size
            page.shape(lines.ellipse(x + at[0], middle + at[1], size * 0.12), fruit, width=0.7)
    bumps = [
        (x + np.cos(a) * size * (1.05 if k % 2 else 0.86), middle + np.sin(a) * size * (1 if k % 2 else 0.84))
        for k, a in enumerate(np.linspace(0, 2 * np.pi, 15)[:-1])
    ]
    page.shape(lines.curve(bumps, close=True), crown)
    wide = height * 0.055
    page.shape(
        lines.closed([(x - wide, middle), (x + wide, middle), (x + wide * 1.5, base), (x - wide * 1.5, base)]),
        BROWN,
        angle=1.4,
    )


def fir(page: Page, x: float, base: float, height: float, colour: Colour = PINE) -> None:
    """A fir of three tiers."""
    for tier in range(3):
        top, low = (base - height + tier * height * 0.25, base - height * (0.56 - tier * 0.22))
        wide = height * (0.15 + tier * 0.07)
        page.shape(lines.closed([(x, top), (x + wide, low), (x - wide, low)]), colour)
    page.shape(lines.box(x - height * 0.04, base - height * 0.13, height * 0.08, height * 0.13), BROWN)


def flower(page: Page, x: float, base: float, height: float, colour: Colour | None = None) -> None:
    """A flower with five petals and two leaves."""
    colour = colour or PETALS[int(page.rng.integers(len(PETALS)))]
    size, top = height * 0.15, base - height * 0.8
    page.shape(lines.ellipse(x, top, size * 0.7), YELLOW, width=0.7)
    for petal in range(5):
        angle = petal * 2 * np.pi / 5 - 1.5
        page.shape(
            lines.ellipse(x + np.cos(angle) * size * 1.25, top + np.sin(angle) * size * 1.25, size * 0.72),
            colour,
            width=0.7,
        )
    page.stroke(lines.curve([(x, top + size), (x + size * 0.3, (top + base) / 2), (x, base)]), GREEN, over=False)
    for side in (-1, 1):
        leaf = [
            (x, base - height * 0.15),
            (x + side * size * 1.3, base - height * 0.34),
            (x, base - height * 0.26),
        ]
        page.stroke(lines.curve(leaf), GREEN, over=False)


def birds(page: Page, count: int, x: float, y: float, spread: float) -> None:
    """Birds far away: two bows each."""
    for _ in range(count):
        at_x, at_y = (x + page.rng.uniform(0, spread), y + page.rng.uniform(0, spread * 0.35))
        size = page.rng.uniform(9, 16)
        page.stroke(
            lines.curve(
                [
                    (at_x - size, at_y - size * 0.5),
                    (at_x - size * 0.4, at_y - size * 0.6),
                    (at_x, at_y),
                    (at_x + size * 0.4, at_y - size * 0.6),
                    (at_x + size, at_y - size * 0.4),
                ]
            ),
            BLACK,
            width=0.7,
            over=False,
        )


def house(
    page: Page,
    x: float,
    base: float,
    width: float,
    *,
    wall: Colour = LEMON,
    roof: Colour = RED,
    smoke: bool = True,
) -> None:
    """A house seen from the front; `x` is its left edge."""
    height = width * 0.62
    top = base - height
    door = width * 0.2
    page.stroke(lines.ellipse(x + width * 0.5 + door * 0.28, base - height * 0.28, 3), BLACK, width=0.7)
    page.shape(lines.box(x + width * 0.5 - door / 2, base - height * 0.58, door, height * 0.58), BROWN, angle=1.5)
    for left in (0.1, 0.68):
        window(page, x + width * left, top + height * 0.25, width * 0.21)
    page.shape(lines.box(x, top, width, height), wall)
    peak = top - width * 0.42
    if smoke:
        chimney = x + width * 0.72
        coil = [(chimney + np.sin(k * 1.9) * (8 + k * 2) + k * 6, peak - 8 - k * 15) for k in range(8)]
        page.stroke(lines.curve(coil), GREY, over=False, keep=True)
    page.shape(
        lines.closed([(x - width * 0.1, top), (x + width * 0.5, peak), (x + width * 1.1, top)]),
        roof,
        angle=0.1,
    )
    if smoke:
        page.shape(lines.box(x + width * 0.68, peak + width * 0.0, width * 0.1, width * 0.26), BROWN)


def window(page: Page, x: float, y: float, size: float, pane: Colour = SKY, frame: Colour = BROWN) -> None:
    """A window with a cross."""
    page.stroke(lines.line([(x + size / 2, y), (x + size / 2, y + size)]), frame, width=0.8)
    page.stroke(lines.line([(x, y + size / 2), (x + size, y + size / 2)]), frame, width=0.8)
    page.shape(lines.box(x, y, size, size), pane, ink=frame)


def tower(page: Page, x: float, base: float, width: float, height: float, wall: Colour, *, lit: float = 0.5) -> None:
    """A high-rise with rows of windows, some of them lit."""
    columns = 3 if width < 110 else 4
    cell = width / (columns + 0.4)
    rows = int((height - cell) / (cell * 1.15))
    for row in range(rows):
        for column in range(columns):
            colour = YELLOW if page.rng.random() < lit else (WHITE if lit < 0.3 else SKY)
            page.shape(
                lines.box(
                    x + cell * (0.4 + column),
                    base - height + cell * (0.5 + row * 1.15),
                    cell * 0.6,
                    cell * 0.66,
                ),
                colour,
                width=0.6,
            )
    page.shape(lines.box(x, base - height, width, height, lean=page.rng.normal(0, 4)), wall)


def star(page: Page, x: float, y: float, size: float, colour: Colour = YELLOW) -> None:
    """A five-pointed star."""
    corners = [
        (
            x + np.cos(a) * size * (1 if k % 2 == 0 else 0.45),
            y + np.sin(a) * size * (1 if k % 2 == 0 else 0.45),
        )
        for k, a in enumerate(np.arange(10) * np.pi / 5 - np.pi / 2)
    ]
    page.shape(lines.closed(corners), colour, width=0.7)


def heart(page: Page, x: float, y: float, size: float, colour: Colour = RED) -> None:
    """A heart, its tip `size` below its middle."""
    bow = [
        (x, y - size * 0.35),
        (x + size * 0.45, y - size * 0.8),
        (x + size * 0.95, y - size * 0.45),
        (x + size * 0.7, y + size * 0.25),
        (x, y + size),
        (x - size * 0.7, y + size * 0.25),
        (x - size * 0.95, y - size * 0.45),
        (x - size * 0.45, y - size * 0.8),
    ]
    page.shape(lines.curve(bow, close=True), colour, width=0.8)


def snowflakes(page: Page, count: int, down_to: float, colour: Colour = BLUE) -> None:
    """Falling snow: small crosses and dots."""
    for flake in range(count):
        x, y = page.rng.uniform(15, page.wide - 15), page.rng.uniform(12, down_to)
        size = page.rng.uniform(5, 11)
        for angle in (0.2, 1.25, 2.3) if flake % 2 else (0.0,):
            reach_x, reach_y = np.cos(angle) * size, np.sin(angle) * size
            page.stroke(
                lines.line([(x - reach_x, y - reach_y), (x + reach_x, y + reach_y)]),
                colour,
                width=0.55,
                over=False,
            )
