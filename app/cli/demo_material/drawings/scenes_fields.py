"""Scenes in the open: fields, water, trees, and a rainbow that is a road."""

from dataclasses import replace

import numpy as np

from app.cli.demo_material.drawings import animals, lines, outdoors, people
from app.cli.demo_material.drawings.page import Page
from app.cli.demo_material.drawings.tools import (
    BLACK,
    BLUE,
    BROWN,
    GRASS,
    GREEN,
    GREY,
    NAVY,
    OCHRE,
    ORANGE,
    PINE,
    RED,
    SKY,
    TURQUOISE,
    VIOLET,
    WHITE,
    YELLOW,
)


def rice_field(page: Page) -> None:
    """A rice field with grandmother in a straw hat, a buffalo and hills."""
    animals.buffalo(page, 640, 560, 300, GREY)
    people.person(
        page,
        250,
        590,
        270,
        replace(people.GRANDMOTHER, hair="straw", hair_colour=YELLOW, top=BLUE, apron=None),
        arms=(-45, -10),
    )
    people.person(page, 400, 590, 180, replace(people.BOY, hair="straw", hair_colour=YELLOW), arms=(-10, 60))
    animals.bird_on_ground(page, 640, 392, 62, WHITE, comb=False)
    for row in range(4):
        y = 480 + row * 62
        for x in range(20 + row % 2 * 24, 1000, 56):
            for lean in (-9, 0, 9):
                page.stroke(lines.line([(x, y + 26), (x + lean, y)]), GREEN, width=0.8, over=False)
    page.fill(lines.closed([(0, 430), (1000, 430), (1000, 700), (0, 700)]), (164, 208, 196), angle=0.05, dense=0.8)
    hills = lines.curve([(0, 300), (120, 200), (260, 290), (400, 180), (560, 300), (720, 210), (860, 280), (1000, 220)])
    page.stroke(hills, PINE, over=False, keep=True)
    page.fill(np.concatenate([hills, [[1000, 430], [0, 430]]]), GREEN)
    outdoors.sun(page, 830, 100, 54)
    outdoors.cloud(page, 300, 90, 70)
    outdoors.birds(page, 4, 480, 70, 160)


def fishing(page: Page) -> None:
    """Grandfather and a child in a boat, a net of fish below."""
    page.shape(
        lines.curve([(260, 360), (480, 385), (700, 360), (650, 440), (480, 460), (310, 440)], close=True),
        BROWN,
        angle=0.1,
    )
    page.stroke(lines.line([(622, 322), (800, 190)]), BROWN, keep=True)
    page.stroke(lines.line([(800, 190), (806, 500)]), BLACK, width=0.6, keep=True)
    people.person(page, 390, 440, 260, people.GRANDFATHER, arms=(-30, 20), legs=False)
    people.person(
        page, 560, 440, 210, replace(people.BOY, hair="straw", hair_colour=YELLOW), arms=(-30, 30), legs=False
    )
    for x, y, size, colour in (
        (806, 540, 90, ORANGE),
        (180, 520, 70, BLUE),
        (360, 560, 96, RED),
        (560, 620, 70, VIOLET),
        (650, 520, 56, BLUE),
        (250, 640, 60, ORANGE),
    ):
        animals.fish(page, x, y, size, colour)
    page.shape(lines.curve([(880, 650), (900, 600), (930, 640), (950, 590), (960, 660)]), GREEN)
    for y in (430, 475):
        for x in range(15, 1000, 62):
            page.stroke(lines.arc(x + y % 30, y, 26, 12, 190, 350), NAVY, width=0.8, over=False)
    page.fill(lines.closed([(0, 420), (1000, 420), (1000, 700), (0, 700)]), SKY, angle=0.08)
    for x in (60, 110, 150, 880, 930):
        page.stroke(lines.line([(x, 430), (x + 5, 270)]), GREEN, width=1.2, keep=True)
        page.shape(lines.ellipse(x + 5, 275, 9, 30), BROWN)
    outdoors.sun(page, 160, 105, 58)
    outdoors.cloud(page, 720, 90, 76)
    outdoors.birds(page, 5, 360, 60, 150)


def apple_tree(page: Page) -> None:
    """A large apple tree with a swing; a grandmother picks, a ladder, a basket."""
    people.person(page, 300, 560, 210, replace(people.GIRL, top=VIOLET), arms=(60, 60))
    page.shape(lines.box(245, 556, 115, 14), BROWN)
    for x in (250, 355):
        page.stroke(lines.line([(x, 556), (x + 8, 300)]), OCHRE, keep=True)
    people.person(page, 790, 640, 290, people.GRANDMOTHER, arms=(-40, 60))
    page.shape(lines.curve(lines.points("660,580 760,580 740,645 680,645"), close=True), OCHRE)
    for apple in lines.points("680,572 706,562 735,572 120,640 180,650 600,655"):
        page.shape(lines.ellipse(*apple, 17), RED)
    _ladder(page)
    for apple in lines.points("200,180 290,90 420,150 520,70 640,160 740,120 350,230 560,240 160,250"):
        page.shape(lines.ellipse(*apple, 22), RED)
        page.stroke(lines.line(lines.points("0,-22 5,-34", *apple)), BROWN, width=0.8)
    crown = [
        (470 + np.cos(a) * (390 if k % 2 else 345), 165 + np.sin(a) * (158 if k % 2 else 136))
        for k, a in enumerate(np.linspace(0, 2 * np.pi, 23)[:-1])
    ]
    page.shape(lines.curve(crown, close=True), GREEN)
    trunk = lines.points("455,280 560,280 545,480 600,620 420,620 470,480")
    page.shape(lines.curve(trunk, close=True), BROWN, angle=1.5)
    animals.cat(page, 905, 690, 100, ORANGE)
    outdoors.ground(page, 590)
    outdoors.sun(page, 60, 60, 44)


def _ladder(page: Page) -> None:
    for x in (855, 920):
        page.stroke(lines.line([(x + 20, 640), (x - 70, 260)]), BROWN, width=1.3, over=False, keep=True)
    for rung in range(6):
        x, y = 858 - rung * 16, 580 - rung * 58
        page.stroke(lines.line([(x, y), (x + 60, y)]), BROWN, over=False, keep=True)


def rainbow(page: Page) -> None:
    """A rainbow from one house to another, people walk over it."""
    people.person(page, 330, 330, 150, people.MOTHER, arms=(-20, 40))
    people.person(page, 440, 288, 150, people.FATHER, arms=(30, 40))
    people.person(page, 545, 288, 120, people.BOY, arms=(50, 60))
    people.person(page, 650, 325, 130, people.GIRL, arms=(30, 60))
    outdoors.house(page, 30, 640, 190)
    outdoors.tower(page, 850, 650, 120, 320, VIOLET, lit=0.4)
    outdoors.tree(page, 760, 650, 150)
    for ring, colour in enumerate((RED, ORANGE, YELLOW, GREEN, BLUE, VIOLET)):
        outer, inner = 400 - ring * 26, 374 - ring * 26
        band = np.concatenate(
            [lines.arc(500, 690, outer, outer, 184, 356), lines.arc(500, 690, inner, inner, 356, 184)]
        )
        page.patch(band, colour, angle=None, dense=1.1)
    for x in (300, 400, 500, 600, 690):
        outdoors.flower(page, x, 680, 100)
    outdoors.sun(page, 880, 90, 54)
    outdoors.cloud(page, 140, 110, 80, SKY)
    outdoors.cloud(page, 600, 80, 60, SKY)
    outdoors.ground(page, 640, TURQUOISE if page.hand.detail == 2 else GRASS)
