"""The map of voices: where the children live who told us a story, drawn on the server."""

from dataclasses import dataclass

from flask import Response, current_app
from flask_babel import format_decimal

from app.campaigns.blocks import ROUNDED_TO, SMALLEST_COUNT, told
from app.release.voices import Voices, count_voices
from app.web import fragments
from app.web.choices import COUNTRIES
from app.web.gallery import bp
from app.web.guard import Audience, open_to
from app.web.templating import country_name

PLACES: dict[str, tuple[float, int]] = {
    "LV": (4, 0),
    "GB": (0, 1),
    "BE": (1, 1),
    "DE": (2, 1),
    "FR": (1, 2),
    "RO": (3, 2),
    "MD": (4, 2),
    "IT": (2, 3),
    "CN": (5.2, 1),
}
"""Where each country stands, in columns and rows: who is north of whom, and nothing more."""
LARGE = frozenset({"CN"})
STEPS = (SMALLEST_COUNT, 50, 500)
"""From how many children on a country is drawn darker."""


@dataclass(frozen=True)
class Cell:
    """A country on the map and in the table; `count` is empty where it would tell of too few children."""

    code: str
    name: str
    count: str
    step: int
    at: tuple[float, int] | None
    large: bool
    is_open: bool
    """Whether the gallery shows enough stories from there that a link may lead to them."""


@bp.get("/gallery/map")
@open_to(Audience.PUBLIC)
def voices() -> Response:
    """How many children live where; a country with few of them does not say how few."""
    cells = cells_of(kept_voices())
    return fragments.page(
        "gallery/map.html", tuple(cells), cells=cells, fewest=SMALLEST_COUNT, rounded=ROUNDED_TO, steps=STEPS
    )


def kept_voices() -> Voices:
    """The counts, made once for each epoch and each moment at which time changes them, and not for each visitor."""
    kept: Voices | None = current_app.extensions.get("voices")
    if kept is None or not kept.hold():
        kept = current_app.extensions["voices"] = count_voices()
    return kept


def cells_of(counted: Voices) -> list[Cell]:
    """Every country that is drawn or has told something, by name; who did not say where stands last."""
    counts = dict(counted.by_country)
    named = [cell_of(code, counts.get(code, 0), code in counted.walls) for code in {*COUNTRIES, *counts} - {""}]
    return sorted(named, key=lambda cell: cell.name) + ([cell_of("", counts[""])] if counts.get("") else [])


def cell_of(code: str, children: int, is_open: bool = False) -> Cell:
    """One country."""
    step = sum(children >= least for least in STEPS)
    count = format_decimal(told(children)) if step or not children else ""
    return Cell(code, country_name(code), count, step, PLACES.get(code), code in LARGE, is_open)
