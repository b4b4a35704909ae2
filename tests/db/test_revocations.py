"""Every erasure reaches the ledger outside the data: with the commit, or a minute later, and never without one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.adapters import outside
from app.adapters.queue import commit, rollback
from app.adapters.revocations import Broken, Fate, FileLedger, MemoryLedger, Revocation
from app.cli.sweeper import rewrap_keys, round_of, sweep
from app.extensions import db
from app.people.keys import forget_old_keys, load_key
from app.people.permissions import Role
from app.release.withdrawals import write_down_revocations
from app.stories.actions import ask_erasure
from app.stories.models import Erasure, Story
from tests.factories.stories import begin_story, make_submitted

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def story(in_context: None) -> Story:
    with clock.fixed(NOON):
        story = make_submitted()
        commit(outside().queue)
    return story


def test_an_erasure_is_in_the_ledger_when_the_commit_returns_and_not_before(story: Story) -> None:
    story_id = story.id
    with clock.fixed(NOON):
        ask_erasure(story, Role.CHILD, now=True)
        assert outside().revocations.read().erased == {}
        commit(outside().queue)
    assert outside().revocations.read().erased == {story_id: NOON}
    commit(outside().queue)
    assert outside().revocations.read().erased == {story_id: NOON}


def test_an_erasure_that_did_not_happen_is_not_in_the_ledger(story: Story) -> None:
    ask_erasure(story, Role.CHILD, now=True)
    rollback()
    commit(outside().queue)
    assert outside().revocations.read().erased == {}


def test_an_erasure_that_can_still_be_undone_is_not_in_the_ledger(story: Story) -> None:
    story_id = story.id
    with clock.fixed(NOON):
        ask_erasure(story, Role.CHILD, now=False)
        commit(outside().queue)
        sweep()
        assert outside().revocations.read().erased == {}
    with clock.fixed(NOON + timedelta(days=8)):
        sweep()
        assert outside().revocations.read().erased == {story_id: NOON + timedelta(days=8)}


def test_a_ledger_that_does_not_answer_keeps_no_child_from_erasing_and_is_told_later(story: Story, app: Flask) -> None:
    story_id, connected = story.id, outside()
    blocked = connected.settings.data_dir / "eyes.sqlite-nothing"
    blocked.mkdir()
    app.extensions["eyes"] = replace(connected, revocations=FileLedger(blocked))
    with clock.fixed(NOON):
        ask_erasure(story, Role.CHILD, now=True)
        commit(outside().queue)
    assert db.session.get(Erasure, story_id) is not None
    app.extensions["eyes"] = replace(connected, revocations=MemoryLedger())
    sweep()
    assert outside().revocations.read().erased == {story_id: NOON}


def test_a_process_that_ended_between_the_commit_and_the_line_is_made_up_for(story: Story) -> None:
    db.session.add(Erasure(story_id=story.id, at=NOON))
    db.session.commit()
    outside().revocations.append([Revocation(Fate.ERASED, "another", NOON)])
    for _ in range(2):
        sweep()
        assert outside().revocations.read().erased == {"another": NOON, story.id: NOON}
    path = outside().settings.revocation_file
    assert len(path.read_text().splitlines()) == 2


def test_a_ledger_that_was_moved_away_is_written_anew_and_a_changed_one_is_not_believed(story: Story) -> None:
    for _ in range(2):
        ask_erasure(make_submitted(), Role.CHILD, now=True)
    commit(outside().queue)
    path = outside().settings.revocation_file
    first, second = path.read_text().splitlines()
    path.write_text(second + "\n")
    with pytest.raises(Broken):
        round_of(write_down_revocations)
    path.unlink()
    round_of(write_down_revocations)
    assert outside().revocations.read().erased.keys() == set(db.session.scalars(select(Erasure.story_id)))
    assert first.split()[2] in outside().revocations.read().erased


def test_no_key_is_forgotten_before_what_replaces_it_is_committed(story: Story) -> None:
    story_id = begin_story().id
    commit(outside().queue)
    outside().keyring.rotate()
    with clock.fixed(clock.now() + timedelta(hours=2)):
        rewrap_keys()
        rollback()  # the disk was full, say
        assert forget_old_keys() == 0
        assert load_key(story_id)
        rollback()
        sweep()
        assert load_key(story_id)
        assert forget_old_keys() == 0
        assert len(outside().keyring.superseded(clock.now())) == 0
