"""Finding what is shown in the gallery by its words. What is not visible at this moment is never found.

Programs find of it what other sites may show too.

The newest come first, and reading stops when a page is full, so a word that every story has costs no more than a rare
one. SQLite's index gives the stories in that order. PostgreSQL's cannot: there the newest entries are tried one by
one, and only words that are rare among them are looked up in the index. Words that are common, but seldom together,
are looked for among the newest, and further back with each page.
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause, Select, TextClause, bindparam, cast, column, func, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY

from app import clock
from app.extensions import db
from app.release.facets import facet_token
from app.release.indexing import searched_in
from app.release.models import SearchEntry
from app.release.queries import (
    PAGE,
    SMALLEST_CELL,
    TABLE,
    WHOLE,
    Filters,
    Item,
    Page,
    also_at,
    too_few,
    visible,
    wall,
)
from app.release.reading import Question
from app.release.rules import EMBED
from app.release.tokens import Term, mend, terms_of

NEWEST, FURTHER = 3_000, 12_000
"""Entries that are tried one by one on PostgreSQL: at first, and behind those where the index knows too many."""
ENOUGH = 5
"""Who found so many among the newest will have a page of them soon."""
SAMPLE, COMMON, SOME = 400, 20, 2
"""A term that so many of the newest entries have is common, or not rare."""
VOCABULARY = 200
"""How many of the newest stories a suggestion takes its words from: all that they are found by."""
_HEAD = 2**62
_CURSOR = re.compile(r"[0-9]{1,15}")
_WORDS = re.compile(r"[^\W\d_]{3,}")

_ENTRY = SearchEntry.__table__
_INDEX = table("search_index", column("rowid"))


def _newest(found: FromClause, *conditions: ColumnElement[bool] | TextClause) -> Select[Any]:
    """The stories of these entries as the gallery shows them now, at most `:most`."""
    statement = visible(*WHOLE, found.c.number).where(TABLE.story_id == found.c.story_id, *conditions)
    return statement.order_by(found.c.number.desc()).limit(bindparam("most"))


_before = _ENTRY.c.number < bindparam("before")
_words = cast(bindparam("words"), TSQUERY)
_tried = select(_ENTRY).where(_before).order_by(_ENTRY.c.number.desc()).limit(bindparam("tried")).subquery()
_sample = select(_ENTRY.c.words).order_by(_ENTRY.c.number.desc()).limit(bindparam("sample")).subquery()

_sought = select(_ENTRY).where(_ENTRY.c.words.bool_op("@@")(cast(bindparam("sought"), TSQUERY)), _before)
_candidates = _sought.cte().prefix_with("MATERIALIZED")


class _Asked(NamedTuple):
    """The ways to ask for the newest stories with some words: SQLite's, and the two of PostgreSQL."""

    in_order: Question
    one_by_one: Question
    by_index: Question


def _asked(*more: ColumnElement[bool]) -> _Asked:
    """For stories of which `more` is true as well."""
    here = (_ENTRY.c.number == _INDEX.c.rowid, _INDEX.c.rowid < bindparam("before"), text("search_index MATCH :words"))
    in_order = _newest(_ENTRY, *here, *more).order_by(None).order_by(_INDEX.c.rowid.desc())
    one_by_one = _newest(_tried, _tried.c.words.bool_op("@@")(_words), *more)
    by_index = _newest(_candidates, _candidates.c.words.bool_op("@@")(_words), *more)
    return _Asked(Question(in_order), Question(one_by_one), Question(by_index))


_HANGING, _LENT = _asked(), _asked(also_at(EMBED))
_LAST_TRIED = Question(
    select(_ENTRY.c.number).where(_before).order_by(_ENTRY.c.number.desc()).limit(1).offset(bindparam("passed"))
)
_HAVING = Question(select(func.count()).select_from(_sample).where(_sample.c.words.bool_op("@@")(_words)))
_LATEST = Question(visible(*WHOLE).order_by(TABLE.shown_on.desc(), TABLE.story_id.desc()).limit(bindparam("most")))


class Found(NamedTuple):
    """Some of what was found; `last` is the number before which it goes on, None at the end."""

    items: list[Item]
    last: int | None
    too_few: bool = False


def gallery(query: str, filters: Filters, after: str = "") -> Page:
    """One page of what has these words in the gallery, newest first; of the whole wall, where a query holds no word."""
    if not terms_of(query):
        return wall(filters, after)
    found = _search(_HANGING, query, filters, int(after) if _CURSOR.fullmatch(after) else _HEAD, PAGE)
    return Page(found.items, None if found.last is None else str(found.last), found.too_few)


def lent(query: str, filters: Filters, before: int | None, limit: int) -> Found:
    """At most `limit` stories of the gallery with these words that other sites may show too, newest first."""
    return _search(_LENT, query, filters, _HEAD if before is None else before, limit)


def _search(asked: _Asked, query: str, filters: Filters, before: int, limit: int) -> Found:
    """What has every word of a query.

    Words alone may find a single story: they are on the wall for everybody to read. Beside a filter they narrow its
    cell, so together they show nothing when they would show fewer children than the smallest cell.
    """
    facets = (Term(facet_token(name, value)) for name, value in filters.chosen.items())
    terms = (*terms_of(query), *facets)
    rows, goes_on = _find(asked, terms, before, limit + 1, first=before == _HEAD and not filters.chosen)
    if filters.chosen:
        is_whole = before == _HEAD and limit + 1 >= SMALLEST_CELL
        if too_few(rows if is_whole else _find(asked, terms, _HEAD, SMALLEST_CELL)[0]):
            return Found([], None, too_few=True)
    last = rows[limit - 1][-1] if len(rows) > limit else goes_on
    return Found([Item(*row[:-1]) for row in rows[:limit]], last)


def suggestion(query: str, filters: Filters) -> str | None:
    """The query without its slips, where words of the newest stories are so close and something is found by them."""
    pieces: Counter[str] = Counter()
    for row in _rows(_LATEST, most=VOCABULARY):
        pieces.update(" ".join(searched_in(Item(*row).body)).split())
    known: Counter[str] = Counter()
    for piece, times in pieces.items():
        known.update(dict.fromkeys(_WORDS.findall(piece), times))
    better = mend(query, known)
    return better if better and gallery(better, filters).items else None


def _find(
    asked: _Asked, terms: tuple[Term, ...], before: int, most: int, *, first: bool = False
) -> tuple[list[tuple[Any, ...]], int | None]:
    """The newest stories with every term, at most so many; and the number to go on at, when not all were looked at.

    A `first` answer need not look at all where that takes long.
    """
    if db.engine.dialect.name != "sqlite":
        return _find_on_postgres(asked, terms, before, most, first=first)
    words = " AND ".join(f'"{term.token}"{"*" if term.begins else ""}' for term in terms)
    return _rows(asked.in_order, words=words, before=before, most=most), None


def _find_on_postgres(
    asked: _Asked, terms: tuple[Term, ...], before: int, most: int, *, first: bool
) -> tuple[list[tuple[Any, ...]], int | None]:
    words = _as_tsquery(terms)
    rows = _rows(asked.one_by_one, words=words, before=before, tried=NEWEST, most=most)
    if len(rows) == most:
        return rows, None
    edge = _last_tried(before, NEWEST)
    if edge is None:
        return rows, None
    sought = () if len(rows) >= ENOUGH else _looked_up(terms, first=first)
    if sought:
        return _rows(asked.by_index, words=words, sought=_as_tsquery(sought), before=before, most=most), None
    further = _rows(asked.one_by_one, words=words, before=edge, tried=FURTHER, most=most - len(rows))
    return rows + further, _last_tried(edge, FURTHER)


def _looked_up(terms: tuple[Term, ...], *, first: bool) -> tuple[Term, ...]:
    """The terms that the index is asked for; none where it would collect, or let us read, too much.

    It collects everything that begins like a common word before it looks at the other words, so it is asked for those
    alone; what has them is read row by row.
    """
    if len(terms) == 1:
        return terms
    count = {term: _count(term) for term in terms}
    sought = tuple(term for term in terms if not (term.begins and count[term] >= COMMON))
    is_long = len(sought) < len(terms) and all(count[term] >= SOME for term in sought)
    return () if min(count.values()) >= COMMON or (first and is_long) else sought


def _last_tried(before: int, tried: int) -> int | None:
    """The number of the last entry that was tried; None when there were not so many."""
    rows = _rows(_LAST_TRIED, before=before, passed=tried - 1)
    return rows[0][0] if rows else None


def _as_tsquery(terms: Iterable[Term]) -> str:
    return " & ".join(f"'{term.token}'{':*' if term.begins else ''}" for term in terms)


def _count(term: Term) -> int:
    """How many of the sample have it."""
    count: int = _rows(_HAVING, words=_as_tsquery((term,)), sample=SAMPLE)[0][0]
    return count


def _rows(question: Question, **values: Any) -> list[tuple[Any, ...]]:
    return question.ask(place="gallery", now=clock.now(), **values)
