"""Scenes of days that stand out: feasts, and a word to those who decide."""

from dataclasses import replace

import numpy as np

from app.cli.demo_material.drawings import lines, outdoors, people, things
from app.cli.demo_material.drawings.letters import write
from app.cli.demo_material.drawings.page import Page
from app.cli.demo_material.drawings.tools import (
    BLACK,
    BLUE,
    BROWN,
    CRIMSON,
    GREEN,
    GREY,
    NAVY,
    OCHRE,
    ORANGE,
    PEACH,
    PINK,
    RED,
    SKY,
    VIOLET,
    WHITE,
    YELLOW,
)


def video_birthday(page: Page) -> None:
    """A birthday cake before a laptop with two faces in it."""
    for candle in range(9):
        x = 330 + candle * 42
        page.shape(lines.ellipse(x, 402, 7, 13), ORANGE, width=0.6)
        page.shape(lines.box(x - 7, 420, 14, 48), (PINK, BLUE, YELLOW)[candle % 3], width=0.7)
    page.stroke(lines.curve([(300 + k * 26, 508 + (k % 2) * 16) for k in range(17)]), WHITE, width=1.3, keep=True)
    page.shape(lines.box(290, 468, 420, 70), PINK)
    page.shape(lines.box(250, 538, 500, 80), (120, 74, 48))
    page.shape(lines.ellipse(500, 626, 330, 34), WHITE)
    people.head(page, 420, 240, 56, people.MOTHER)
    people.head(page, 580, 240, 56, people.FATHER)
    page.shape(lines.box(300, 130, 400, 235), SKY)
    page.shape(lines.box(280, 110, 440, 275), BLACK)
    people.person(page, 130, 660, 300, replace(people.BOY, hair="cap", hair_colour=RED, top=YELLOW), arms=(20, 55))
    people.person(page, 880, 660, 330, people.GRANDMOTHER, arms=(60, -20))
    for x, y, colour in ((70, 110, RED), (170, 70, BLUE), (850, 80, GREEN), (940, 130, VIOLET)):
        page.shape(lines.ellipse(x, y, 34, 42), colour)
        page.stroke(lines.curve([(x, y + 42), (x + 8, y + 90), (x - 4, y + 140)]), BLACK, width=0.6, over=False)
    page.fill(lines.closed([(0, 610), (1000, 610), (1000, 700), (0, 700)]), PEACH, angle=0.05)


def microphone(page: Page) -> None:
    """A small child at a large microphone; three grown-ups with very large ears."""
    page.shape(lines.ellipse(250, 330, 26, 34), GREY)
    page.stroke(lines.line([(250, 364), (250, 620)]), BLACK, width=1.2, keep=True)
    page.stroke(lines.line([(210, 622), (290, 622)]), BLACK, width=1.6, keep=True)
    people.person(page, 165, 630, 285, replace(people.GIRL, top=RED), arms=(-30, 35))
    for ring in (1, 2, 3):
        page.stroke(
            lines.arc(262, 330, 42 * ring, 48 * ring, -42, 42),
            (RED, ORANGE, YELLOW)[ring - 1],
            width=1.2,
            keep=True,
        )
    outdoors.heart(page, 420, 240, 26)
    for x in (520, 680, 840):
        write(page, "?" if x == 520 else "!", x + 30, 510, 40, RED)
        page.shape(lines.box(x, 500, 90, 60), WHITE)
    page.shape(lines.box(470, 455, 500, 190), BROWN, angle=0.1)
    looks = (
        replace(people.FATHER, glasses=True),
        replace(people.MOTHER, hair="bun", hair_colour=GREY, top=VIOLET),
        replace(people.GRANDFATHER, hair="short", top=NAVY),
    )
    for seat, look in enumerate(looks):
        x = 560 + seat * 160
        size = 300 * page.hand.head / 2
        for side in (-1, 1):
            ear = (x + side * size * 1.5, 420 - 300 * 0.6 + size)
            page.stroke(lines.arc(*ear, size * 0.3, size * 0.4, -60, 240), BROWN, width=0.8)
            page.shape(lines.ellipse(*ear, size * 0.58, size * 0.74), PEACH)
        people.person(page, x, 540, 300, look, arms=(-55, -50), legs=False)
    write(page, "HELLO", 60, 80, 66, BLUE)
    things.room(page, 610, (214, 230, 240), CRIMSON, dense=0.65)


def fireworks(page: Page) -> None:
    """New Year: fireworks, lanterns at the door, the family outside; 回家 in the sky."""
    things.lantern(page, 240, 395, 36)
    things.lantern(page, 428, 395, 36)
    people.person(page, 560, 655, 250, replace(people.MOTHER, hair_colour=BLACK, top=RED), arms=(-30, 40))
    people.person(page, 660, 660, 180, replace(people.GIRL, hair_colour=BLACK, top=PINK), arms=(40, 70))
    people.person(page, 765, 655, 265, people.FATHER, arms=(-30, -30))
    people.person(
        page,
        880,
        660,
        230,
        replace(people.GRANDMOTHER, hair="bun", hair_colour=GREY, top=VIOLET, apron=None),
        arms=(-20, 45),
    )
    outdoors.house(page, 170, 630, 330, wall=OCHRE, roof=BLACK, smoke=False)
    for x, y, size, colour in (
        (120, 140, 74, RED),
        (330, 110, 60, YELLOW),
        (830, 130, 86, PINK),
        (700, 260, 52, GREEN),
    ):
        for spark in range(14):
            angle = spark * np.pi / 7
            reach = size * (1 if spark % 2 else 0.68)
            page.stroke(
                lines.line(
                    [
                        (x + np.cos(angle) * size * 0.25, y + np.sin(angle) * size * 0.25),
                        (x + np.cos(angle) * reach, y + np.sin(angle) * reach),
                    ]
                ),
                colour,
                keep=True,
            )
    write(page, "回家", 470, 80, 110, YELLOW)
    page.fill(lines.closed([(0, 635), (1000, 635), (1000, 700), (0, 700)]), BROWN, angle=0.1)
    page.fill(lines.closed([(0, 0), (1000, 0), (1000, 635), (0, 635)]), NAVY, dense=0.9)
