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

    The desk is whoever helps the family there. A restore asks when something of the story was taken back after the
    backup was made. A child does not ask: they hide their story themselves.
    """

    GUARDIAN = "guardian"
    CARER = "carer"
    DESK = "desk"
    RESTORE = "restore"


BY_LINK = (Asker.GUARDIAN, Asker.CARER)
"""Who asks behind a guardian's link."""


class Why(StrEnum):
    """What whoever helps the family saw. Distress is a no (rights §2), whatever was said before."""

    DISTRESS = "distress"
    RISK = "risk"


SUSPENSION_DECIDED_IN = timedelta(hours=24)

FIRST_STEP: dict[Level, timedelta] = {
    Level.RED: timedelta(minutes=15),
    Level.AMBER: timedelta(hours=4),
    Level.GREEN: timedelta(days=5),
    Level.ILLEGAL_IMAGE: timedelta(hours=24),
}
