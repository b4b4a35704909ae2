"""Search among a million stories, in one process: words, beginnings of words, Chinese, filters beside them, nothing.

The words are made up and as unevenly common as words are (the tenth is ten times rarer than the first). What is asked
is taken from such texts too, so common words are asked for most. Run it alone with
`python -m tests.bench.search [STORIES]`.
"""

import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import psycopg

from app import create_app
from app.cli.writing import transaction
from app.config import Settings
from app.extensions import db, new_id
from app.release import search
from app.release.facets import MEDIUM_BITS, THEME_BITS, facet_tokens
from app.release.indexing import first_number
from app.release.queries import Filters
from app.release.tokens import tokens_of
from app.release.voices import count_voices
from tests.bench.gallery import COPIED, INDEXES
from tests.bench.media import Row, table
from tests.factories.stories import make_shown
from tests.services.application import disconnect, migrate, settings_in, sqlite_file
from tests.services.postgres import Postgres

STORIES = 1_000_000
ASKED = 400
VOCABULARY, CHARACTERS = 60_000, 3_000
WORDS_A_STORY, CHARACTERS_A_STORY = 60, 120
DAYS, FIRST_DAY = 5_000, date(2012, 2, 1)
COUNTRIES = {"CN": 50, "RO": 30, "MD": 15, "LV": 5, "BE": 0.01}
AT_ONCE = 10_000
LIMIT_MS = 30
TURNS = 3
"""Each question's middle time counts: others use the machine too."""

Told = tuple[dict[str, Any], set[str]]
"""What differs between two stories: the columns of a showing, and the words."""


class Writer:
    """Texts of made-up words, always the same ones."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        letters = random.Random(0)
        self.words = [
            "".join(letters.choices("aeiourstlnmcdpbgvzf", k=letters.randint(2, 10))) for _ in range(VOCABULARY)
        ]
        self.signs = [chr(0x4E00 + number) for number in range(CHARACTERS)]
        self.word_weights = list(accumulate(1 / (place + 1) for place in range(VOCABULARY)))
        self.sign_weights = list(accumulate(1 / (place + 10) for place in range(CHARACTERS)))

    def some_words(self, count: int) -> list[str]:
        """Words as they come in a text."""
        return self.chance.choices(self.words, cum_weights=self.word_weights, k=count)

    def some_chinese(self, count: int) -> str:
        """Characters as they come in a text."""
        return "".join(self.chance.choices(self.signs, cum_weights=self.sign_weights, k=count))

    def story(self, number: int) -> Told:
        """Half of the stories are Chinese."""
        chinese = number % 2 == 0
        text = self.some_chinese(CHARACTERS_A_STORY) if chinese else " ".join(self.some_words(WORDS_A_STORY))
        facets = {
            "locale": "zh" if chinese else "ro",
            "country": self.chance.choices([*COUNTRIES], weights=[*COUNTRIES.values()])[0],
            "age_band": self.chance.choice(["6-9", "10-12", "13-15", "16-17"]),
            "theme_mask": self.chance.choice([*THEME_BITS.values()]),
            "medium_mask": self.chance.choice([*MEDIUM_BITS.values()]),
        }
        return facets, tokens_of([text]) | facet_tokens(facets)

    def questions(self) -> dict[str, list[tuple[str, Filters]]]:
        """What visitors look for, by kind."""
        words, everything = (lambda: self.some_words(1)[0]), Filters()
        kinds: dict[str, Callable[[], tuple[str, Filters]]] = {
            "a word": lambda: (words(), everything),
            "the beginning of a word": lambda: (words()[:3], everything),
            "two words": lambda: (f"{words()} {words()}", everything),
            "two Chinese characters": lambda: (self.some_chinese(2), everything),
            "one Chinese character": lambda: (self.some_chinese(1), everything),
            "four Chinese characters": lambda: (self.some_chinese(4), everything),
            "words in two languages": lambda: (words() + self.some_chinese(1), everything),
            "a word and a filter": lambda: (words(), Filters(country=self.chance.choice([*COUNTRIES]))),
        }
        return {kind: [make() for _ in range(ASKED)] for kind, make in kinds.items()}


def stories(count: int) -> Iterator[tuple[str, date, int, Told]]:
    """Ids, days, numbers and the rest, the oldest first."""
    writer, day, place = Writer(1), FIRST_DAY, 0
    for number in range(count):
        told_on = FIRST_DAY + timedelta(days=number * DAYS // count)
        place = place + 1 if told_on == day else 0
        day = told_on
        yield new_id(), day, first_number(day) + place, writer.story(number)


def first_story(settings: Settings) -> None:
    """One story by the real actions; the others are its rows once more."""
    app = create_app(settings)
    with app.app_context(), transaction():
        make_shown(["gallery"], pictures=1)
    disconnect(app)


def rows_like(row: dict[str, Any], count: int) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    """A showing and an entry for each story."""
    for story_id, day, number, (facets, words) in stories(count):
        showing = row | facets | {"shown_on": day.isoformat(), "story_id": story_id}
        yield tuple(showing.values()), (number, story_id, " ".join(sorted(words)))


def fill_sqlite(settings: Settings, count: int) -> None:
    """The indexes are built when the rows are there."""
    with closing(sqlite3.connect(sqlite_file(settings), isolation_level=None)) as database:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000"):
            database.execute(f"PRAGMA {pragma}")
        indexes = database.execute(INDEXES).fetchall()
        for name, _ in indexes:
            database.execute(f"DROP INDEX {name}")
        database.row_factory = sqlite3.Row
        row = dict(database.execute(f"SELECT {COPIED}, story_id FROM showing").fetchone())
        database.execute("BEGIN")
        showing = f"INSERT INTO showing ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})"
        trigger = database.execute("SELECT sql FROM sqlite_master WHERE name = 'search_entry_comes'").fetchone()[0]
        database.execute("DROP TRIGGER search_entry_comes")
        for values, entry in rows_like(row, count - 1):
            database.execute(showing, values)
            database.execute("INSERT INTO search_entry (number, story_id, words) VALUES (?, ?, ?)", entry)
        for _, statement in indexes:
            database.execute(statement)
        database.execute(trigger)
        database.execute("INSERT INTO search_index (search_index) VALUES ('rebuild')")
        database.execute("COMMIT")
        database.execute("PRAGMA journal_mode=WAL")


def fill_postgres(settings: Settings, count: int) -> None:
    """Without looking for the stories that the rows name."""
    address = settings.sqlalchemy_url.replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as database, database.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET maintenance_work_mem = '1GB'")
        (index,) = cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'search_index'").fetchone() or (
            "",
        )
        cursor.execute("DROP INDEX search_index")
        cursor.row_factory = psycopg.rows.dict_row  # type: ignore[assignment]
        columns = "body::text AS body, tile::text AS tile"
        row: Any = cursor.execute(
            f"SELECT {COPIED.removesuffix('body, tile')} {columns}, story_id FROM showing"
        ).fetchone()
        cursor.row_factory = psycopg.rows.tuple_row
        cursor.execute("CREATE TEMP TABLE entries (number bigint, story_id text, words tsvector)")
        with database.cursor() as other, other.copy(f"COPY showing ({', '.join(row)}) FROM STDIN") as showings:
            entries = []
            for values, entry in rows_like(row, count - 1):
                showings.write_row(values)
                entries.append(entry)
        with cursor.copy("COPY search_entry (number, story_id, words) FROM STDIN") as copied:
            for number, story_id, words in entries:
                copied.write_row((number, story_id, " ".join(f"'{word}'" for word in words.split())))
        cursor.execute(index)
        cursor.execute("VACUUM ANALYZE showing, search_entry")


def measured(settings: Settings, database: str, count: int) -> Iterator[Row]:
    """How long each kind takes, one after the other."""
    app = create_app(settings)
    with app.app_context():
        for kind, questions in Writer(2).questions().items():
            took, found = [], 0
            for query, filters in questions:
                times = []
                for _ in range(TURNS):
                    begun = time.perf_counter()
                    page = search.gallery(query, filters)
                    db.session.rollback()
                    times.append((time.perf_counter() - begun) * 1_000)
                took.append(median(times))
                found += bool(page.items)
            p95 = quantiles(took, n=20)[-1]
            detail = f"p50 {median(took):.1f} ms, worst {max(took):.0f} ms; {found} of {len(took)} found something"
            yield Row(f"{database}, {count:,} stories: {kind}, p95", p95, " ms", LIMIT_MS, detail)
        for what, act in {
            "looking for a better word, when nothing was found": lambda: search.suggestion("aaeeii", Filters()),
            "counting the voices of the map, once for each epoch": count_voices,
        }.items():
            times = []
            for _ in range(TURNS):
                begun = time.perf_counter()
                act()
                times.append((time.perf_counter() - begun) * 1_000)
            yield Row(f"{database}, {count:,} stories: {what}", median(times), " ms", None, f"median of {TURNS}")
    disconnect(app)


def rows(count: int = STORIES) -> list[Row]:
    """Both databases."""
    with tempfile.TemporaryDirectory() as name:
        settings = settings_in(Path(name))
        migrate(settings)
        first_story(settings)
        fill_sqlite(settings, count)
        found = list(measured(settings, "SQLite", count))
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory(prefix="eyes-pg-") as cluster:
        postgres = Postgres(Path(cluster))
        try:
            settings = settings_in(Path(name), database_url=postgres.url(postgres.create()))
            migrate(settings)
            first_story(settings)
            fill_postgres(settings, count)
            found += measured(settings, "PostgreSQL", count)
        finally:
            postgres.server.kill()
    return found


if __name__ == "__main__":
    sys.stdout.write(table(rows(*(int(word) for word in sys.argv[1:]))) + "\n")
