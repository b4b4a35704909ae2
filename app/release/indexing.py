"""The search's index, kept in line with the showcase: one entry for each story that has a row at `gallery`.

Entries are numbered by day, so that the newest are read first without sorting; on SQLite the index is read in the
order of these numbers too.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, func, insert, select, text
from sqlalchemy.exc import DatabaseError

from app.extensions import Base, db
from app.release.beside import beside_in
from app.release.facets import facet_tokens
from app.release.models import ReleaseEpoch, SearchEntry
from app.release.tokens import tokens_of

DAY_BITS = 20
"""A million stories a day."""
EPOCH_DAY = date(1970, 1, 1).toordinal()
PRINTED = ("title", "text")
"""The parts of a showing's body that are searched, with the words beside them: what its page prints, but for names."""
INDEX = "search_index"
PAGES_AT_A_TIME = 500


class Entry(NamedTuple):
    """What the index holds for one story: the day it sorts under, and its tokens in alphabetical order."""

    shown_on: date
    words: str


def entry_of(showing: Mapping[str, Any]) -> Entry:
    """The entry of a story, from the columns of its row at `gallery`."""
    tokens = tokens_of(searched_in(showing["body"])) | facet_tokens(showing)
    return Entry(showing["shown_on"], " ".join(sorted(tokens)))


def searched_in(body: dict[str, Any]) -> list[str]:
    """The texts of a showing's body that it is found by."""
    return [*(body[part] for part in PRINTED), *beside_in(body)]


def first_number(day: date) -> int:
    """The number that the stories of a day begin with."""
    return (day.toordinal() - EPOCH_DAY) << DAY_BITS


def _day(number: int) -> date:
    return date.fromordinal((number >> DAY_BITS) + EPOCH_DAY)


def stored_entry(story_id: str) -> Entry | None:
    """What the index holds for a story now."""
    row = db.session.execute(select(SearchEntry.number, SearchEntry.words).where(SearchEntry.story_id == story_id))
    return next((Entry(_day(number), words) for number, words in row), None)


_TABLE = Base.metadata.tables[SearchEntry.__tablename__]
_TAKE_OUT = delete(_TABLE).where(SearchEntry.story_id == bindparam("story")).returning(SearchEntry.number)
_PUT_IN = insert(_TABLE)


def replace_entry(story_id: str, entry: Entry | None) -> None:
    """Put an entry in place of a story's; it keeps its number while it keeps its day."""
    number = db.session.execute(_TAKE_OUT, {"story": story_id}).scalar()
    if entry is not None:
        if number is None or _day(number) != entry.shown_on:
            number = _next_number(entry.shown_on)
        db.session.execute(_PUT_IN, {"number": number, "story_id": story_id, "words": entry.words})


def _next_number(day: date) -> int:
    """The first number of a day behind those given out. Whoever else publishes waits, as they would for the epoch."""
    db.session.execute(select(ReleaseEpoch.value).with_for_update())
    first = first_number(day)
    of_the_day = SearchEntry.number.between(first, first + (1 << DAY_BITS) - 1)
    last = db.session.scalar(select(func.max(SearchEntry.number)).where(of_the_day))
    return first if last is None else last + 1


def _is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def _tell_index(word: str, rank: int | None = None) -> None:
    """One of FTS5's commands, which are written as rows."""
    statement = text("INSERT INTO search_index (search_index, rank) VALUES (:word, :rank)")
    db.session.execute(statement, {"word": word, "rank": rank})


def is_of_index(name: str) -> bool:
    """Whether this is the full-text index, or one of the tables that SQLite keeps it in."""
    return name == INDEX or name.startswith(f"{INDEX}_")


def index_is_sound() -> bool:
    """Whether SQLite's index holds exactly the entries; PostgreSQL's own always does."""
    if not _is_sqlite():
        return True
    try:
        with db.session.begin_nested():
            _tell_index("integrity-check", 1)
    except DatabaseError:
        return False
    return True


def rebuild_index() -> None:
    """Build SQLite's index anew from the entries."""
    if _is_sqlite():
        _tell_index("rebuild")


def forget_words() -> None:
    """Merge the layers of SQLite's index, a bounded piece at a time: with them go the words of what was taken back."""
    if _is_sqlite():
        _tell_index("merge", -PAGES_AT_A_TIME)
