"""What the drawings are made with and by: crayons, pens, colours, and hands of different ages."""

from dataclasses import dataclass

import numpy as np

Colour = tuple[int, int, int]

RED: Colour = (214, 48, 44)
CRIMSON: Colour = (176, 34, 58)
ORANGE: Colour = (240, 128, 38)
YELLOW: Colour = (250, 206, 44)
LEMON: Colour = (252, 232, 110)
GREEN: Colour = (66, 150, 62)
GRASS: Colour = (122, 184, 62)
PINE: Colour = (28, 98, 70)
SKY: Colour = (112, 182, 228)
BLUE: Colour = (44, 98, 184)
NAVY: Colour = (36, 50, 112)
VIOLET: Colour = (132, 82, 166)
PINK: Colour = (240, 136, 168)
PEACH: Colour = (248, 198, 158)
BROWN: Colour = (132, 82, 48)
OCHRE: Colour = (206, 154, 74)
GREY: Colour = (142, 146, 152)
BLACK: Colour = (44, 42, 48)
WHITE: Colour = (255, 255, 252)
TURQUOISE: Colour = (50, 168, 168)


@dataclass(frozen=True, slots=True)
class Tool:
    """How something leaves colour: how wide it is, how far the paper shows, how it covers what is below."""

    width: float
    tooth: float
    """0 is ink that fills every pore; 1 leaves the paper's pores white."""
    strength: float
    cover: float
    """0 stains like ink, 1 hides what is below."""
    soft: float = 0.12
    push: tuple[int, int] = (205, 250)
    """The least and the most pressure (of 255) of a filling line."""
    uneven: float = 0.24
    """How much the pressure changes over the page."""
    wash: bool = False


CRAYON = Tool(width=8.5, tooth=1.0, strength=0.94, cover=0.5, push=(90, 215), uneven=0.4)
FAT_CRAYON = Tool(width=12, tooth=1.05, strength=0.96, cover=0.55, push=(95, 235), uneven=0.4)
FELT = Tool(width=5.2, tooth=0.1, strength=0.86, cover=0.12, soft=0.08)
FINE_FELT = Tool(width=3.2, tooth=0.08, strength=0.9, cover=0.15, soft=0.06)
COLOURED_PENCIL = Tool(width=4.2, tooth=1.0, strength=0.78, cover=0.12, push=(90, 190), uneven=0.5)
PENCIL = Tool(width=2.5, tooth=0.85, strength=0.8, cover=0.3)
BRUSH = Tool(width=26, tooth=0.2, strength=1.0, cover=0.0, soft=0.05, uneven=0.5, wash=True)


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody's way of drawing."""

    outline: Tool
    filling: Tool
    wobble: float
    gap: float
    """Distance of filling lines, in widths of the tool."""
    spill: float
    """How far filling runs over the outline, in page units."""
    head: float
    """How large heads are, as a part of the body's height: large for young hands."""
    detail: int
    """0 draws the least, 2 the most."""
    coloured_outlines: bool
    ink: Colour = BLACK


HANDS: dict[str, tuple[Hand, ...]] = {
    "6-9": (
        Hand(FAT_CRAYON, FAT_CRAYON, 3.6, 0.86, 7, 0.42, 0, coloured_outlines=True, ink=BLUE),
        Hand(CRAYON, FAT_CRAYON, 3.2, 0.9, 6, 0.40, 0, coloured_outlines=True, ink=BROWN),
        Hand(FELT, FAT_CRAYON, 3.0, 0.88, 6, 0.40, 0, coloured_outlines=True, ink=VIOLET),
    ),
    "10-12": (
        Hand(FELT, CRAYON, 1.9, 0.8, 4, 0.34, 1, coloured_outlines=False),
        Hand(CRAYON, CRAYON, 2.2, 0.78, 4, 0.35, 1, coloured_outlines=True, ink=BROWN),
        Hand(FINE_FELT, FELT, 1.8, 0.86, 3, 0.34, 1, coloured_outlines=False, ink=NAVY),
    ),
    "13-15": (
        Hand(FINE_FELT, COLOURED_PENCIL, 1.2, 0.8, 2, 0.29, 2, coloured_outlines=False),
        Hand(PENCIL, COLOURED_PENCIL, 1.3, 0.85, 2, 0.29, 2, coloured_outlines=False, ink=(70, 68, 72)),
        Hand(FINE_FELT, CRAYON, 1.3, 0.74, 2, 0.30, 2, coloured_outlines=False),
    ),
    "16-17": (
        Hand(FINE_FELT, BRUSH, 1.0, 0.62, 1, 0.26, 2, coloured_outlines=False),
        Hand(PENCIL, BRUSH, 1.0, 0.62, 1, 0.26, 2, coloured_outlines=False, ink=(60, 58, 64)),
    ),
}


def choose_hand(age: str, rng: np.random.Generator) -> Hand:
    """One of the hands of an age band."""
    hands = HANDS[age]
    return hands[int(rng.integers(len(hands)))]
