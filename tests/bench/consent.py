"""The rule, the ledger and the showcase, one story at a time, in one process.

Run it alone with `python -m tests.bench.consent`.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from app import create_app
from app.cli.writing import transaction
from app.consent.rules import Entry, Party, fold
from app.extensions import db
from app.release.policy import PLACES, scope_of, verdict
from app.release.projection import reproject
from app.stories.models import Story
from tests.bench.media import Row, table
from tests.factories.facts import DAY_ZERO, SHOWN, yes
from tests.factories.stories import make_shown
from tests.services.application import disconnect, migrate, settings_in

EVENTS = 200
TURNS = 9
HOW = f"processor time, best of {TURNS} turns"
MAJORS = {"child": 1, "guardian": 1}
ATTRIBUTES = {"name": "invented", "voice": "own", "age": "band", "place": "region"}
ANSWERED = {
    scope: yes(word, expires_at=DAY_ZERO + timedelta(days=730))
    for scope, word in {**dict.fromkeys(map(scope_of, PLACES), "yes"), **ATTRIBUTES}.items()
}
FULL = replace(SHOWN, child=ANSWERED, keys=(replace(SHOWN.keys[0], said=ANSWERED),))
"""A story with a voice, about which the child and a guardian have answered everything."""


def seconds_each(act: Callable[[], object], times: int) -> float:
    """Seconds of processor time of one call, in the best of some turns: what others do meanwhile is not measured."""

    def turn() -> float:
        begun = time.process_time()
        for _ in range(times):
            act()
        return (time.process_time() - begun) / times

    return min(turn() for _ in range(TURNS))


def entries() -> list[Entry]:
    """A long ledger: a child and a guardian who change their minds."""
    scopes = ("gallery", "embed", "print", "press", "voice")
    return [
        Entry(
            (Party.CHILD, Party.GUARDIAN)[number % 2],
            "g" if number % 2 else None,
            scopes[number % len(scopes)],
            ("yes", "no")[number // 10 % 2],
            1,
            None,
            DAY_ZERO + timedelta(hours=number),
            True,
            1,
        )
        for number in range(EVENTS)
    ]


def projecting() -> float:
    """Seconds to bring the rows of one story in line, both times with a change; SQLite, without the commit."""
    with tempfile.TemporaryDirectory() as name:
        settings = settings_in(Path(name))
        migrate(settings)
        app = create_app(settings)
        with app.app_context(), transaction():
            story_id = make_shown(["gallery", "embed"], pictures=2, sounds=1, own_voice=True).id
        with app.app_context(), transaction():
            story = db.session.get_one(Story, story_id)

            def change() -> None:
                story.themes = ["family"] if story.themes == ["rights"] else ["rights"]
                db.session.flush()
                db.session.expire_all()  # as the hook does, so that every fact is read again
                if not reproject(story):
                    raise RuntimeError("nothing changed")

            taken = seconds_each(change, 30)
        disconnect(app)
    return taken


def rows() -> list[Row]:
    """The three figures."""
    told = entries()
    return [
        Row(
            "one verdict",
            seconds_each(lambda: verdict(FULL, "gallery", DAY_ZERO), 2_000) * 1e6,
            "µs",
            20,
            f"a story with everything answered, two parties; {HOW}",
        ),
        Row(f"folding a ledger of {EVENTS} events", seconds_each(lambda: fold(told, MAJORS), 200) * 1e3, "ms", 1, HOW),
        Row(
            "re-projecting one story",
            projecting() * 1e3,
            "ms",
            5,
            f"SQLite; facts, policy and rows; two places, two pictures, a recording; {HOW}",
        ),
    ]


if __name__ == "__main__":
    sys.stdout.write(table(rows()) + "\n")
