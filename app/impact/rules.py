"""Plain rules about reach: who is counted, under which name a site is, and how few views are told to nobody."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urlsplit

SMALLEST = 10
"""Fewer views than this are never told as a number, and more only in multiples of it."""
OTHER = "other"
"""The sites that do not say who they are, and those that were too many on their day."""
NAMELESS = ("", OTHER)
"""What stands in place of the name of a site: our own pages have none."""
NEW_HOSTS = 100
"""How many sites that nobody registered have a name on one day."""
KEPT_DAYS = 3 * 365
PERIODS = (30, 90, 365)
WEEK = 7

BROWSERS = ("Mozilla/", "Opera/", "UCWEB/")
"""How every browser begins to say what it is, those for simple telephones too."""
BOTS = ("bot", "crawl", "spider", "slurp", "+http", "preview", "headless", "lighthouse", "monitor", "scan", "python")
"""What is said by programs that begin like a browser."""
NO_BOTS = "cubot"
"""A telephone whose name contains one of these words."""
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?|\[[0-9a-f:.]+\](:\d{1,5})?")
HOST_SIGNS = 255
HERE = ("127.0.0.1", "localhost")


class Place(StrEnum):
    """Where somebody looked."""

    GALLERY = "gallery"
    CAMPAIGN = "campaign"
    EMBED = "embed"
    PRINT = "print"
    PRESS = "press"


class View(NamedTuple):
    """All that is kept of somebody who looked. `campaign` is a slug, `story` an id; mostly both are empty.

    A page of the gallery does not say which story it showed: no child's story is ranked by its visitors.
    """

    day: date
    place: Place
    campaign: str = ""
    story: str = ""
    host: str = ""
    language: str = ""


def is_bot(agent: str) -> bool:
    """Whether a program says that it is no browser, or does not say what it is."""
    if not agent.startswith(BROWSERS):
        return True
    lowered = agent.lower().replace(NO_BOTS, "")
    for word in BOTS:  # noqa: SIM110  this is asked before each kept page, and a generator costs twice as much
        if word in lowered:
            return True
    return False


def host_of(origin: str) -> str:
    """The name of the site of an origin; `OTHER` for one that hides, or that is no site on the web."""
    try:
        parts = urlsplit(origin)
        secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE)
    except ValueError:
        return OTHER
    host = parts.netloc.lower()
    return host if secure and len(host) <= HOST_SIGNS and _HOST.fullmatch(host) else OTHER


def told(views: int) -> int | None:
    """The number as it may be told: full tens of it; None for "fewer than 10".

    Every number is rounded, so that none is worked out from others: neither from a sum and its other parts, nor from
    the same number a day earlier.
    """
    return None if 0 < views < SMALLEST else views // SMALLEST * SMALLEST


def stretches(last: date, days: int) -> list[date]:
    """The first day of each bar of a plot that ends with `last`: days, or for a long time weeks."""
    step = step_of(days)
    return [last - timedelta(days=step * back - 1) for back in range(days // step, 0, -1)]


def step_of(days: int) -> int:
    """How many days a bar stands for."""
    return WEEK if days > PERIODS[1] else 1


def by_stretch(views: Iterable[tuple[date, int]], firsts: Sequence[date], step: int) -> Iterator[tuple[date, int]]:
    """How many views there were in each stretch."""
    sums = dict.fromkeys(firsts, 0)
    for day, count in views:
        first = firsts[0] + timedelta(days=(day - firsts[0]).days // step * step)
        if first in sums:
            sums[first] += count
    yield from sums.items()
