"""How many children told a story in each country, of the stories that everybody lets be counted at this moment.

Which of them hang in the gallery is another question, with other answers: a number says nothing about a wall.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, literal_column, select

from app import clock
from app.campaigns.blocks import SMALLEST_COUNT
from app.release.models import ReleaseEpoch
from app.release.queries import TABLE, open_now
from app.release.reading import Question
from app.release.terms import FOREVER

_HERE = TABLE.place == literal_column("'counts'")
"""Said as the index says it, which holds this place alone."""
_CHILDREN = func.count(TABLE.teller.distinct()).label("children")
_COUNTS = Question(select(TABLE.country, _CHILDREN).where(_HERE, *open_now(TABLE)).group_by(TABLE.country))
_WALL = Question(
    select(TABLE.story_id)
    .where(TABLE.place == literal_column("'gallery'"), TABLE.country == bindparam("country"), *open_now(TABLE))
    .limit(SMALLEST_COUNT)
)
"""As many of a country's stories as make its wall one that a number may lead to."""
_EPOCH = Question(select(ReleaseEpoch.value))
_NEXT = tuple(
    Question(select(func.min(moment).label("moment")).where(moment > bindparam("now", type_=moment.type)))
    for moment in (TABLE.visible_from, TABLE.visible_until)
)


class Voices(NamedTuple):
    """Children by country, as they are from `since` until `until` while the epoch stays the same."""

    epoch: int
    since: datetime
    until: datetime
    by_country: tuple[tuple[str, int], ...]
    walls: frozenset[str]
    """The countries whose number is told and of which the gallery, too, shows as many as a told number needs."""

    def hold(self) -> bool:
        """Whether nothing has come, gone, opened or closed since."""
        return self.since <= clock.now() < self.until and self.epoch == _epoch()


def _epoch() -> int:
    return int(_EPOCH.ask()[0][0])


def count_voices() -> Voices:
    """Count them: every row of an index is read, so an answer is to be kept for as long as it holds."""
    epoch, now = _epoch(), clock.now()
    ends = [row[0] for question in _NEXT for row in question.ask(now=now) if row[0] is not None]
    counts = sorted((str(row[0]), int(row[1])) for row in _COUNTS.ask(now=now))
    told = [country for country, children in counts if country and children >= SMALLEST_COUNT]
    walls = frozenset(each for each in told if len(_WALL.ask(country=each, now=now)) == SMALLEST_COUNT)
    return Voices(epoch, now, min(ends, default=FOREVER), tuple(counts), walls)
