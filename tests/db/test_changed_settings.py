"""Settings and profiles are facts that no row holds: after a start with others the showcase follows them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import click
import pytest
from flask import Flask
from sqlalchemy import event, select

from app import clock
from app.adapters import Outside, outside
from app.adapters.queue import commit
from app.cli import following
from app.cli.following import catch_up, catch_up_a_little, go_dark
from app.extensions import db
from app.people.models import Storyteller
from app.people.profiles import months_of, strictest
from app.people.rules import AgeBand
from app.release import following as work
from app.release.check import differences, rebuild
from app.release.following import follow
from app.release.models import PolicyFingerprint, ReleaseEpoch, Showing, Withdrawal
from app.release.rules import Phase
from app.stories.models import Story
from tests.factories.people import make_guardian, tell_for_good
from tests.factories.stories import (
    LONG_AGO,
    begin_story,
    child_says,
    guardian_says,
    make_approved,
    make_shown,
    yes_to,
)


@pytest.fixture
def change(app: Flask, in_context: None) -> Any:
    """Start again with other settings."""

    def start_with(**values: Any) -> None:
        connected: Outside = app.extensions["eyes"]
        changed = connected.settings.model_copy(update=values)
        app.extensions["eyes"] = replace(connected, settings=changed)
        db.session.rollback()

    return start_with


@pytest.fixture(autouse=True)
def small_handfuls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "HANDFUL", 2)


@pytest.fixture
def statements(in_context: None) -> Iterator[list[str]]:
    """What the database is asked."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield asked
    event.remove(db.engine, "before_cursor_execute", note)


def make_disputed() -> str:
    """A story to which one parent said yes and the other nothing: enough, unless a law asks both."""
    story = make_shown(country="RO")
    with clock.fixed(clock.now() - LONG_AGO):
        make_guardian(story.storyteller, alone=False)
    return story.id


def shown() -> set[str]:
    now = clock.now()
    seen = select(Showing.story_id).where(Showing.visible_from <= now, Showing.visible_until > now)
    return set(db.session.scalars(seen))


def wrong() -> list[str]:
    found = list(differences())
    db.session.rollback()
    return found


def test_what_another_country_forbids_is_gone_and_comes_back(change: Any) -> None:
    ids = {make_disputed() for _ in range(5)}
    commit(outside().queue)
    catch_up()
    assert shown() == ids
    before = set(db.session.scalars(select(Withdrawal.at)))
    change(country="DE")
    assert len(wrong()) == 5, "this profile asks for nothing more, so nothing is proven"
    epoch = db.session.scalar(select(ReleaseEpoch.value))
    go_dark()
    assert shown() == set()
    assert db.session.scalar(select(ReleaseEpoch.value)) > epoch
    catch_up()
    assert wrong() == []
    assert set(db.session.scalars(select(Withdrawal.at))) == before, "nobody took anything back"
    change(country="")
    catch_up_a_little()
    assert shown() == ids
    assert wrong() == []


@pytest.mark.parametrize(("minutes", "open_"), [(60 * 24 * 90, False), (0, True)])
def test_the_time_of_cooling_off_counts_from_the_start(change: Any, minutes: int, open_: bool) -> None:
    with clock.fixed(clock.now() - timedelta(minutes=5)):
        made = [make_shown().id, make_approved().id]
        commit(outside().queue)
    catch_up()
    assert shown() == {made[0]}
    change(cooling_off_minutes=minutes)
    go_dark()
    assert shown() == ({made[0]} if open_ else set()), "what may open waits its turn"
    catch_up()
    assert shown() == (set(made) if open_ else set())
    assert wrong() == []


def test_a_start_without_a_change_looks_at_no_story(change: Any, statements: list[str]) -> None:
    make_shown()
    commit(outside().queue)
    catch_up()
    statements.clear()
    catch_up()
    go_dark()
    # beside the hook's question about no story at all
    asked = [each for each in statements if "1!=1" not in each.replace(" ", "")]
    assert len(asked) == 2
    assert [each for each in asked if "policy_fingerprint" not in each] == []
    change(vault_quota_gb=7)
    assert follow() is Phase.DONE


def test_a_profile_is_read_as_well(change: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    make_shown(country="DE", guardians=1)
    commit(outside().queue)
    catch_up()
    profiles = dict(work.profiles())
    german = profiles["DE"]
    unasked = replace(german, joint=replace(german.joint, below=0))
    monkeypatch.setattr(work, "profiles", lambda: profiles | {"DE": unasked})
    assert follow() is not Phase.DONE


def test_whoever_is_killed_is_gone_on_after(change: Any) -> None:
    ids = sorted(make_disputed() for _ in range(5))
    commit(outside().queue)
    catch_up()
    change(country="DE")
    with following.transaction():
        assert follow() is Phase.SUSPECTED
    assert shown() == set(ids[2:]), "the first handful, and no more"

    def is_killed() -> None:
        with following.transaction():
            follow(begun=True)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        is_killed()
    assert shown() == set(ids[2:])
    row = db.session.get_one(PolicyFingerprint, 1, populate_existing=True)
    assert row.after == ids[1]
    db.session.rollback()
    go_dark()
    assert shown() == set()


def test_two_deployments_of_other_settings_do_not_go_on_for_ever(change: Any) -> None:
    make_shown()
    commit(outside().queue)
    with following.transaction():
        follow()
    change(country="DE")
    with pytest.raises(Exception, match="settings_differ"), following.transaction():
        follow(begun=True)


@pytest.mark.parametrize("begin_again", [catch_up, rebuild])
def test_a_later_own_age_counts_from_the_start(change: Any, begin_again: Callable[[], object]) -> None:
    """A Latvian child decides from 13 on where nobody could recognise them; beside a Romanian law not before 16."""
    with clock.fixed(clock.now() - LONG_AGO):
        story = make_approved([], guardians=0, country="LV", age_band=AgeBand.THIRTEEN_TO_FIFTEEN)
        mother = make_guardian(story.storyteller)
        guardian_says(story, mother, {"gallery": "no"})
        majority = clock.now() + timedelta(days=365 * 3 + 90)
        tell_for_good(mother, majority.year, majority.month)
        child_says(story, yes_to(["gallery"]))
        told_in_a_draft = begin_story()
        told_in_a_draft.storyteller.majority_from = story.storyteller.majority_from
        commit(outside().queue)
    catch_up()
    assert shown() == {story.id}
    change(country="RO")
    begin_again()
    commit(outside().queue)
    assert shown() == set()
    (day,) = set(db.session.scalars(select(Storyteller.own_age_from)))
    assert day == months_of(strictest("LV", "RO"), story.storyteller.majority_from)[0]
    assert wrong() == []


def test_a_rebuild_is_as_good(change: Any) -> None:
    make_disputed()
    commit(outside().queue)
    change(country="DE")
    with following.transaction():
        assert rebuild() == 1
    assert follow() is Phase.DONE
    assert db.session.scalars(select(Story.id)).all() != []
    assert db.session.scalars(select(Storyteller.country)).all() == ["RO"]


def test_a_start_before_the_migrations_is_refused_in_a_sentence(change: Any) -> None:
    PolicyFingerprint.__table__.drop(db.engine)  # type: ignore[attr-defined]
    with pytest.raises(click.ClickException, match="flask db upgrade"):
        go_dark()
