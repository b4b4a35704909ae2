"""The wall with a million stories: uncached against a bare "hello", its tail against its head; kept, against a file.

Uncached is without the cache before Flask: each request reads its rows, and a page is rendered once for its rows.

Each server is granian as the product starts it; `wrk` asks with 32 connections, and the rivals take turns.
Run it alone with `python -m tests.bench.gallery [STORIES]`.
"""

import json
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import NamedTuple
from urllib.request import Request, urlopen

from app import create_app
from app.cli.writing import transaction
from app.config import Settings
from app.extensions import new_id
from app.release.queries import PAGE
from tests.bench import same
from tests.bench.media import Row, table
from tests.bench.wrk import CONNECTIONS, Load, load, nginx, served
from tests.factories.stories import make_shown
from tests.services.application import disconnect, migrate, settings_in, sqlite_file
from tests.services.front import Front

STORIES = 1_000_000
FAR, DIFFERENT = 10_000, 2_000
TURNS = 5
PROCESSES = 2
SERVERS_OWN = ("server", "date", "connection")
WAYS = {"br": "by Brotli", "identity": "not compressed"}
COPIED = (
    "place, visible_from, visible_until, shown_on, position, locale, country, age_band, theme_mask, medium_mask, "
    "body, tile"
)

INDEXES = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'showing' AND sql IS NOT NULL"


def fill(settings: Settings, stories: int) -> None:
    """One story by the real actions; the others are its rows once more, each on a day and with an id of its own.

    The indexes are built when the rows are there, which takes a tenth of the time.
    """
    app = create_app(settings)
    with app.app_context(), transaction():
        make_shown(["gallery"], pictures=1)
    disconnect(app)
    with closing(sqlite3.connect(sqlite_file(settings), isolation_level=None)) as database:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000"):
            database.execute(f"PRAGMA {pragma}")
        indexes = database.execute(INDEXES).fetchall()
        for name, _ in indexes:
            database.execute(f"DROP INDEX {name}")
        row = list(database.execute(f"SELECT {COPIED} FROM showing").fetchone())
        marks = ", ".join("?" * (len(row) + 1))
        days = (f"20{10 + number % 15}-{number % 12 + 1:02}-{number % 28 + 1:02}" for number in range(stories - 1))
        ids = sorted(new_id() for _ in range(stories - 1))
        database.execute("BEGIN")
        copies = ([*row[:3], day, *row[4:], story_id] for day, story_id in zip(days, ids, strict=True))
        database.executemany(f"INSERT INTO showing ({COPIED}, story_id) VALUES ({marks})", copies)
        for _, statement in indexes:
            database.execute(statement)
        database.execute("COMMIT")
        database.execute("PRAGMA journal_mode=WAL")


def different_pages(settings: Settings, paths: Path) -> Path:
    """The addresses of more pages than are kept in any form, one after the other from the head."""
    with closing(sqlite3.connect(sqlite_file(settings))) as database:
        statement = (
            "SELECT shown_on, story_id FROM showing WHERE place = 'gallery' "
            "ORDER BY shown_on DESC, story_id DESC LIMIT ?"
        )
        rows = database.execute(statement, [PAGE * DIFFERENT]).fetchall()[PAGE - 1 :: PAGE]
    paths.write_text("".join(f"/gallery?after={day}~{story_id}\n" for day, story_id in rows))
    return paths


def cursor(settings: Settings, page: int) -> str:
    """Where a page far down begins."""
    with closing(sqlite3.connect(sqlite_file(settings))) as database:
        statement = (
            "SELECT shown_on, story_id FROM showing WHERE place = 'gallery' "
            "ORDER BY shown_on DESC, story_id DESC LIMIT 1 OFFSET ?"
        )
        day, story_id = database.execute(statement, [PAGE * (page - 1) - 1]).fetchone()
    return f"{day}~{story_id}"


def warm(address: str, others: Path | None = None) -> Load:
    """The load on a server that has worked for a second: while its rivals had their turns, its memory was put aside."""
    load(address, seconds=1, others=others)
    return load(address, others=others)


def uncached_rows(settings: Settings, folder: Path, stories: int) -> list[Row]:
    """Every page made anew: one process against the same server's bare "hello", and a page far down."""
    far = min(FAR, stories // PAGE)
    tail = f"/gallery?after={cursor(settings, far)}"
    bare = settings.model_copy(update={"cache_mb": 0})
    different = different_pages(settings, folder / "pages.txt")
    with served("wsgi:app", bare, folder) as ours, served("tests.bench.hello:app", bare, folder) as hello:
        for address in (f"{ours}/gallery", hello):
            load(address, seconds=1)  # the first requests compile the templates
        turns = [
            (warm(f"{ours}/gallery"), warm(f"{ours}{tail}"), warm(hello), warm(ours, others=different))
            for _ in range(TURNS)
        ]
    head, last, least, new = (middle([turn[place] for turn in turns]) for place in range(4))
    return [
        Row(
            f'gallery page of {stories:,} stories, uncached, against a bare "hello" of the same server',
            median(first.rate / simple.rate for first, _, simple, _ in turns),
            "×",
            0.17,
            f"SQLite; {head.rate:.0f} against {least.rate:.0f} requests/s; one process, {CONNECTIONS} connections",
            at_least=True,
        ),
        Row(
            "the same, every page a different one: each is rendered",
            median(other.rate / simple.rate for _, _, simple, other in turns),
            "×",
            None,
            f"{new.rate:.0f} requests/s",
        ),
        Row("its p99 against its p50", head.p99 / head.p50, "×", 5, f"{head.p99:.0f} against {head.p50:.0f} ms"),
        Row(
            f"page {far:,} against page 1, time for each",
            median(first.rate / tail.rate for first, tail, *_ in turns),
            "×",
            1.2,
            f"{last.rate:.0f} against {head.rate:.0f} requests/s",
        ),
    ]


def kept_rows(settings: Settings, folder: Path) -> list[Row]:
    """The page from memory, and the 304 in its place, against nginx with the same bytes as a file."""
    with served("wsgi:app", settings, folder, PROCESSES) as ours:
        etags = {way: learn(way, ours, settings, folder) for way in WAYS}
        with (
            Front(ours, settings.data_dir, folder / "front", PROCESSES) as front,
            served("tests.bench.same:app", settings, folder, PROCESSES) as least,
            nginx(folder, PROCESSES, behind=ours) as plain,
            nginx(folder, PROCESSES) as file,
        ):
            servers = Servers(ours, front.url, plain, least, file)
            return [row for way, etag in etags.items() for row in kept_rows_of(way, etag, servers)]


def learn(way: str, ours: str, settings: Settings, folder: Path) -> str:
    """Give both rivals the page in one encoding, with its headers; its ETag."""
    with urlopen(Request(f"{ours}/gallery", headers={"Accept-Encoding": way}), timeout=10) as answer:
        body, headers = answer.read(), answer.headers
    (folder / f"gallery-{way}").write_bytes(body)
    known = settings.data_dir / same.NAME
    answers = json.loads(known.read_text()) if known.exists() else {}
    own = [pair for pair in headers.items() if pair[0].lower() not in SERVERS_OWN]
    known.write_text(json.dumps(answers | {way: (own, body.decode("latin-1"))}))
    return str(headers["ETag"])


class Servers(NamedTuple):
    """Where each rival answers: ours, ours behind the shipped nginx, and behind one that does nothing but keep; the
    least that our server can do; and the file."""

    ours: str
    front: str
    plain: str
    least: str
    file: str


def kept_rows_of(way: str, etag: str, at: Servers) -> list[Row]:
    """The same for one encoding: browsers ask for Brotli, and programs that say nothing get the page as it is."""
    asked = f"Accept-Encoding: {way}"
    with urlopen(Request(f"{at.file}/gallery-{way}"), timeout=10) as answer:
        size = len(answer.read())
    turns = [
        (
            load(f"{at.front}/gallery", asked),
            load(f"{at.plain}/gallery", asked),
            load(f"{at.ours}/gallery", asked),
            load(f"{at.ours}/gallery", asked, f"If-None-Match: {etag}"),
            load(at.least, asked),
            load(f"{at.file}/gallery-{way}"),
        )
        for _ in range(TURNS)
    ]
    behind, plain, page, unchanged, bare, theirs = (middle([turn[place] for turn in turns]) for place in range(6))
    how = f"{size / 1000:.1f} kB, {PROCESSES} processes each, {CONNECTIONS} connections"
    words = WAYS[way]
    return [
        Row(
            f"gallery page from memory, {words}, against nginx serving the same bytes as a file",
            median(our.rate / their.rate for _, _, our, *_, their in turns),
            "×",
            0.55,
            f"{page.rate:.0f} against {theirs.rate:.0f} requests/s; {how}",
            at_least=True,
        ),
        Row(
            f"the 304 in its place, against the same file, {words}",
            median(our.rate / their.rate for _, _, _, our, _, their in turns),
            "×",
            0.6,
            f"{unchanged.rate:.0f} requests/s",
            at_least=True,
        ),
        Row(
            f"an application that does nothing but answer that page, {words}, against the same file",
            median(our.rate / their.rate for *_, our, their in turns),
            "×",
            None,
            f"{bare.rate:.0f} requests/s by the same server with the same headers: more it cannot do",
        ),
        Row(
            f"the page behind the shipped nginx, {words}, against the same file",
            median(our.rate / their.rate for our, *_, their in turns),
            "×",
            0.9,
            f"{behind.rate:.0f} requests/s",
            at_least=True,
        ),
        Row(
            f"the page behind an nginx that does nothing but keep it, {words}, against the same file",
            median(our.rate / their.rate for _, our, *_, their in turns),
            "×",
            None,
            f"{plain.rate:.0f} requests/s; one line of key, no rule of ours: more nginx's own cache cannot do",
        ),
    ]


def middle(loads: list[Load]) -> Load:
    """The median of each figure."""
    return Load(*(median(getattr(one, name) for one in loads) for name in ("rate", "p50", "p99")))


def rows(stories: int = STORIES) -> list[Row]:
    """Everything about the wall."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = settings_in(folder)
        migrate(settings)
        fill(settings, stories)
        return uncached_rows(settings, folder, stories) + kept_rows(settings, folder)


if __name__ == "__main__":
    sys.stdout.write(table(rows(*(int(word) for word in sys.argv[1:]))) + "\n")
