"""Scenes of home: the people who stayed, the animals, the table. Each is painted from front to back."""

from dataclasses import replace

import numpy as np

from app.cli.demo_material.drawings import animals, lines, outdoors, people, things
from app.cli.demo_material.drawings.letters import write
from app.cli.demo_material.drawings.page import Page
from app.cli.demo_material.drawings.tools import (
    BLACK,
    BLUE,
    BROWN,
    CRIMSON,
    GRASS,
    GREEN,
    GREY,
    LEMON,
    NAVY,
    OCHRE,
    ORANGE,
    PEACH,
    PINK,
    RED,
    SKY,
    TURQUOISE,
    VIOLET,
    WHITE,
    YELLOW,
)


def grandmother_house(page: Page) -> None:
    """Grandmother with a headscarf before her house, hens, a fence, a sun."""
    for x, size in ((560, 70), (660, 58), (905, 64)):
        animals.bird_on_ground(page, x, 655, size, (WHITE, ORANGE, BROWN)[x % 3], comb=True)
    people.person(page, 745, 600, 285, people.GRANDMOTHER, arms=(-40, -10))
    people.person(page, 870, 605, 190, people.GIRL, arms=(25, 60))
    outdoors.house(page, 150, 560, 330, wall=TURQUOISE)
    outdoors.tree(page, 70, 585, 270, fruit=RED)
    for x in (500, 545, 590):
        outdoors.flower(page, x, 600, 92)
    outdoors.sun(page, 900, 95, 58)
    outdoors.cloud(page, 560, 110, 78)
    outdoors.birds(page, 4, 640, 90, 120)
    outdoors.sky(page, 235)
    outdoors.ground(page, 560)


def empty_chair(page: Page) -> None:
    """A laid table, three who eat, and one chair that waits."""
    things.bowl(page, 330, 412, 46, WHITE, ORANGE)
    things.steam(page, 330, 392, 60)
    things.bowl(page, 500, 398, 46, BLUE, ORANGE)
    things.bowl(page, 672, 412, 46, WHITE, WHITE)
    for x in (270, 440, 735):
        page.stroke(lines.line([(x, 420), (x + 4, 470)]), GREY, width=0.9, keep=True)
    page.shape(lines.ellipse(500, 470, 60, 20), OCHRE)
    things.table(page, 180, 372, 640, 120, RED if page.hand.detail else PINK, 150)
    people.person(page, 300, 560, 420, people.GRANDMOTHER, arms=(-50, -55), legs=False)
    people.person(page, 520, 560, 350, replace(people.BOY, top=GREEN), arms=(-60, -60), legs=False)
    things.chair(page, 800, 640, 330, OCHRE)
    outdoors.heart(page, 886, 405, 26)
    page.stroke(lines.line([(500, 0), (500, 70)]), BLACK, keep=True)
    page.shape(lines.closed([(440, 120), (470, 68), (530, 68), (560, 120)]), YELLOW)
    things.curtains(page, 70, 90, 150, GREEN)
    things.room(page, 585, LEMON, BROWN, dense=0.7)


def cat_window(page: Page) -> None:
    """A cat on the window sill, rain outside, a flower pot."""
    animals.cat(page, 300, 770, 420, GREY if page.hand.detail == 2 else ORANGE)
    outdoors.flower(page, 560, 670, 200, PINK)
    page.shape(lines.closed([(495, 670), (625, 670), (604, 770), (516, 770)]), (190, 96, 60))
    page.shape(lines.box(60, 770, 585, 52), BROWN, angle=0.0)
    page.stroke(lines.line([(352, 150), (352, 770)]), BROWN, width=2.6, over=False, keep=True)
    page.stroke(lines.line([(100, 400), (610, 400)]), BROWN, width=2.2, over=False, keep=True)
    outdoors.house(page, 425, 745, 150)
    for _ in range(54):
        x, y = page.rng.uniform(125, 600), page.rng.uniform(160, 720)
        page.stroke(lines.line([(x, y), (x - 9, y + 30)]), BLUE, width=0.75, over=False)
    outdoors.tree(page, 150, 755, 240)
    page.shape(lines.box(98, 145, 518, 625), (178, 204, 222), ink=BROWN)
    for left in (25, 590):
        page.shape(
            lines.curve([(left, 110), (left + 100, 110), (left + 62, 420), (left + 100, 756), (left, 756)], close=True),
            RED,
            angle=1.5,
        )
    page.stroke(lines.line([(12, 100), (692, 100)]), BROWN, width=1.8, over=False)
    for x in range(80, 660, 130):
        outdoors.heart(page, x, 905, 24, VIOLET)
    page.fill(lines.closed([(0, 0), (700, 0), (700, 1000), (0, 1000)]), LEMON, dense=0.75)


def grandfather_sheep(page: Page) -> None:
    """Grandfather and his sheep on the hill; one of them is black."""
    for index, (x, y, size) in enumerate(
        [
            (150, 600, 150),
            (345, 560, 135),
            (520, 640, 150),
            (700, 560, 120),
            (860, 640, 140),
            (300, 430, 90),
            (600, 420, 84),
        ]
    ):
        animals.sheep(page, x, y, size, left=index % 2 == 1, wool=BROWN if index == 4 else WHITE)
    people.person(page, 830, 480, 260, people.GRANDFATHER, arms=(-20, 35))
    page.stroke(lines.curve([(912, 505), (915, 360), (920, 280), (900, 255), (885, 270)]), BROWN, width=1.2, keep=True)
    animals.dog(page, 690, 480, 100, BLACK, left=True)
    outdoors.sun(page, 105, 95, 58)
    for x, y, size in ((350, 90, 72), (560, 130, 60), (740, 75, 64)):
        outdoors.cloud(page, x, y, size)
    hill = lines.curve([(0, 470), (200, 400), (430, 370), (700, 385), (1000, 440)])
    page.fill(np.concatenate([hill, [[1000, 700], [0, 700]]]), GRASS)
    page.stroke(hill, GREEN, over=False, keep=True)
    far = lines.curve([(0, 380), (150, 270), (320, 350), (520, 230), (720, 330), (880, 260), (1000, 330)])
    page.fill(np.concatenate([far, [[1000, 460], [0, 460]]]), TURQUOISE, dense=0.8)
    page.stroke(far, page.ink(TURQUOISE), over=False)
    outdoors.sky(page, 215)


def dumplings(page: Page) -> None:
    """Grandmother and a child fold dumplings; lanterns above."""
    for row in range(3):
        for place in range(7 - row % 2):
            x, y = 250 + place * 84 + (row % 2) * 40, 440 + row * 52
            page.stroke(lines.curve([(x - 20, y - 4), (x, y - 15), (x + 20, y - 4)]), OCHRE, width=0.6)
            page.shape(
                lines.curve([(x - 30, y), (x, y - 26), (x + 30, y), (x, y + 12)], close=True),
                (250, 240, 214),
                ink=OCHRE,
            )
    things.table(page, 130, 405, 740, 160, BROWN, 90)
    people.person(
        page,
        300,
        500,
        330,
        replace(people.GRANDMOTHER, hair="bun", hair_colour=GREY, top=VIOLET, apron=None, glasses=True),
        arms=(-40, -42),
        legs=False,
    )
    people.person(page, 650, 500, 260, replace(people.GIRL, hair_colour=BLACK, top=RED), arms=(-42, -35), legs=False)
    for x in (90, 500, 910):
        things.lantern(page, x, 110, 52)
    things.steam(page, 870, 380, 90)
    things.room(page, 600, (250, 224, 190), OCHRE, dense=0.7)


def noodles(page: Page) -> None:
    """A very large bowl of noodles with an egg and greens."""
    things.steam(page, 350, 330, 150)
    for side in (0, 30):
        page.stroke(lines.line([(640 + side, 150), (410 + side * 0.6, 450)]), BROWN, width=1.7, keep=True)
    page.shape(lines.ellipse(270, 470, 38, 30), YELLOW)
    page.shape(lines.ellipse(270, 468, 78, 54), None, ink=GREY)
    for x, y, tilt in ((440, 500, 0.4), (490, 455, -0.5), (400, 530, 0.1)):
        page.shape(lines.ellipse(x, y, 52, 20, tilt), GREEN)
    for x, y in ((330, 545), (520, 520), (210, 530)):
        page.shape(lines.ellipse(x, y, 24, 20), RED, width=0.8)
    rim = lines.ellipse(350, 500, 285, 100)
    for _ in range(26):
        start = page.rng.uniform(-0.8, 0.8), page.rng.uniform(-0.7, 0.7)
        knots = [
            (
                350 + (start[0] + step * 0.09) * 250,
                500 + (start[1] + 0.22 * np.sin(step * 2 + start[0] * 9)) * 84,
            )
            for step in range(-2, 5)
            if abs(start[0] + step * 0.09) < 0.85
        ]
        if len(knots) > 2:
            page.stroke(lines.curve(knots), OCHRE, width=0.9, over=False, keep=True)
    page.shape(rim, LEMON)
    write(page, "面", 318, 665, 78, WHITE)
    page.shape(lines.curve([(65, 500), (130, 700), (260, 800), (440, 800), (570, 700), (635, 500)]), BLUE)
    page.shape(lines.box(235, 795, 230, 46), BLUE)
    page.fill(lines.closed([(0, 700), (700, 700), (700, 1000), (0, 1000)]), ORANGE, angle=0.1, dense=0.8)
    outdoors.heart(page, 110, 140, 38)
    outdoors.heart(page, 210, 90, 26, PINK)


def garden(page: Page) -> None:
    """Sunflowers taller than the child, tomatoes, a watering can."""
    people.person(page, 370, 880, 330, replace(people.GIRL, top=BLUE, hair_colour=BROWN), arms=(10, 40))
    page.shape(lines.box(505, 690, 92, 82), TURQUOISE)
    page.stroke(lines.line([(595, 750), (650, 690)]), TURQUOISE, width=2, keep=True)
    for drop in range(7):
        x, y = 655 + drop % 3 * 12, 700 + drop * 16
        page.stroke(lines.line([(x, y), (x + 2, y + 12)]), BLUE, width=0.8)
    for x, top, size in ((120, 230, 74), (260, 330, 60), (545, 280, 68)):
        _sunflower(page, x, top, size)
    for x in (60, 200, 480, 640):
        for low in (0, 34, 62):
            page.shape(lines.ellipse(x + low % 3 * 9 - 8, 840 + low, 17), RED, width=0.8)
        page.stroke(lines.curve([(x, 940), (x + 6, 860), (x, 800)]), GREEN, over=False)
    outdoors.sun(page, 610, 90, 54)
    outdoors.birds(page, 3, 330, 90, 120)
    outdoors.ground(page, 870, BROWN)
    outdoors.sky(page, 190)


def _sunflower(page: Page, x: float, y: float, size: float) -> None:
    page.shape(lines.ellipse(x, y, size * 0.55), BROWN)
    for angle in np.linspace(0, 2 * np.pi, 14)[:-1]:
        across, down = np.cos(angle) * size * 0.84, np.sin(angle) * size * 0.84
        page.shape(lines.ellipse(x + across, y + down, size * 0.34, size * 0.15, angle), YELLOW, width=0.7)
    stem = lines.curve([(x, y + size), (x + 8, y + 300), (x, 880)])
    page.stroke(stem, GREEN, width=1.8, over=False, keep=True)
    for side, drop in ((-1, 250), (1, 350), (-1, 460)):
        leaf = [(x, y + drop), (x + side * 52, y + drop - 50), (x + side * 62, y + drop - 4)]
        page.shape(lines.curve(leaf, close=True), GREEN, width=0.8)


def hands(page: Page) -> None:
    """Two hands traced round, a large one and a small one, full of patterns."""
    _hand(page, 235, 560, 1.22, -0.1, (BLUE, SKY, TURQUOISE, GREEN, NAVY))
    _hand(page, 690, 590, 0.86, 0.12, (RED, ORANGE, PINK, YELLOW, VIOLET))
    outdoors.heart(page, 468, 215, 56, CRIMSON)
    for x, y in ((90, 90), (880, 100), (470, 70), (930, 340), (60, 360), (500, 600)):
        outdoors.star(page, x, y, 28)


def _hand(page: Page, x: float, y: float, size: float, turn: float, colours: tuple[tuple[int, int, int], ...]) -> None:
    spin = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    fingers = ((-0.95, 150, 25), (-0.42, 250, 27), (-0.1, 280, 28), (0.2, 255, 27), (0.52, 205, 23))
    for (angle, reach, thick), colour in zip(fingers, colours, strict=True):
        way = np.array([np.sin(angle), -np.cos(angle)])
        side = np.array([way[1], -way[0]])
        root, tip = way * 62, way * reach
        points = [
            root - side * thick,
            tip - side * thick * 0.9,
            tip + way * thick,
            tip + side * thick * 0.9,
            root + side * thick,
        ]
        for ring in (0.45, 0.62, 0.8):
            bar = [
                root + (tip - root) * ring - side * thick * 0.8,
                root + (tip - root) * ring + side * thick * 0.8,
            ]
            page.stroke(lines.line([tuple(p @ spin * size + (x, y)) for p in bar]), page.ink(colour), width=0.8)
        page.shape(lines.curve([tuple(p @ spin * size + (x, y)) for p in points]), colour)
    palm = [
        (-88, -40),
        (-60, -86),
        (0, -92),
        (62, -82),
        (86, -20),
        (70, 90),
        (40, 128),
        (-40, 128),
        (-72, 80),
    ]
    at = [tuple(np.array(p) @ spin * size + (x, y)) for p in palm]
    outdoors.heart(page, x, y + 8 * size, 34 * size, RED)
    page.shape(lines.curve(at, close=True), PEACH)
