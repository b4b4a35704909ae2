"""Scenes of ordinary days: school, football, snow, rain, counting the days."""

from dataclasses import replace

import numpy as np

from app.cli.demo_material.drawings import animals, lines, outdoors, people, things
from app.cli.demo_material.drawings.letters import write
from app.cli.demo_material.drawings.page import Page
from app.cli.demo_material.drawings.tools import (
    BLACK,
    BLUE,
    BROWN,
    COLOURED_PENCIL,
    CRAYON,
    GRASS,
    GREEN,
    GREY,
    LEMON,
    OCHRE,
    ORANGE,
    PINE,
    PINK,
    RED,
    SKY,
    VIOLET,
    WHITE,
    YELLOW,
)


def football(page: Page) -> None:
    """A football match: a shot, a goalkeeper, a dog on the pitch."""
    page.stroke(
        lines.curve([(470, 505), (485, 490), (500, 505), (492, 524), (476, 523)], close=True),
        BLACK,
        width=0.8,
    )
    page.shape(lines.ellipse(486, 508, 31), WHITE, ink=BLACK)
    for way in (0, 14, 28):
        page.stroke(lines.line([(405, 500 + way), (440, 500 + way)]), GREY, width=0.7, keep=True)
    people.person(page, 345, 560, 250, replace(people.BOY, top=RED, bottom=WHITE), arms=(30, 45))
    people.person(page, 150, 610, 240, replace(people.GIRL, dress=False, top=RED, bottom=BLUE), arms=(60, 62))
    people.person(page, 800, 545, 235, replace(people.BOY, top=YELLOW, hair_colour=BROWN, bottom=BLACK), arms=(30, 30))
    animals.dog(page, 600, 640, 110, OCHRE)
    for x in (690, 935):
        page.stroke(lines.line([(x, 540), (x, 250)]), GREY, width=1.8, keep=True)
    page.stroke(lines.line([(688, 250), (937, 250)]), GREY, width=1.8, keep=True)
    for step in range(9):
        page.stroke(lines.line([(700 + step * 28, 258), (700 + step * 28, 535)]), GREY, width=0.5, over=False)
        page.stroke(lines.line([(695, 275 + step * 31), (930, 275 + step * 31)]), GREY, width=0.5, over=False)
    write(page, "3-2", 420, 120, 70, RED)
    outdoors.sun(page, 100, 95, 54)
    outdoors.cloud(page, 330, 90, 62)
    outdoors.cloud(page, 800, 100, 80)
    outdoors.tree(page, 560, 430, 160)
    outdoors.ground(page, 430, hills=4)
    outdoors.sky(page, 210)


def snow(page: Page) -> None:
    """A hill, a sledge with two on it, a snowman, firs."""
    for x, y in ((815, 500), (835, 560), (835, 600)):
        page.stroke(lines.ellipse(x + 5, y + 20, 4), BLACK)
    for side in (-16, 16):
        page.stroke(lines.ellipse(830 + side, 425, 4), BLACK)
    page.shape(lines.closed([(830, 434), (885, 446), (830, 452)]), ORANGE)
    page.shape(lines.closed([(790, 392), (870, 392), (858, 330), (802, 330)]), BLACK)
    page.shape(lines.box(786, 468, 90, 20), RED)
    for y, size in ((432, 46), (520, 66), (630, 86)):
        page.shape(lines.ellipse(830, y, size), None, ink=BLUE)
    page.stroke(lines.line([(766, 520), (690, 470)]), BROWN, width=1.2)
    people.person(
        page,
        330,
        478,
        180,
        replace(people.GIRL, top=VIOLET, hair="scarf", hair_colour=PINK),
        arms=(70, 60),
        legs=False,
    )
    people.person(page, 425, 500, 180, replace(people.BOY, hair="cap", hair_colour=GREEN), arms=(65, 70), legs=False)
    page.shape(lines.closed([(270, 450), (500, 500), (492, 524), (262, 474)]), OCHRE)
    page.stroke(lines.curve([(250, 500), (480, 552), (540, 548), (545, 515)]), BROWN, width=1.4, keep=True)
    slope = lines.curve([(0, 400), (200, 440), (480, 545), (640, 600), (1000, 640)])
    for x, base, height in ((60, 400, 240), (170, 420, 180), (620, 590, 210), (950, 630, 290)):
        outdoors.fir(page, x, base, height)
    page.stroke(slope, BLUE, over=False, keep=True)
    outdoors.snowflakes(page, 46, 560, WHITE if page.hand.detail == 0 else BLUE)
    for x in range(40, 980, 110):
        page.stroke(lines.arc(x, 670 - (x % 50), 30, 8, 200, 340), SKY, over=False)
    page.fill(np.concatenate([slope[::-1], [[0, 0], [1000, 0]]]), (150, 190, 226), dense=0.7)


def classroom(page: Page) -> None:
    """A blackboard, a teacher, desks seen from behind with plaits and tufts."""
    write(page, "2 + 3 = 5", 320, 110, 62, WHITE, tool=CRAYON)
    outdoors.sun(page, 720, 275, 22, face=False)
    page.stroke(lines.line([(330, 222), (560, 222)]), YELLOW, keep=True)
    write(page, "ABC", 330, 250, 44, YELLOW, tool=CRAYON)
    for x, look in (
        (180, people.GIRL),
        (420, people.BOY),
        (660, replace(people.GIRL, hair="long", hair_colour=BLACK)),
    ):
        page.shape(lines.box(x - 95, 560, 210, 24), OCHRE)
        for leg in (-80, 92):
            page.shape(lines.box(x + leg, 584, 14, 90), BROWN)
        page.shape(lines.box(x + 40, 532, 52, 28), (BLUE, GREEN, RED)[x % 3])
        people.person(page, x, 640, 260, look, arms=(-10, 65 if x == 420 else -20), legs=False)
    people.person(page, 880, 600, 330, replace(people.MOTHER, hair="bun", top=GREEN, glasses=True), arms=(30, -30))
    page.shape(lines.box(280, 80, 500, 250), PINE)
    page.shape(lines.box(264, 64, 532, 282), BROWN)
    page.shape(lines.ellipse(130, 160, 62), WHITE)
    page.stroke(lines.line([(130, 120), (130, 160), (158, 172)]), BLACK, width=1.1)
    things.room(page, 610, (252, 226, 186), GREY, dense=0.6)


def calendar(page: Page) -> None:
    """A calendar with crossed-out days and one day with a heart."""
    for day in range(35):
        _day(page, day, 90 + day % 7 * 76, 330 + day // 7 * 104)
    for column in range(8):
        page.stroke(lines.line([(88 + column * 76, 325), (90 + column * 76, 850)]), BLACK, over=False)
    for row in range(6):
        page.stroke(lines.line([(84, 330 + row * 104), (626, 328 + row * 104)]), BLACK, over=False)
    outdoors.fir(page, 170, 270, 170)
    outdoors.house(page, 300, 262, 130)
    outdoors.snowflakes(page, 14, 250)
    people.person(page, 560, 268, 150, people.GIRL, arms=(30, 70))
    page.shape(lines.box(60, 70, 590, 820), LEMON, dense=0.7)
    page.shape(lines.curve([(350, 70), (340, 40), (360, 30), (370, 45), (355, 70)]), None)


def _day(page: Page, day: int, x: float, y: float) -> None:
    if day < 24:
        colour = (RED, BLUE, GREEN, VIOLET)[day // 7]
        page.stroke(lines.line([(x + 14, y + 20), (x + 60, y + 82)]), colour, keep=True)
        page.stroke(lines.line([(x + 60, y + 18), (x + 12, y + 84)]), colour, keep=True)
    if day == 27:
        outdoors.star(page, x + 37, y + 52, 26)
    if day == 31:
        outdoors.heart(page, x + 36, y + 48, 34)
        for angle in np.arange(8) * np.pi / 4:
            across, down = np.cos(angle), np.sin(angle)
            ray = [(x + 36 + across * 46, y + 50 + down * 50), (x + 36 + across * 62, y + 50 + down * 66)]
            page.stroke(lines.line(ray), ORANGE)


def bicycle(page: Page) -> None:
    """A bicycle with bread in the basket, ducks behind it."""
    for x in (330, 590):
        for spoke in np.arange(6) * np.pi / 6:
            page.stroke(
                lines.line(
                    [
                        (x - np.cos(spoke) * 76, 540 - np.sin(spoke) * 76),
                        (x + np.cos(spoke) * 76, 540 + np.sin(spoke) * 76),
                    ]
                ),
                GREY,
                width=0.6,
            )
        page.stroke(lines.ellipse(x, 540, 80), BLACK, width=1.4, keep=True)
    frame = [(330, 540), (405, 440), (545, 440), (455, 540), (330, 540)]
    page.stroke(lines.line(frame), RED, width=1.6, keep=True)
    page.stroke(lines.line([(455, 540), (405, 425)]), RED, width=1.6, keep=True)
    page.stroke(lines.line([(590, 540), (545, 400), (580, 390)]), RED, width=1.6, keep=True)
    for loaf in (0, 26):
        page.shape(lines.ellipse(622 + loaf, 372, 12, 40, 0.4), OCHRE)
    page.shape(lines.box(590, 390, 84, 56), BROWN)
    people.person(page, 410, 560, 310, replace(people.BOY, top=GREEN, hair="cap", hair_colour=BLUE), arms=(-60, 5))
    for x, size in ((210, 80), (125, 62), (60, 54)):
        animals.bird_on_ground(page, x, 615, size, YELLOW if size < 70 else WHITE, comb=False)
    outdoors.house(page, 760, 440, 170)
    outdoors.sun(page, 890, 95, 52)
    outdoors.cloud(page, 330, 100, 74)
    page.fill(lines.closed([(0, 610), (1000, 590), (1000, 650), (0, 668)]), OCHRE, angle=0.1)
    outdoors.ground(page, 440, hills=14)
    outdoors.sky(page, 200)


def umbrella(page: Page) -> None:
    """One umbrella, two under it, a puddle and a snail."""
    people.person(page, 290, 850, 330, replace(people.GIRL, top=YELLOW), arms=(-30, 62))
    people.person(page, 455, 850, 290, replace(people.BOY, top=BLUE), arms=(30, -30))
    page.stroke(lines.curve([(370, 360), (370, 640), (385, 660), (400, 645)]), BROWN, width=1.2, over=False, keep=True)
    for panel in range(4):
        colour = (RED, YELLOW, GREEN, VIOLET)[panel]
        left, right = 110 + panel * 130, 240 + panel * 130
        page.shape(
            np.concatenate(
                [
                    lines.line([(370, 150), (left, 370)]),
                    lines.curve([(left, 370), ((left + right) / 2, 335), (right, 370)]),
                    lines.line([(right, 370), (370, 150)]),
                ]
            ),
            colour,
        )
    page.shape(lines.arc(585, 880, 30, 30, 0, 620), OCHRE)
    page.stroke(lines.curve([(545, 912), (620, 914), (650, 890), (655, 868)]), BROWN, width=1.6, keep=True)
    for _ in range(62):
        x, y = page.rng.uniform(10, 690), page.rng.uniform(20, 830)
        page.stroke(
            lines.line([(x, y), (x - 10, y + 34)]),
            BLUE,
            width=0.9,
            over=False,
            tool=COLOURED_PENCIL if page.hand.detail == 2 else None,
        )
    for x, y, size in ((150, 110, 90), (420, 70, 96), (610, 130, 70)):
        outdoors.cloud(page, x, y, size, GREY)
    page.shape(lines.ellipse(330, 905, 190, 34), SKY)
    page.fill(lines.closed([(0, 850), (700, 850), (700, 1000), (0, 1000)]), GRASS)
