"""How urgent a case is, and how long its first step may take (rights §4)."""

from datetime import timedelta
from enum import StrEnum


class Level(StrEnum):
    """What a story disclosed."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"
    ILLEGAL_IMAGE = "illegal_image"


FIRST_STEP: dict[Level, timedelta] = {
    Level.RED: timedelta(minutes=15),
    Level.AMBER: timedelta(hours=4),
    Level.GREEN: timedelta(days=5),
    Level.ILLEGAL_IMAGE: timedelta(hours=24),
}
