"""Scenes of going and of being far: buses, trains, aeroplanes, towers, phones, maps, parcels."""

from dataclasses import replace

import numpy as np

from app.cli.demo_material.drawings import animals, lines, outdoors, people, things, vehicles
from app.cli.demo_material.drawings.letters import write
from app.cli.demo_material.drawings.page import Page
from app.cli.demo_material.drawings.tools import (
    BLACK,
    BLUE,
    BROWN,
    GRASS,
    GREEN,
    GREY,
    LEMON,
    NAVY,
    OCHRE,
    ORANGE,
    PINE,
    PINK,
    RED,
    SKY,
    TURQUOISE,
    VIOLET,
    WHITE,
    YELLOW,
)


def bus_leaves(page: Page) -> None:
    """The bus goes, somebody waves from it, a child and a grandmother wave back."""
    vehicles.bus(page, 330, 560, 600, ORANGE, (people.BUILDER, people.MOTHER, None, people.FATHER))
    vehicles.luggage(page, 262, 640, 70, BROWN)
    people.person(page, 120, 640, 280, people.GRANDMOTHER, arms=(-40, 55))
    people.person(page, 225, 645, 185, people.BOY, arms=(-20, 68))
    outdoors.cloud(page, 190, 100, 80)
    outdoors.cloud(page, 470, 80, 66)
    outdoors.sun(page, 905, 90, 54)
    for x in (400, 610, 820):
        page.stroke(lines.line([(x, 622), (x + 95, 622)]), WHITE, width=1.4, keep=True)
    page.fill(lines.closed([(0, 555), (1000, 555), (1000, 690), (0, 690)]), GREY, angle=0.05)
    outdoors.fir(page, 70, 420, 170)
    for x, size in ((480, 120), (700, 140), (930, 120)):
        outdoors.tree(page, x, 340, size)
    page.fill(lines.closed([(0, 420), (300, 330), (640, 310), (1000, 330), (1000, 555), (0, 555)]), GRASS)
    outdoors.sky(page, 210)


def aeroplane(page: Page) -> None:
    """A large aeroplane over small roofs; a child on a hill counts it."""
    vehicles.aeroplane(page, 560, 220, 330, WHITE if page.hand.detail else YELLOW, faces=people.MOTHER)
    people.person(page, 210, 590, 215, replace(people.BOY, top=GREEN), arms=(70, 20))
    animals.dog(page, 345, 600, 110)
    for x, width in ((560, 120), (720, 95), (850, 125)):
        outdoors.house(page, x, 590, width, wall=(LEMON, PINK, WHITE)[x % 3], smoke=x != 720)
    outdoors.cloud(page, 150, 130, 90)
    outdoors.cloud(page, 860, 330, 70)
    trail = lines.curve([(30, 420), (120, 380), (230, 320)])
    vehicles.dashes(page, trail, BLUE, 3)
    outdoors.ground(page, 590)
    outdoors.sky(page, 430, dense=0.75)


def towers(page: Page) -> None:
    """The city where father builds: towers, a crane, the moon, a yellow helmet."""
    people.person(page, 345, 940, 230, people.BUILDER, arms=(50, 60))
    for beam in (0, 30):
        page.stroke(lines.line([(110 + beam, 930), (110 + beam, 190)]), ORANGE, width=1.2, keep=True)
    for y in range(210, 920, 48):
        page.stroke(lines.line([(110, y), (140, y + 44)]), ORANGE, width=0.8, over=True)
    page.stroke(lines.line([(30, 190), (420, 190)]), ORANGE, width=1.6, keep=True)
    page.stroke(lines.line([(125, 120), (30, 190)]), ORANGE, keep=True)
    page.stroke(lines.line([(125, 120), (400, 190)]), ORANGE, keep=True)
    page.stroke(lines.line([(372, 190), (372, 300)]), BLACK, width=0.8, keep=True)
    page.shape(lines.box(335, 300, 76, 44), GREY)
    outdoors.tower(page, 460, 900, 150, 640, TURQUOISE, lit=0.6)
    outdoors.tower(page, 180, 860, 115, 420, RED, lit=0.5)
    outdoors.tower(page, 600, 860, 96, 430, VIOLET, lit=0.6)
    outdoors.tower(page, 20, 870, 86, 330, OCHRE, lit=0.5)
    moon = np.concatenate([lines.arc(560, 110, 58, 58, 60, 300), lines.arc(590, 110, 44, 50, 270, 95)])
    page.shape(moon, YELLOW)
    for x, y in ((240, 70), (440, 90), (310, 130), (660, 200), (60, 60), (510, 220)):
        outdoors.star(page, x, y, 16)
    page.fill(lines.closed([(0, 890), (700, 890), (700, 1000), (0, 1000)]), GREY, angle=0.1)
    page.fill(lines.closed([(0, 0), (700, 0), (700, 890), (0, 890)]), NAVY, dense=0.9)


def telephone(page: Page) -> None:
    """Mother in the phone, hearts coming out of it, two children looking."""
    things.telephone(page, 365, 120, 280, people.MOTHER, LEMON)
    people.person(page, 180, 650, 330, people.GIRL, arms=(-20, 30))
    people.person(page, 830, 650, 280, replace(people.BOY, top=GREEN), arms=(35, -20))
    for x, y, size in (
        (300, 130, 30),
        (250, 220, 22),
        (720, 120, 34),
        (790, 230, 24),
        (680, 220, 18),
        (330, 250, 16),
    ):
        outdoors.heart(page, x, y, size, RED if x % 20 else PINK)
    things.curtains(page, 70, 70, 130, RED)
    things.room(page, 590, (236, 214, 236), OCHRE, dense=0.6)


def map_with_dots(page: Page) -> None:
    """A map of one's own: the house here, the tower there, a dotted line, a sea with fish."""
    page.shape(lines.box(90, 520, 74, 64), YELLOW)
    page.shape(lines.closed([(78, 520), (127, 468), (176, 520)]), RED)
    outdoors.fir(page, 235, 585, 110)
    outdoors.fir(page, 60, 440, 90)
    outdoors.tower(page, 820, 260, 66, 170, ORANGE)
    outdoors.tower(page, 740, 250, 54, 120, VIOLET)
    vehicles.aeroplane(page, 520, 300, 62, WHITE)
    route = lines.curve([(200, 540), (320, 460), (400, 520), (500, 420), (600, 360), (640, 260), (730, 270)])
    vehicles.dashes(page, route, RED, 3)
    for x, y, colour in ((440, 600, BLUE), (560, 560, ORANGE), (330, 310, BLUE), (470, 150, ORANGE)):
        animals.fish(page, x, y, 62, colour)
    page.shape(lines.closed([(560, 640), (680, 640), (655, 672), (585, 672)]), BROWN)
    page.shape(lines.closed([(622, 560), (672, 628), (622, 628)]), WHITE)
    left = lines.curve([(-20, 330), (120, 340), (230, 400), (300, 520), (280, 640), (330, 720), (-20, 720)], close=True)
    right = lines.curve(
        [(640, 60), (800, 20), (1020, -10), (1020, 380), (900, 330), (780, 350), (670, 240)], close=True
    )
    page.shape(left, GRASS, ink=GREEN)
    page.shape(right, OCHRE, ink=BROWN)
    outdoors.sun(page, 120, 120, 60)
    page.fill(lines.closed([(0, 0), (1000, 0), (1000, 700), (0, 700)]), SKY, angle=0.05, dense=0.7)


def train(page: Page) -> None:
    """A long train below mountains; hands and faces in its windows."""
    girl = replace(people.GIRL, hair_colour=BLACK)
    vehicles.engine(page, 690, 560, 250, WHITE)
    vehicles.carriage(page, 355, 560, 310, RED, (people.MOTHER, people.BUILDER, None))
    vehicles.carriage(page, 20, 560, 310, BLUE, (girl, people.FATHER, people.BOY))
    vehicles.rails(page, 562)
    outdoors.sun(page, 120, 90, 52)
    outdoors.cloud(page, 640, 90, 70)
    ridge = [(0, 350), (130, 190), (240, 300), (400, 130), (540, 300), (700, 180), (860, 310), (1000, 210)]
    for x, y in ((130, 190), (400, 130), (700, 180)):
        page.shape(
            lines.closed([(x, y), (x + 40, y + 56), (x + 8, y + 44), (x - 20, y + 60), (x - 42, y + 56)]),
            None,
            ink=BLUE,
        )
    mountains = lines.line(ridge)
    page.fill(np.concatenate([mountains, [[1000, 420], [0, 420]]]), TURQUOISE)
    page.stroke(mountains, page.ink(TURQUOISE), over=False, keep=True)
    page.fill(lines.closed([(0, 420), (1000, 420), (1000, 560), (0, 560)]), GRASS)
    for x in range(40, 1000, 120):
        outdoors.flower(page, x, 690, 88)
    page.fill(lines.closed([(0, 590), (1000, 590), (1000, 700), (0, 700)]), GREEN, dense=0.8)
    outdoors.sky(page, 200)


def parcel(page: Page) -> None:
    """A parcel from abroad, everything that was in it, and a cat in the box."""
    animals.cat(page, 500, 440, 210, GREY)
    page.shape(lines.closed(lines.points("330,380 670,380 690,620 310,620")), OCHRE)
    for flap in ("330,382 240,330", "670,382 765,335"):
        page.stroke(lines.line(lines.points(flap)), BROWN, width=1.6, keep=True)
    for left in (90.0, 185.0):
        shoe = lines.points("0,520 40,500 60,560 95,590 90,612 0,612", x=left)
        page.shape(lines.curve(shoe, close=True), RED)
        page.stroke(lines.line([(left - 2, 616), (left + 96, 616)]), BLACK, width=1.2)
    page.shape(lines.box(760, 540, 150, 78), (104, 62, 40))
    write(page, "CIOCO", 774, 560, 32, WHITE)
    _sweets(page)
    outdoors.star(page, 160, 330, 38)
    neck, right = "138,225 160,246 182,225", "220,235 285,300 252,334 222,304 222,440"
    page.shape(lines.closed(lines.points(f"100,235 {neck} {right} 98,440 98,304 68,334 35,300")), TURQUOISE)
    write(page, "MULT DOR", 300, 70, 66, RED)
    outdoors.heart(page, 800, 108, 36)
    outdoors.heart(page, 230, 108, 36)


def _sweets(page: Page) -> None:
    places = lines.points("780,470 850,500 910,460 830,430 750,420")
    for (x, y), colour in zip(places, (RED, YELLOW, GREEN, VIOLET, BLUE), strict=True):
        page.shape(lines.ellipse(x, y, 20), colour)
        for side in (-1, 1):
            end = [(x + side * 20, y), (x + side * 40, y - 14), (x + side * 40, y + 14)]
            page.shape(lines.closed(end), colour, width=0.8)


def same_moon(page: Page) -> None:
    """Two windows, one moon between them: a child in bed here, a mother at work there."""
    page.shape(lines.ellipse(500, 120, 66), YELLOW)
    for x, y in ((380, 70), (620, 70), (430, 210), (590, 220), (500, 250), (330, 150), (680, 160)):
        outdoors.star(page, x, y, 17)
    people.head(page, 170, 480, 46, people.GIRL)
    page.shape(lines.ellipse(165, 500, 80, 34), WHITE)
    page.shape(lines.curve([(215, 470), (380, 480), (400, 600), (215, 600)], close=True), PINK)
    page.shape(lines.box(80, 440, 24, 200), BROWN)
    page.shape(lines.box(390, 510, 24, 130), BROWN)
    people.person(page, 760, 640, 250, replace(people.MOTHER, apron=WHITE, top=TURQUOISE), arms=(-30, 10))
    page.shape(lines.box(850, 520, 110, 120), GREY)
    page.shape(lines.box(862, 500, 60, 22), BLACK)
    for side, walls in ((0, LEMON), (560, ORANGE)):
        things.curtains(page, 190 + side, 300, 84, RED if side else GREEN)
        page.shape(lines.box(30 + side, 270, 410, 375), walls)
        page.shape(lines.closed([(10 + side, 270), (235 + side, 175), (460 + side, 270)]), RED if side else BROWN)
    page.fill(lines.closed([(0, 640), (1000, 640), (1000, 700), (0, 700)]), PINE)
    page.fill(lines.closed([(0, 0), (1000, 0), (1000, 640), (0, 640)]), NAVY)


def ship(page: Page) -> None:
    """The sea, pines on the shore, a ferry with smoke, somebody with a pebble."""
    hull = [(430, 300), (900, 300), (850, 380), (480, 380)]
    for x in range(520, 840, 62):
        page.shape(lines.ellipse(x, 338, 13), SKY, width=0.8)
        page.shape(lines.box(x - 14, 246, 30, 26), YELLOW, width=0.8)
    page.shape(lines.closed([(480, 300), (500, 225), (820, 225), (850, 300)]), WHITE)
    page.shape(lines.box(700, 150, 62, 76), RED)
    page.stroke(lines.curve([(730, 140), (700, 110), (720, 80), (670, 60), (650, 30)]), GREY, width=1.4, keep=True)
    page.shape(lines.closed(hull), BLUE)
    people.person(page, 250, 640, 240, replace(people.GIRL, top=RED, hair_colour=YELLOW), arms=(20, 60))
    for x, height in ((70, 330), (140, 260)):
        outdoors.fir(page, x, 560, height)
    for y in (430, 480, 530):
        for x in range(250, 1000, 60):
            page.stroke(lines.arc(x + y % 40, y, 24, 12, 190, 350), NAVY, width=0.8, over=False)
    for pebble in range(12):
        at = page.rng.uniform(330, 960), page.rng.uniform(610, 680)
        page.shape(lines.ellipse(*at, 14, 9), (GREY, ORANGE, OCHRE)[pebble % 3], width=0.7)
    shore = lines.curve([(0, 500), (200, 540), (420, 590), (700, 580), (1000, 600)])
    page.fill(np.concatenate([shore, [[1000, 700], [0, 700]]]), (240, 214, 150))
    page.fill(
        lines.closed([(0, 375), (1000, 375), (1000, 590), (420, 590), (200, 540), (0, 500)]),
        TURQUOISE,
        angle=0.05,
    )
    outdoors.sun(page, 330, 120, 54)
    outdoors.birds(page, 5, 400, 130, 200)
    outdoors.sky(page, 180)
