"""Drawings painted by code as a child might: crayon, felt pen or brush on paper, then photographed."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image

from app.cli.demo_material.drawings import (
    scenes_away,
    scenes_days,
    scenes_feasts,
    scenes_fields,
    scenes_home,
    scenes_paper,
)
from app.cli.demo_material.drawings.page import SCALE, Page
from app.cli.demo_material.drawings.paper import choose_paper, sheet
from app.cli.demo_material.drawings.photo import photograph, scan
from app.cli.demo_material.drawings.tools import choose_hand


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture to paint, on a sheet that lies or stands."""

    draw: Callable[[Page], None]
    upright: bool = False


SCENES: dict[str, Scene] = {
    "grandmother_house": Scene(scenes_home.grandmother_house),
    "empty_chair": Scene(scenes_home.empty_chair),
    "cat_window": Scene(scenes_home.cat_window, upright=True),
    "grandfather_sheep": Scene(scenes_home.grandfather_sheep),
    "dumplings": Scene(scenes_home.dumplings),
    "noodles": Scene(scenes_home.noodles, upright=True),
    "garden": Scene(scenes_home.garden, upright=True),
    "hands": Scene(scenes_home.hands),
    "bus_leaves": Scene(scenes_away.bus_leaves),
    "aeroplane": Scene(scenes_away.aeroplane),
    "towers": Scene(scenes_away.towers, upright=True),
    "telephone": Scene(scenes_away.telephone),
    "map_with_dots": Scene(scenes_away.map_with_dots),
    "train": Scene(scenes_away.train),
    "parcel": Scene(scenes_away.parcel),
    "same_moon": Scene(scenes_away.same_moon),
    "ship": Scene(scenes_away.ship),
    "video_birthday": Scene(scenes_feasts.video_birthday),
    "football": Scene(scenes_days.football),
    "snow": Scene(scenes_days.snow),
    "classroom": Scene(scenes_days.classroom),
    "calendar": Scene(scenes_days.calendar, upright=True),
    "microphone": Scene(scenes_feasts.microphone),
    "fireworks": Scene(scenes_feasts.fireworks),
    "rice_field": Scene(scenes_fields.rice_field),
    "fishing": Scene(scenes_fields.fishing),
    "bicycle": Scene(scenes_days.bicycle),
    "umbrella": Scene(scenes_days.umbrella, upright=True),
    "apple_tree": Scene(scenes_fields.apple_tree),
    "rainbow": Scene(scenes_fields.rainbow),
    "consent_form": Scene(scenes_paper.consent_form, upright=True),
}


def paint(scene: str, seed: int, age: str = "10-12") -> bytes:
    """A scene as JPEG bytes (long side about 1,500 to 1,800 px), the same for the same seed and age band."""
    rng = np.random.default_rng([seed, *scene.encode()])
    what = SCENES[scene]
    long, short = int(1000 * SCALE), int(700 * SCALE)
    size = (short, long) if what.upright else (long, short)
    hand = choose_hand(age, rng)
    page = Page(sheet(choose_paper(rng, opaque=hand.filling.cover > 0.3), size, rng), hand, rng)
    what.draw(page)
    return finish(page.image(), rng)


def finish(drawing: Image.Image, rng: np.random.Generator) -> bytes:
    """Most drawings arrive photographed, some scanned."""
    return scan(drawing) if rng.random() < 0.2 else photograph(drawing, rng)
