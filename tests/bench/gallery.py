"""The wall with a hundred thousand stories, uncached: against a bare "hello", and its tail against its head.

Each server is granian as the product starts it; `wrk` asks with 32 connections, and the rivals take turns.
Run it alone with `python -m tests.bench.gallery`.
"""

import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median

from app import create_app
from app.cli.serve import web_command
from app.cli.writing import transaction
from app.config import Settings
from app.extensions import new_id
from app.release.queries import PAGE
from tests.bench.media import Row, table
from tests.factories.stories import make_shown
from tests.services.application import disconnect, migrate, settings_in, sqlite_file
from tests.services.live import ROOT, environment
from tests.services.processes import Server, free_port, listens

STORIES = 100_000
FAR = 1_000
TURNS = 5
SECONDS = 4
CONNECTIONS = 32
COPIED = (
    "place, visible_from, visible_until, shown_on, position, locale, country, age_band, theme_mask, medium_mask, body"
)


def fill(settings: Settings) -> None:
    """One story by the real actions; the others are its rows once more, each on a day and with an id of its own."""
    app = create_app(settings)
    with app.app_context(), transaction():
        make_shown(["gallery"], pictures=1)
    disconnect(app)
    with closing(sqlite3.connect(sqlite_file(settings))) as database, database:
        row = list(database.execute(f"SELECT {COPIED} FROM showing").fetchone())
        marks = ", ".join("?" * (len(row) + 1))
        days = (f"20{10 + number % 15}-{number % 12 + 1:02}-{number % 28 + 1:02}" for number in range(STORIES - 1))
        copies = ([*row[:3], day, *row[4:], new_id()] for day in days)
        database.executemany(f"INSERT INTO showing ({COPIED}, story_id) VALUES ({marks})", copies)


def cursor(settings: Settings) -> str:
    """Where the far page begins."""
    with closing(sqlite3.connect(sqlite_file(settings))) as database:
        statement = (
            "SELECT shown_on, story_id FROM showing WHERE place = 'gallery' "
            "ORDER BY shown_on DESC, story_id DESC LIMIT 1 OFFSET ?"
        )
        day, story_id = database.execute(statement, [PAGE * (FAR - 1) - 1]).fetchone()
    return f"{day}~{story_id}"


@contextmanager
def served(target: str, settings: Settings, folder: Path) -> Iterator[str]:
    """A granian with one process that serves `target`; its address."""
    port = free_port()
    command = [*web_command("127.0.0.1", port)[:-1], target]
    server = Server(command, log=folder / "server.log", cwd=ROOT, env=environment(settings))
    try:
        server.wait_until(lambda: listens(port))
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()


def rate(address: str) -> float:
    """Requests a second; every answer must be a good one."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", address]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in said:
        raise RuntimeError(said)
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if found is None:
        raise RuntimeError(said)
    return float(found[1])


def rows() -> list[Row]:
    """Both comparisons."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = settings_in(folder)
        migrate(settings)
        fill(settings)
        far = f"/gallery?after={cursor(settings)}"
        with (
            served("wsgi:app", settings, folder) as ours,
            served("tests.bench.hello:app", settings, folder) as bare,
        ):
            turns = [(rate(f"{ours}/gallery"), rate(f"{ours}{far}"), rate(bare)) for _ in range(TURNS)]
    head, tail, hello = (median(column) for column in zip(*turns, strict=True))
    against_hello = median(first / least for first, _, least in turns)
    far_cost = median(first / last for first, last, _ in turns)
    return [
        Row(
            f'gallery page of {STORIES:,} stories, uncached, against a bare "hello" of the same server',
            against_hello,
            "×",
            None,
            f"SQLite; {head:.0f} against {hello:.0f} requests/s; one process, {CONNECTIONS} connections",
        ),
        Row(
            f"page {FAR:,} against page 1, time for each",
            far_cost,
            "×",
            1.2,
            f"{tail:.0f} against {head:.0f} requests/s",
        ),
    ]


if __name__ == "__main__":
    sys.stdout.write(table(rows()) + "\n")
