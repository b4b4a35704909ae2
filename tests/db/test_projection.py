"""Invariant 1: whatever happens to a story, the showcase holds exactly what the policy allows."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from structlog.testing import capture_logs

from app import clock
from app.adapters import outside
from app.adapters.queue import commit, rollback
from app.adapters.storage import Store
from app.campaigns.actions import choose_stories
from app.cli.worker import run_job
from app.cli.writing import transaction
from app.consent.actions import hide
from app.consent.rules import Party, campaign_scope
from app.errors import Gone
from app.extensions import db, writing
from app.media.models import Rendition
from app.people.permissions import Role
from app.release import queries
from app.release.check import differences
from app.release.hook import TOUCHED
from app.release.models import Departed, Showing, ShowingMedia
from app.release.publishing import open_public, publish, published_name, sweep
from app.release.queries import Filters
from app.stories import actions
from app.stories.models import Story
from tests.db.life import Life
from tests.db.one_story import live
from tests.factories.campaigns import make_campaign
from tests.factories.stories import TEXT, TITLE, child_says, make_approved, make_shown


def save() -> None:
    commit(outside().queue)


@pytest.mark.timeout(300)
def test_whatever_happens_the_showcase_is_what_the_rule_says(app: Flask) -> None:
    live(Life, times=8, steps=20)


def test_a_showing_prints_what_the_child_told_and_nothing_that_identifies_them() -> None:
    story = make_shown(["gallery"], pictures=1, sounds=1, own_voice=True)
    save()
    item = queries.story(story.id)
    assert item is not None
    assert (item.title, item.text, item.invented_name, item.country) == (TITLE, TEXT, "Firefly", "RO")
    assert "Vaslui" not in str(item.body)
    assert [len(image["renditions"]) for image in item.images] == [6]
    assert [[source["media_type"] for source in sound["sources"]] for sound in item.sounds] == [
        ["audio/webm", "audio/mp4"]
    ]


def test_every_recording_is_shown() -> None:
    story = make_shown(["gallery"], sounds=2, own_voice=True)
    save()
    item, tile = queries.story(story.id), queries.wall(Filters()).items[0]
    assert item is not None
    files = {source["name"] for sound in item.sounds for source in sound["sources"]}
    assert len(files) == 4
    assert files < set(db.session.scalars(select(ShowingMedia.name)))
    assert [sound["duration_ms"] for sound in tile.sounds] == [sound["duration_ms"] for sound in item.sounds]


def test_a_recording_stays_private_without_leave_to_hear_it() -> None:
    story = make_shown(["gallery"], sounds=1)
    save()
    item = queries.story(story.id)
    assert item is not None
    assert item.sounds == []
    assert db.session.scalars(select(ShowingMedia)).all() == []


def test_nobody_sees_a_story_before_its_cooling_off_time_is_over_or_after_its_answers_ran_out() -> None:
    story = make_approved(["gallery"])
    save()
    opens = story.approved_at + timedelta(minutes=outside().settings.cooling_off_minutes)
    closes = db.session.scalars(select(Showing.visible_until)).one()
    instant = timedelta(microseconds=1)
    seen = {}
    for moment in (opens - instant, opens, closes - instant, closes):
        with clock.fixed(moment):
            seen[moment] = queries.story(story.id) is not None
    assert list(seen.values()) == [False, True, True, False]
    with clock.fixed(closes):
        assert queries.has_departed(story.id)
        assert queries.wall(Filters()).items == []


def shown_with_a_picture(*scopes: str) -> tuple[Story, str]:
    story = make_shown(scopes, pictures=1)
    save()
    publish(story.id)
    return story, db.session.scalars(select(ShowingMedia.name).order_by(ShowingMedia.name)).first() or ""


def test_a_file_that_is_shown_can_be_fetched_from_the_public_store() -> None:
    story, name = shown_with_a_picture("gallery")
    file = queries.media(name)
    assert file is not None
    body = b"".join(open_public(file))
    assert len(body) == file.size
    outside().public.delete(published_name(story.id, name))
    assert b"".join(open_public(file)) == body


def test_hiding_empties_the_public_store() -> None:
    story, name = shown_with_a_picture("gallery")
    child_says(story, {"gallery": "no"})
    save()
    assert queries.media(name) is None
    publish(story.id)
    assert list(outside().public.names(f"{story.id}/")) == []


@pytest.mark.parametrize("way", ["job", "sweep", "visitor"])
def test_a_file_that_is_taken_back_while_it_is_copied_does_not_stay(
    app: Flask, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    story = make_shown(["gallery"], pictures=1)
    save()
    store, story_id, copied = outside().public, story.id, []
    file = queries.media(db.session.scalars(select(ShowingMedia.name)).first() or "")
    rollback()
    writing.set(False)  # as for a visitor; the jobs say it themselves

    def take_back() -> None:
        with app.app_context(), transaction():
            child_says(db.session.get_one(Story, story_id), {"gallery": "no"})
        run_job(app, "release.publish_media", story_id)

    def put(name: str, chunks: Iterable[bytes]) -> None:
        content = b"".join(chunks)
        withdrawal = Thread(target=take_back)
        withdrawal.start()
        withdrawal.join(10)
        assert not withdrawal.is_alive(), "who takes back waits for who copies"
        copied.append(name)
        put_away(name, [content])

    put_away = store.put
    monkeypatch.setattr(store, "put", put)
    if way == "job":
        run_job(app, "release.publish_media", story_id)
    elif way == "sweep":
        assert sweep() == 1
    else:
        assert file is not None
        with pytest.raises(Gone):
            open_public(file)
    assert copied
    assert list(store.names("")) == []


def test_a_no_is_obeyed_where_a_savepoint_was_undone_after_it() -> None:
    story, _name = shown_with_a_picture("gallery")
    child_says(story, {"gallery": "no"})
    with pytest.raises(ZeroDivisionError), db.session.begin_nested():
        raise ZeroDivisionError
    save()
    assert queries.places_now(story.id) == []


def test_a_transaction_that_was_undone_touched_nothing() -> None:
    story, _name = shown_with_a_picture("gallery")
    with db.session.begin_nested():
        child_says(story, {"gallery": "no"})
        db.session.rollback()
    assert TOUCHED not in db.session.info
    assert queries.places_now(story.id) == ["gallery"]


class Listed:
    """A public store that notes what is written to it."""

    def __init__(self, store: Store) -> None:
        self.store, self.changed = store, list[str]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def put(self, name: str, chunks: Iterable[bytes]) -> object:
        self.changed.append(name)
        assert not writing.get()
        return self.store.put(name, chunks)

    def delete(self, name: str) -> None:
        self.changed.append(name)
        self.store.delete(name)


def test_the_sweeper_mends_only_what_differs_in_the_public_store(app: Flask) -> None:
    _kept, (lost, _name), (hidden, _other) = (shown_with_a_picture("gallery") for _ in range(3))
    name = next(iter(outside().public.names(f"{lost.id}/")))
    outside().public.delete(name)
    child_says(hidden, {"gallery": "no"})
    save()
    gone = set(outside().public.names(f"{hidden.id}/"))
    listed = Listed(outside().public)
    app.extensions["eyes"] = replace(app.extensions["eyes"], public=listed)
    token = writing.set(True)
    assert sweep() == 2
    assert writing.get()
    writing.reset(token)
    assert set(listed.changed) == {name, *gone}
    assert sweep() == 0


def test_a_file_that_was_lost_keeps_no_other_from_going() -> None:
    lost, hidden = sorted((shown_with_a_picture("gallery")[0] for _ in range(2)), key=lambda story: story.id)
    for name in list(outside().public.names(f"{lost.id}/")):
        outside().public.delete(name)
    for name in list(outside().vault.names(f"{lost.id}/")):
        outside().vault.delete(name)
    child_says(hidden, {"gallery": "no"})
    save()
    assert list(outside().public.names(f"{hidden.id}/"))
    with capture_logs() as logs:
        assert sweep() == 2
    assert list(outside().public.names("")) == []
    assert [(entry["event"], entry["story"]) for entry in logs if entry["log_level"] == "warning"] == [
        ("publishing.failed", lost.id)
    ]


def test_a_yes_to_the_press_opens_no_address() -> None:
    story, name = shown_with_a_picture("gallery", "press", "print", "research_microdata")
    child_says(story, {"gallery": "no"})
    save()
    assert queries.places_now(story.id) == ["press", "print", "research"]
    assert queries.media(name) is None
    assert queries.has_departed(story.id)
    publish(story.id)
    assert list(outside().public.names(f"{story.id}/")) == []


def test_a_story_that_never_had_an_address_leaves_no_trace_of_having_gone() -> None:
    story = make_shown(["press"])
    save()
    child_says(story, {"press": "no"})
    save()
    assert not queries.has_departed(story.id)


def test_a_story_that_comes_back_is_not_said_to_be_gone() -> None:
    story, _name = shown_with_a_picture("gallery")
    child_says(story, {"gallery": "no"})
    save()
    assert db.session.get(Departed, story.id) is not None
    child_says(story, {"gallery": "yes"})
    save()
    assert queries.story(story.id) is not None
    assert queries.places_now(story.id) == ["gallery"]


def test_a_story_that_is_still_in_a_campaign_can_be_fetched_from_there() -> None:
    campaign = make_campaign()
    scope = campaign_scope(campaign.id)
    story = make_shown(["gallery", scope], pictures=1)
    choose_stories("cli", campaign, [story.id])
    child_says(story, {"gallery": "no"})
    save()
    assert queries.places_now(story.id) == [scope]
    file = queries.media(db.session.scalars(select(ShowingMedia.name)).first() or "")
    assert file is not None
    assert len(b"".join(open_public(file))) == file.size


def test_an_erased_story_leaves_nothing_behind_in_public() -> None:
    story, name = shown_with_a_picture("gallery")
    actions.ask_erasure(story, Role.CHILD, now=True)
    save()
    assert (queries.story(story.id), queries.media(name)) == (None, None)
    assert queries.has_departed(story.id)
    assert db.session.scalars(select(Rendition)).all() == []
    publish(story.id)
    assert list(outside().public.names(f"{story.id}/")) == []


def test_the_epoch_moves_with_the_showcase_and_only_with_it() -> None:
    epochs = [queries.epoch()]
    story = make_approved([])
    save()
    epochs.append(queries.epoch())
    for answer in ({"press": "no"}, {"gallery": "yes"}):
        child_says(story, answer)
        save()
        epochs.append(queries.epoch())
    make_shown(["gallery"])
    save()
    epochs.append(queries.epoch())
    assert epochs == [0, 0, 0, 0, 1]


@pytest.mark.parametrize("backend", ["postgresql"])
def test_what_others_committed_meanwhile_is_seen_behind_the_lock(app: Flask) -> None:
    story = make_shown(["gallery"])
    save()
    assert (queries.story(story.id) is not None, story.erase_after) == (True, None)
    with app.app_context(), transaction():
        actions.ask_erasure(db.session.get_one(Story, story.id), Role.CHILD, now=False)
    story.themes = ["rights"]
    save()
    assert queries.story(story.id) is None
    assert list(differences()) == []


def test_a_savepoint_projects_nothing_and_its_transaction_everything() -> None:
    story = make_shown(["gallery"])
    with db.session.begin_nested():
        story.themes = ["rights"]
    assert queries.story(story.id) is None
    save()
    assert queries.story(story.id) is not None
    with db.session.begin_nested() as savepoint:
        hide(story, Party.CHILD)
        db.session.flush()
        savepoint.rollback()
    save()
    assert queries.story(story.id) is not None
    with db.session.begin_nested():
        hide(story, Party.CHILD)
    save()
    assert queries.story(story.id) is None
    assert list(differences()) == []
