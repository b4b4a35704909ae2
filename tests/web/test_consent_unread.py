"""While a story can be read no more, what its guardians say no to on a page that was left open is kept all the same."""

import io
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from app.cli.writing import transaction
from app.consent.models import Evidence
from app.extensions import db
from app.people.permissions import Role
from app.safeguarding.actions import open_case, suspend
from app.safeguarding.rules import Asker, Level
from app.stories.actions import ask_erasure, derive, undo_erasure
from app.stories.lifecycle import State
from app.stories.models import Story
from tests.factories.media import recording
from tests.factories.people import make_staff
from tests.web.answering import NO_EVERYWHERE, answer, new_version, said, the_story
from tests.web.telling import Visitor


def hold(story: Story) -> None:
    open_case(make_staff().id, story, Level.AMBER, "She writes about being hit at home.")


def stop(story: Story) -> None:
    suspend(Asker.CARER, story, "The uncle must not know.")


def protect(story: Story) -> None:
    story.state = State.IN_REVIEW
    db.session.flush()
    derive(make_staff(), story, title="", text="Somebody works far away.", replaced={})


UNREAD = pytest.mark.parametrize("put_away", [hold, stop, protect])


@UNREAD
@pytest.mark.parametrize("changed", [False, True])
def test_a_no_is_kept_and_a_yes_is_not(
    app: Flask, guardian: Visitor, link: str, put_away: Callable[[Story], None], changed: bool
) -> None:
    if changed:
        new_version(app)
    with app.app_context(), transaction():
        put_away(the_story())
    assert answer(guardian, link, gallery="no", embed="yes") == 200
    assert "Please come back later" in guardian.words
    assert "What you said no to is kept." in guardian.words
    assert "Somebody works" not in guardian.words
    with app.app_context():
        assert said() == {"gallery": "no"}


@UNREAD
def test_without_a_no_nothing_is(app: Flask, guardian: Visitor, link: str, put_away: Callable[[Story], None]) -> None:
    with app.app_context(), transaction():
        put_away(the_story())
    assert answer(guardian, link, gallery="yes") == 200
    assert "Please come back later" in guardian.words
    assert "is kept" not in guardian.words
    with app.app_context():
        assert said() == {}


@UNREAD
def test_a_recording_is_kept(app: Flask, guardian: Visitor, link: str, put_away: Callable[[Story], None]) -> None:
    guardian.get(f"{link}/voice?lang=en")
    form = {"witness": "Ion Munteanu", "text": guardian.hidden("text"), "version": guardian.hidden("version")}
    with app.app_context(), transaction():
        put_away(the_story())
    for sound, taken in ((b"no sound at all", False), (recording("webm"), True)):
        sent = guardian.post(f"{link}/voice", {**form, "recording": FileStorage(io.BytesIO(sound), "voice.webm")})
        assert sent.status_code == 200
        assert "Please come back later" in guardian.words
        assert ("We keep your recording" in guardian.words) is taken
        assert "hens" not in guardian.words
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Evidence)) == 1


@pytest.mark.parametrize("way", ["answer", "take-back"])
def test_a_no_about_a_story_that_is_going_counts_when_it_stays_after_all(
    app: Flask, guardian: Visitor, link: str, way: str
) -> None:
    with app.app_context(), transaction():
        ask_erasure(the_story(), Role.CHILD, now=False)
    if way == "answer":
        assert answer(guardian, link, gallery="no") == 404
        assert "What you said no to is kept." in guardian.words
    else:
        assert guardian.post(f"{link}/take-back").status_code == 302
    assert guardian.get(link).status_code == 404
    with app.app_context(), transaction():
        undo_erasure(the_story())
    with app.app_context():
        assert said() == ({"gallery": "no"} if way == "answer" else NO_EVERYWHERE)
