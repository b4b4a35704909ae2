"""The watch on the showcase: what is committed is known at once, and what is not known is not believed for long."""

import shutil
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.adapters import outside
from app.adapters.queue import commit
from app.extensions import db
from app.release.models import Showing
from app.release.policy import FOREVER
from app.release.watch import Edition, Watch
from tests.factories.campaigns import make_campaign
from tests.factories.stories import child_says, make_approved, make_shown, make_submitted
from tests.services.application import sqlite_file
from tests.services.postgres import Postgres

INSTANT = timedelta(microseconds=1)


@pytest.fixture
def watch(app: Flask) -> Iterator[Watch]:
    watch = Watch(db.engine, every=0, trusted=0.3)
    yield watch
    watch.close()


def save() -> None:
    commit(outside().queue)


def known(watch: Watch) -> Edition:
    edition = watch.edition()
    assert edition is not None
    return edition


def test_an_edition_lasts_until_the_showcase_changes(watch: Watch) -> None:
    first = known(watch)
    make_submitted()
    save()
    assert known(watch) == first, "a story that is handed in changes no public page"
    story = make_shown(["gallery"])
    save()
    second = known(watch)
    assert (second.number, second.epoch) == (first.number + 1, first.epoch + 1)
    child_says(story, {"gallery": "no"})
    assert known(watch) == second, "not committed yet"
    save()
    assert known(watch).number == second.number + 1


def test_a_campaign_that_is_written_anew_is_a_new_edition_though_no_story_moved(watch: Watch) -> None:
    campaign = make_campaign(slug="here")
    save()
    first = known(watch)
    campaign.title = {"en": "Another title"}
    save()
    assert known(watch).number == first.number + 1


def test_an_edition_ends_when_time_opens_or_closes_something(watch: Watch) -> None:
    make_approved(["gallery"])
    save()
    opens, closes = db.session.execute(select(Showing.visible_from, Showing.visible_until)).one()
    assert known(watch).until == opens
    seen: list[tuple[datetime, int]] = []
    for moment in (opens - INSTANT, opens, closes - INSTANT, closes):
        with clock.fixed(moment):
            seen.append((known(watch).until, known(watch).number))
    assert [until for until, _ in seen] == [opens, closes, closes, FOREVER]
    assert [number for _, number in seen] == [1, 2, 2, 3]


def test_an_edition_ends_when_a_campaign_begins_and_when_it_is_over(watch: Watch) -> None:
    now = clock.now()
    opens, closes = now + timedelta(days=1), now + timedelta(days=2)
    make_campaign(slug="soon", opens_at=opens, closes_at=closes)
    save()
    assert known(watch).until == opens
    with clock.fixed(opens):
        assert known(watch).until == closes


def test_a_clock_that_is_put_back_ends_the_edition(watch: Watch) -> None:
    first = known(watch)
    with clock.fixed(clock.now() - timedelta(hours=1)):
        assert known(watch).number == first.number + 1


def test_between_two_looks_the_last_one_holds() -> None:
    watch = Watch(db.engine, every=60)
    first = known(watch)
    make_shown(["gallery"])
    save()
    assert known(watch) == first
    watch.every = 0
    assert known(watch).number == first.number + 1
    watch.close()


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_database_that_cannot_be_read_is_believed_for_a_moment_and_no_longer(app: Flask, watch: Watch) -> None:
    edition = known(watch)
    file = sqlite_file(outside().settings)
    shutil.move(file, file.with_suffix(".away"))
    watch.close()
    assert known(watch) == edition
    time.sleep(0.35)
    assert watch.edition() is None
    shutil.move(file.with_suffix(".away"), file)
    assert known(watch) == edition


@pytest.mark.parametrize("backend", ["postgresql"])
@pytest.mark.parametrize("direct", [True, False])
def test_a_database_that_is_down_on_this_machine_is_believed_only_where_no_proxy_can_be(
    postgres: Postgres, watch: Watch, direct: bool
) -> None:
    watch.direct = direct
    edition = known(watch)
    db.session.close()
    db.engine.dispose()
    postgres.stop()
    try:
        assert known(watch) == edition
        time.sleep(0.35)
        assert watch.edition() == (edition if direct else None)
        with clock.fixed(edition.until):
            assert watch.edition() is None, "time goes on all the same"
    finally:
        postgres.start()
    assert known(watch) == edition
