"""People as children draw them: a large head, a wide smile, arms that come out of the shoulders."""

from dataclasses import dataclass, replace

import numpy as np

from app.cli.demo_material.drawings import lines
from app.cli.demo_material.drawings.page import Page
from app.cli.demo_material.drawings.tools import (
    BLACK,
    BLUE,
    BROWN,
    CRIMSON,
    FINE_FELT,
    GREY,
    NAVY,
    OCHRE,
    PEACH,
    PINK,
    RED,
    WHITE,
    YELLOW,
    Colour,
    Tool,
)


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody wears. `hair` is one of short, long, plaits, bun, scarf, helmet, straw, hat, cap."""

    hair: str = "short"
    hair_colour: Colour = BROWN
    top: Colour = RED
    bottom: Colour = BLUE
    dress: bool = False
    glasses: bool = False
    moustache: bool = False
    apron: Colour | None = None
    big_head: float = 1.0


BOY = Look(hair_colour=BLACK, top=RED, bottom=BLUE, big_head=1.15)
GIRL = Look(hair="plaits", hair_colour=BROWN, top=PINK, dress=True, big_head=1.15)
GRANDMOTHER = Look(hair="scarf", hair_colour=CRIMSON, top=NAVY, dress=True, apron=WHITE)
GRANDFATHER = Look(hair="hat", hair_colour=GREY, top=BROWN, bottom=GREY, moustache=True)
MOTHER = Look(hair="long", hair_colour=BROWN, top=YELLOW, dress=True)
FATHER = Look(hair="short", hair_colour=BLACK, top=BLUE, bottom=NAVY)
BUILDER = replace(FATHER, hair="helmet", hair_colour=YELLOW, top=OCHRE)


def person(
    page: Page,
    x: float,
    ground: float,
    height: float,
    look: Look,
    *,
    arms: tuple[float, float] = (-35, -35),
    legs: bool = True,
) -> None:
    """Somebody standing on `ground`. `arms` are degrees, left and right: 0 is stretched out, 90 is up."""
    size = height * page.hand.head * look.big_head / 2
    neck, hips = ground - height + size * 2, ground - height * (0.12 if look.dress else 0.24)
    wide = size * (0.72 if look.dress else 0.66)
    head(page, x, ground - height + size, size, look)
    for side, angle in zip((-1, 1), arms, strict=True):
        _arm(page, x + side * wide * 0.6, neck + size * 0.32, height * 0.28, side, angle, look.top)
    if look.apron is not None:
        page.patch(_trapezium(x, neck + size * 0.6, wide * 0.3, hips - size * 0.3, wide * 0.7), look.apron)
    elif page.hand.detail:
        for step in (0.35, 0.62):
            page.stroke(lines.ellipse(x, neck + (hips - neck) * step, size * 0.06), BLACK, width=0.6)
    shoulder, hem = (0.5, 1.5) if look.dress else (0.8, 0.9)
    page.shape(_trapezium(x, neck, wide * shoulder, hips, wide * hem), look.top)
    if legs:
        _legs(page, x, hips, ground, wide, look)


def _trapezium(x: float, top: float, above: float, base: float, below: float) -> lines.Path:
    """A symmetric shape round `x`, `above` and `below` wide on either side at its top and its base."""
    return lines.closed([(x - above, top), (x + above, top), (x + below, base), (x - below, base)])


def head(page: Page, x: float, y: float, size: float, look: Look) -> None:
    """A face, its hair and what is on it; `size` is the radius."""
    face = lines.ellipse(x, y, size * 0.98, size)
    _features(page, x, y, size, look)
    _front_hair(page, x, y, size, look)
    page.shape(face, PEACH, dense=0.85)
    _back_hair(page, x, y, size, look)


def _features(page: Page, x: float, y: float, size: float, look: Look) -> None:
    pen = replace(FINE_FELT, width=max(2.6, min(page.hand.outline.width * 0.75, size * 0.11)))
    for side in (-1, 1):
        _eye(page, x, y, size * side, look, pen)
        cheek = lines.ellipse(x + side * size * 0.56, y + size * 0.24, size * 0.16, size * 0.14)
        page.fill(cheek, PINK, dense=1.1, over=True)
    if page.hand.detail:
        page.stroke(lines.curve(lines.points("0,0 0.09,0.2 -0.02,0.22", x, y, size)), BROWN, tool=pen)
    mouth = [(x - size * 0.38, y + size * 0.42), (x, y + size * 0.68), (x + size * 0.38, y + size * 0.4)]
    page.stroke(lines.curve(mouth), RED, tool=replace(pen, width=pen.width * 1.15))
    if look.moustache:
        for tip in ("0,0.32 0.3,0.38 0.5,0.22", "0,0.32 -0.3,0.38 -0.5,0.22"):
            page.stroke(lines.curve(lines.points(tip, x, y, size)), GREY, width=1.1)


def _eye(page: Page, x: float, y: float, way: float, look: Look, pen: Tool) -> None:
    """The eye on one side: `way` is the head's radius, negative for the left one."""
    size = abs(way)
    fine = replace(pen, width=1.8)
    at = (x + way * 0.36, y - size * 0.1)
    page.stroke(lines.ellipse(*at, size * 0.075, size * 0.1), BLACK, tool=pen)
    if page.hand.detail and look.dress:
        for tip in (0.14, 0.23):
            lash = [(x + way * 0.45, y - size * 0.16), (x + way * 0.54, y - size * tip)]
            page.stroke(lines.line(lash), BLACK, tool=fine)
    if page.hand.detail == 2:
        brow = lines.arc(x + way * 0.37, y - size * 0.26, size * 0.17, size * 0.1, 200, 340)
        page.stroke(brow, BROWN, tool=fine)
    if look.glasses:
        page.stroke(lines.ellipse(*at, size * 0.24), BLACK, tool=pen)


def _front_hair(page: Page, x: float, y: float, size: float, look: Look) -> None:
    if look.hair in ("short", "long", "plaits", "bun"):
        low = y - size * 0.48
        fringe = lines.curve(
            [
                (x - size * 0.98, y - size * 0.1),
                (x - size * 0.9, y - size * 0.72),
                (x, y - size * 1.16),
                (x + size * 0.9, y - size * 0.72),
                (x + size * 0.98, y - size * 0.1),
                (x + size * 0.6, low),
                (x + size * 0.1, low - size * 0.1),
                (x - size * 0.6, low),
            ],
            close=True,
        )
        page.patch(fringe, look.hair_colour, angle=1.3, dense=1.3)
    if look.hair == "scarf":
        _scarf(page, x, y, size, look.hair_colour)
    if look.hair in ("hat", "cap", "helmet", "straw"):
        _headgear(page, x, y, size, look)


def _scarf(page: Page, x: float, y: float, size: float, colour: Colour) -> None:
    knot = y + size * 1.02
    for side in (-1, 1):
        page.shape(
            lines.closed(
                [
                    (x, knot),
                    (x + side * size * 0.5, knot + size * 0.34),
                    (x + side * size * 0.2, knot + size * 0.46),
                ]
            ),
            colour,
        )
    for dot in range(7):
        angle = np.pi * (1.06 + dot * 0.147)
        page.stroke(
            lines.ellipse(x + np.cos(angle) * size * 0.98, y + np.sin(angle) * size * 1.0, size * 0.045),
            WHITE,
            width=0.8,
        )
    outer = lines.arc(x, y, size * 1.2, size * 1.22, 126, 414)
    inner = lines.arc(x, y + size * 0.1, size * 0.78, size * 0.74, 400, 140)
    page.shape(np.concatenate([outer, inner, outer[:1]]), colour, angle=0.4)


def _headgear(page: Page, x: float, y: float, size: float, look: Look) -> None:
    brim = {"straw": 1.75, "hat": 1.35, "helmet": 1.15, "cap": 1.0}[look.hair]
    low = y - size * 0.45
    if look.hair == "straw":
        crown = lines.closed([(x - size * brim, low + size * 0.1), (x, y - size * 1.6), (x + size * brim, low)])
    else:
        crown = lines.curve(
            [
                (x - size * 0.95, low),
                (x - size * 0.8, y - size * 1.05),
                (x, y - size * 1.35),
                (x + size * 0.8, y - size * 1.05),
                (x + size * 0.95, low),
            ]
        )
        crown = np.concatenate([crown, crown[:1]])
    edge = [(x - size * brim, low), (x + size * (1.6 if look.hair == "cap" else brim), low + size * 0.04)]
    page.stroke(lines.line(edge), page.ink(look.hair_colour), width=1.4, keep=True)
    page.shape(crown, look.hair_colour, angle=0.2)


def _back_hair(page: Page, x: float, y: float, size: float, look: Look) -> None:
    if look.hair == "long":
        for side in (-1, 1):
            lock = lines.curve(
                [
                    (x + side * size * 0.6, y - size * 0.85),
                    (x + side * size * 1.22, y - size * 0.2),
                    (x + side * size * 1.3, y + size * 1.35),
                    (x + side * size * 0.82, y + size * 1.4),
                    (x + side * size * 0.8, y),
                ],
                close=True,
            )
            page.patch(lock, look.hair_colour, angle=1.5, dense=1.2)
    if look.hair == "bun":
        page.shape(lines.ellipse(x, y - size * 1.3, size * 0.38), look.hair_colour)
    if look.hair == "plaits":
        for side in (-1, 1):
            for bead in range(4):
                at = (x + side * size * (1.06 + bead * 0.05), y + size * (0.12 + bead * 0.36))
                page.shape(lines.ellipse(*at, size * 0.19, size * 0.2), look.hair_colour, width=0.7)
            page.stroke(lines.ellipse(x + side * size * 1.22, y + size * 1.5, size * 0.09), RED)


def _arm(page: Page, x: float, y: float, length: float, side: int, angle: float, sleeve: Colour) -> None:
    turn = np.radians(angle)
    elbow = (x + side * np.cos(turn) * length * 0.55, y - np.sin(turn) * length * 0.5 + length * 0.05)
    end = (x + side * np.cos(turn) * length, y - np.sin(turn) * length)
    thick = max(1.6, length * 0.17 / page.hand.outline.width)
    reach = lines.curve([(x, y), elbow, end])
    if page.hand.detail or length > 60:
        for spread in (-0.7, -0.2, 0.3, 0.8):
            tip = (
                end[0] + side * np.cos(turn + spread) * length * 0.17,
                end[1] - np.sin(turn + spread) * length * 0.17,
            )
            page.stroke(lines.line([end, tip]), page.ink(PEACH), width=0.75, over=False)
    page.shape(lines.ellipse(*end, length * 0.1), PEACH, width=0.7)
    page.stroke(reach, sleeve, width=thick, over=False, keep=True)


def _legs(page: Page, x: float, hips: float, ground: float, wide: float, look: Look) -> None:
    for side in (-1, 1):
        foot = x + side * wide * 0.5
        shoe = lines.ellipse(foot + side * wide * 0.22, ground - wide * 0.1, wide * 0.38, wide * 0.18)
        page.shape(shoe, BROWN if look.dress else BLACK, width=0.8)
        if look.dress:
            page.stroke(
                lines.line([(foot, hips), (foot, ground - wide * 0.1)]),
                PEACH,
                width=max(1.2, wide * 0.22 / page.hand.outline.width),
                over=False,
                keep=True,
            )
        else:
            inner = x + side * wide * 0.06
            page.shape(
                lines.closed(
                    [
                        (inner, hips),
                        (x + side * wide * 0.9, hips),
                        (x + side * wide * 0.82, ground - wide * 0.12),
                        (inner + side * wide * 0.06, ground - wide * 0.12),
                    ]
                ),
                look.bottom,
            )
