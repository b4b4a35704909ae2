"""How urgent a case is, and how long its first step may take (rights §4)."""

from datetime import timedelta
from enum import StrEnum


class Level(StrEnum):
    """What a story disclosed."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"
    ILLEGAL_IMAGE = "illegal_image"


class Asker(StrEnum):
    """Who asked that a story be suspended. Nobody needs a key for that (rights §2).

    A restore asks when something of the story was taken back after the backup was made.
    """

    CHILD = "child"
    GUARDIAN = "guardian"
    CARER = "carer"
    RESTORE = "restore"


SUSPENSION_DECIDED_IN = timedelta(hours=24)

FIRST_STEP: dict[Level, timedelta] = {
    Level.RED: timedelta(minutes=15),
    Level.AMBER: timedelta(hours=4),
    Level.GREEN: timedelta(days=5),
    Level.ILLEGAL_IMAGE: timedelta(hours=24),
}
