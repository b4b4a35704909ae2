"""While a story can be read no more, what its guardians say no to on a page that was left open is kept all the same."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from werkzeug.datastructures import FileStorage

from app import clock
from app.cli.writing import transaction
from app.consent.models import Evidence
from app.extensions import db
from app.people.models import GuardianLink
from app.people.permissions import Role
from app.safeguarding.actions import open_case, suspend
from app.safeguarding.rules import Asker, Level
from app.stories.actions import ask_erasure, derive, undo_erasure
from app.stories.lifecycle import State
from app.stories.models import Story
from tests.factories.media import recording
from tests.factories.people import make_act, make_staff
from tests.web.answering import ANSWER, NO_EVERYWHERE, answer, new_version, said, the_guardian, the_story
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
    for sound, words in (
        (b"no sound at all", "This is not a recording."),
        (recording("webm"), "We keep your recording"),
    ):
        sent = guardian.post(f"{link}/voice", {**form, "recording": FileStorage(io.BytesIO(sound), "voice.webm")})
        assert sent.status_code == 200
        assert "Please come back later" in guardian.words
        assert words in guardian.words
        assert "hens" not in guardian.words
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Evidence)) == 1


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ("", "What you said no to is kept."),
        ("/take-back", "You have taken everything back. That stays so, even if the story stays."),
        ("/voice", "We keep your recording"),
    ],
)
def test_a_no_about_a_story_that_is_going_counts_when_it_stays_after_all(
    app: Flask, guardian: Visitor, link: str, way: str, words: str
) -> None:
    guardian.get(f"{link}/voice?lang=en")
    mark = {"text": guardian.hidden("text"), "version": guardian.hidden("version")}
    forms = {
        "": {**ANSWER, **mark, "gallery": "no"},
        "/voice": {**mark, "witness": "Ion", "recording": FileStorage(io.BytesIO(recording("webm")), "voice.webm")},
    }
    with app.app_context(), transaction():
        ask_erasure(the_story(), Role.CHILD, now=False)
    assert guardian.post(f"{link}{way}", forms.get(way, {})).status_code == 200
    assert words in guardian.words
    assert guardian.get(link).status_code == 404
    with app.app_context(), transaction():
        undo_erasure(the_story())
    with app.app_context():
        assert said() == {"": {"gallery": "no"}, "/take-back": NO_EVERYWHERE, "/voice": {}}[way]
        assert db.session.scalar(select(func.count()).select_from(Evidence)) == (way == "/voice")


def test_who_has_not_said_who_they_are_is_told_that_it_waits_for_that(app: Flask, guardian: Visitor, link: str) -> None:
    with app.app_context(), transaction():
        hold(the_story())
    assert answer(guardian, link, gallery="no", name="", relation="") == 200
    assert "It counts once we know that you decide for the child." in guardian.words


@pytest.mark.parametrize("slip", [{"name": ""}, {"alone": ""}, {"alone": "alone"}])
def test_of_whom_we_know_that_they_decide_a_no_counts_at_once(
    app: Flask, guardian: Visitor, link: str, slip: dict[str, str]
) -> None:
    answer(guardian, link, gallery="yes", alone="together")
    guardian.get(f"{link}?lang=en")
    with app.app_context(), transaction():
        hold(the_story())
    assert answer(guardian, link, **{"gallery": "no", "alone": "together", **slip}) == 200
    assert "What you said no to is kept." in guardian.words
    assert "It counts once" not in guardian.words
    with app.app_context():
        assert said() == {"gallery": "no"}


@pytest.mark.parametrize(
    ("scope", "words"),
    [("gallery", "It counts once we know that you decide"), ("embed", "is kept. The story cannot")],
)
def test_of_whose_act_does_not_reach_so_far_it_is_not_said_that_it_counts(
    app: Flask, guardian: Visitor, link: str, scope: str, words: str
) -> None:
    with app.app_context(), transaction():
        make_act(the_guardian(), clock.now() + timedelta(days=9), ["embed"])
        hold(the_story())
    assert answer(guardian, link, **{scope: "no", "alone": ""}) == 200
    assert words in guardian.words


@pytest.mark.parametrize("leaving", [True, False])
def test_who_has_no_right_to_say_yes_is_led_on_all_the_same(
    app: Flask, guardian: Visitor, link: str, leaving: bool
) -> None:
    with app.app_context(), transaction():
        ask_erasure(the_story(), Role.CHILD, now=False) if leaving else hold(the_story())
    assert answer(guardian, link, gallery="no", relation="nobody") == (404 if leaving else 302)
    with app.app_context():
        assert said() == {}


def test_who_asked_to_erase_it_is_led_there_by_a_link_that_ran_out_too(
    app: Flask, guardian: Visitor, link: str
) -> None:
    answer(guardian, link, gallery="yes")
    guardian.post(f"{link}/erase")
    with app.app_context(), transaction():
        db.session.execute(update(GuardianLink).values(expires_at=clock.now()))
    for sent in (guardian.get(f"{link}?lang=en"), guardian.post(f"{link}/voice", {"text": "", "version": ""})):
        assert sent.status_code == 404
        assert "See until when, or stop it" in guardian.words
