"""What the child's own page says and offers: what waits, who sees what and why, aloud, correcting, help."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.cli.writing import transaction
from app.extensions import db
from app.people.actions import declare_guardian
from app.people.models import Guardian
from app.people.permissions import Role
from app.people.queries import guardians_of
from app.people.rules import Relation, months_later
from app.release.models import Showing
from app.safeguarding.actions import open_case
from app.safeguarding.rules import Level
from app.stories.actions import derive, say
from app.stories.lifecycle import State
from app.stories.models import Message, Story
from app.stories.queries import calls_for_help, content, messages, version_of
from app.stories.rules import Author
from app.web import speech
from app.web.my_story.aloud import sentences
from tests.factories.people import make_guardian, make_staff
from tests.factories.stories import approve, child_says, guardian_says, yes_to
from tests.web.team import Colleague, audited, hire
from tests.web.telling import Child

ENOUGH = timedelta(days=5)


@pytest.fixture
def child(returned: Child) -> Child:
    return returned


def only_story() -> Story:
    return db.session.scalars(select(Story)).one()


def changed(app: Flask, change: Callable[[Story], object]) -> None:
    """Something the team or a guardian did."""
    with app.app_context(), transaction():
        change(only_story())


def shown_places(app: Flask) -> set[str]:
    with app.app_context():
        return set(db.session.scalars(select(Showing.place)))


def everybody_agrees(story: Story) -> None:
    """Approved, with every yes for the gallery."""
    guardian = guardians_of(story.storyteller_id)[0]
    make_key(guardian)
    child_says(story, yes_to(["gallery"]))
    guardian_says(story, guardian, yes_to(["gallery"]))
    approve(story)


def make_key(guardian: Guardian, relation: Relation = Relation.MOTHER) -> None:
    declare_guardian(guardian, "Elena Popescu", relation, alone=True)


def protect(story: Story) -> None:
    """The team left out a village."""
    staff = make_staff()
    story.state = State.IN_REVIEW
    db.session.flush()
    derive(staff, story, title="The yard", text="My mother calls on Sundays.", replaced={})


# What waits


def test_nothing_waits_where_nothing_waits(app: Flask, child: Child) -> None:
    changed(app, lambda story: guardian_says(story, guardians_of(story.storyteller_id)[0], {"gallery": "yes"}))
    child.get("/my-story/home")
    assert "This waits for you" not in child.words


def test_a_final_version_stands_beside_what_was_handed_in(app: Flask, child: Child) -> None:
    changed(app, protect)
    child.get("/my-story/home")
    assert "We made a version that protects you" in child.words
    child.get("/my-story/look")
    final, mine = child.words.split("This is what people would see")[1].split("This is what you gave us")
    assert "My mother calls on Sundays." in final
    assert "I feed the hens." not in final
    assert "I feed the hens." in mine
    assert re.findall(r"<li>(We [^<]*)</li>", child.page) == ["We changed some of your words."]


@pytest.mark.parametrize(
    ("answer", "said"), [("accept", "You said yes. You can still say no."), ("refuse", "You can still say yes.")]
)
def test_a_final_version_is_accepted_or_refused(app: Flask, child: Child, answer: str, said: str) -> None:
    changed(app, protect)
    child.get("/my-story/look")
    child.follow(child.post(f"/my-story/{answer}", {"version": child.hidden("version")}))
    assert "We made a version that protects you" not in child.words
    with app.app_context():
        version = version_of(only_story())
        assert (version.accepted_at is not None, version.refused_at is not None) == (
            answer == "accept",
            answer == "refuse",
        )
    child.get("/my-story/look")
    assert said in child.words


def test_yes_and_no_to_a_final_version_are_alike(app: Flask, child: Child) -> None:
    changed(app, protect)
    child.get("/my-story/look")
    buttons = re.findall(r'class="actions actions--equal">(.*?)</div>', child.page, re.DOTALL)[0]
    assert re.findall(r'<button type="submit" class="([^"]*)"', buttons) == ["button", "button"]


def test_a_version_nobody_looked_at_is_not_accepted(app: Flask, child: Child) -> None:
    child.get("/my-story/look")
    changed(app, protect)
    for version in ("1", "", "two"):
        assert child.post("/my-story/accept", {"version": version}).status_code == 409
    with app.app_context():
        assert version_of(only_story()).accepted_at is None


def test_nothing_of_ones_own_is_refused(app: Flask, child: Child) -> None:
    child.get("/my-story/look")
    assert "May people see it like this?" not in child.words
    assert child.post("/my-story/refuse", {"version": "1"}).status_code == 409


def test_answers_are_asked_for_again_in_time(app: Flask, child: Child) -> None:
    child.get("/my-story/home")
    assert "It ends soon, or has ended." not in child.words
    with clock.fixed(clock.now() + timedelta(days=680)):
        child.open_again()
    assert "It ends soon, or has ended." in child.words
    assert 'href="/my-story/answers"' in child.page


def test_whoever_grew_up_is_told(app: Flask, child: Child) -> None:
    def grow(story: Story) -> None:
        story.storyteller.majority_from = months_later(clock.now().date() + timedelta(days=30), 24)
        for guardian in guardians_of(story.storyteller_id):
            make_key(guardian)
            guardian.told_majority, guardian.majority_holds_from = story.storyteller.majority_from, clock.now()

    changed(app, grow)
    child.get("/my-story/home")
    assert "old enough" not in child.words
    with clock.fixed(clock.now() + timedelta(days=32)):
        child.open_again()
    assert "You are old enough to decide yourself now." in child.words


def test_a_no_of_a_guardian_is_told_kindly(app: Flask, child: Child) -> None:
    def refuse(story: Story) -> None:
        guardian = guardians_of(story.storyteller_id)[0]
        make_key(guardian)
        guardian_says(story, guardian, {"gallery": "no", "print": "no"})

    changed(app, refuse)
    child.get("/my-story/home")
    assert "Nobody did anything wrong." in child.words
    child.get("/my-story/answers")
    child.post("/my-story/answers", {"text": child.hidden("text"), "gallery": "no"})
    child.get("/my-story/home")
    assert "Nobody did anything wrong." not in child.words


def test_a_message_of_the_team_waits_until_it_is_answered(app: Flask, child: Child) -> None:
    changed(app, lambda story: say(story, Author.MODERATOR, "We like your hens."))
    child.get("/my-story/home")
    assert "We wrote to you" in child.words
    child.post("/my-story/message", {"message": "Thank you"})
    child.get("/my-story/home")
    assert "We wrote to you" not in child.words


def test_nothing_waits_while_a_story_is_going_away(app: Flask, child: Child) -> None:
    changed(app, protect)
    child.get("/my-story/erase")
    child.follow(child.post("/my-story/erase", {"when": "later"}))
    assert "This waits for you" not in child.words


# Who sees what, and why


def test_what_is_shown_of_the_child_is_what_everybody_agreed_to(app: Flask, child: Child) -> None:
    child.get("/my-story/home")
    assert "No name is shown." in child.words
    changed(app, everybody_agrees)
    with clock.fixed(clock.now() + ENOUGH):
        child.open_again()
    assert "The name you made up is shown." in child.words
    assert "Your country is shown, never your village." in child.words
    assert "Nobody hears your voice." in child.words
    assert child.words.count("Can be seen") == 1


def test_what_follows_is_true_whatever_keeps_the_story_away(app: Flask, child: Child) -> None:
    shown, missing = "It is shown wherever both", "It is shown as soon as all of you have said yes"

    def said(later: timedelta = ENOUGH) -> list[bool]:
        with clock.fixed(clock.now() + later):
            child.open_again()
        return [words in child.words for words in (shown, missing)]

    changed(app, everybody_agrees)
    assert said(timedelta()) == [False, False], "it cools off, and nobody need say anything"
    assert said() == [True, False]
    changed(app, lambda story: open_case(make_staff(Role.SAFEGUARDING_LEAD).id, story, Level.AMBER, "Made up."))
    assert said() == [False, False]


def test_what_follows_names_a_yes_that_is_missing(app: Flask, child: Child) -> None:
    def child_alone(story: Story) -> None:
        child_says(story, yes_to(["gallery"]))
        approve(story)

    changed(app, child_alone)
    with clock.fixed(clock.now() + ENOUGH):
        child.open_again()
    assert "It is shown as soon as all of you have said yes" in child.words


@pytest.mark.parametrize("situation", ["new", "agreed", "changing", "hidden"])
def test_the_page_is_read_aloud_sentence_by_sentence(app: Flask, child: Child, situation: str) -> None:
    if situation == "agreed":
        changed(app, everybody_agrees)
    if situation == "hidden":
        changed(app, everybody_agrees)
        child.post("/my-story/hide")
    if situation == "changing":
        child.post("/my-story/correct")
    child.get("/my-story/home")
    with app.test_request_context():
        keys = sentences(only_story())
        spoken = [speech.sentences("en")[key] for key in keys]
    at = -1
    for sentence in spoken:
        at = child.words.find(sentence, at + 1)
        assert at >= 0, (sentence, spoken)
    answer = child.client.get("/my-story/aloud")
    assert (answer.status_code, answer.mimetype) == (200, "audio/mpeg")
    assert answer.data == speech.clips("en", keys)


def test_it_is_read_in_the_language_of_the_page(app: Flask, child: Child) -> None:
    with app.test_request_context():
        keys = sentences(only_story())
    assert child.client.get("/my-story/aloud?lang=ro").data == speech.clips("ro", keys)


# Correcting


def test_a_story_is_hidden_the_moment_it_is_corrected(app: Flask, child: Child) -> None:
    changed(app, everybody_agrees)
    assert shown_places(app) == {"gallery"}
    child.get("/my-story/home")
    assert 'href="/my-story/correct"' in child.page
    child.get("/my-story/correct")
    assert "nobody can see your story any more" in child.words
    child.follow(child.post("/my-story/correct"))
    assert shown_places(app) == set()
    child.get("/my-story/home")
    assert "It is being changed. Nobody can see it until you send it and we have read it." in child.words
    child.get("/my-story/change")
    child.follow(child.post("/my-story/change", {"title": "", "text": "Other words.", "go": "send"}))
    with app.app_context():
        story = only_story()
        assert (story.state, content(version_of(story)).text) == (State.SUBMITTED, "Other words.")
    assert shown_places(app) == set()


def test_what_cannot_be_corrected_is_not_offered(app: Flask, child: Child) -> None:
    changed(app, lambda story: setattr(story, "state", State.DECLINED))
    child.get("/my-story/home")
    assert 'href="/my-story/correct"' not in child.page
    assert child.post("/my-story/correct").status_code == 409


# Help


@pytest.mark.parametrize(
    ("typed", "kept"), [("I am afraid of <b>him</b>", "I am afraid of <b>him</b>"), ("", "I need help.")]
)
def test_a_child_who_needs_help_is_heard_first(app: Flask, child: Child, typed: str, kept: str) -> None:
    moderator = hire(app)
    child.get("/my-story/home")
    child.get("/my-story/need-help")
    for sentence in ("We cannot promise to keep it secret.", "Your parent or carer is not told", "116 111", "112"):
        assert sentence in child.words
    child.follow(child.post("/my-story/need-help", {"message": typed}))
    assert kept in child.words
    for page in ("/staff/", "/staff/review"):
        moderator.get(page)
        assert "A child asks for help" in moderator.words
        assert typed == "" or typed not in moderator.page
    with app.app_context():
        story = only_story()
        story_id = story.id
        assert (story.state, messages(story)[-1].body) == (State.SUBMITTED, kept)
    assert ("child", "help.asked") in audited(app, story_id)


def answered_by(app: Flask, moderator: Colleague, words: str) -> int:
    with app.app_context():
        story_id = only_story().id
    moderator.get(f"/staff/review/{story_id}")
    assert "This child asks for help." in moderator.words
    return moderator.post(f"/staff/review/{story_id}/write", {"words": words}).status_code


def test_the_team_writes_back_and_the_call_is_answered(app: Flask, child: Child) -> None:
    moderator = hire(app)
    child.get("/my-story/home")
    child.post("/my-story/need-help", {"message": "Please"})
    assert answered_by(app, moderator, "  ") == 200
    assert "Please write something" in moderator.words
    assert answered_by(app, moderator, "We are here.") == 303
    moderator.get("/staff/review")
    assert "A child asks for help" not in moderator.words
    child.get("/my-story/home")
    assert "We are here." in child.words
    child.post("/my-story/need-help", {"message": "Again"})
    with app.app_context():
        assert list(calls_for_help()) == [only_story().id]


def test_a_call_is_heard_whatever_the_story_is(app: Flask, child: Child) -> None:
    changed(app, everybody_agrees)
    child.get("/my-story/home")
    child.post("/my-story/need-help")
    assert shown_places(app) == {"gallery"}
    moderator = hire(app)
    moderator.get("/staff/review")
    assert "A child asks for help" in moderator.words
    assert answered_by(app, moderator, "We are here.") == 303


def test_a_call_from_a_story_that_is_going_away_reaches_the_lead(app: Flask, child: Child) -> None:
    child.get("/my-story/home")
    child.post("/my-story/need-help")
    child.post("/my-story/erase", {"when": "later"})
    moderator, lead = hire(app), hire(app, Role.SAFEGUARDING_LEAD)
    for colleague, hears in ((moderator, False), (lead, True)):
        colleague.get("/staff/")
        assert ("A child asks for help" in colleague.words) is hears


def test_a_call_that_is_too_long_comes_back(app: Flask, child: Child) -> None:
    child.get("/my-story/need-help")
    assert child.post("/my-story/need-help", {"message": "x" * 4001}).status_code == 422
    assert "x" * 4001 in child.page
    with app.app_context():
        assert db.session.scalars(select(Message)).all() == []


# The rights within two taps


def test_everything_is_within_two_taps(child: Child) -> None:
    child.get("/my-story/home")
    for page in ("look", "answers", "need-help", "correct", "take-along", "erase"):
        assert f'href="/my-story/{page}"' in child.page, page
        child.get(f"/my-story/{page}")
        assert 'href="/help"' in child.page
        child.get("/my-story/home")
    assert 'action="/my-story/hide"' in child.page
    assert re.search(r"\blikes?\b|\bviews\b|\bfollowers\b", child.words) is None


def test_two_guardians_make_keys_but_no_names(app: Flask, child: Child) -> None:
    changed(app, lambda story: make_guardian(story.storyteller, name="Ion Popescu", email="ion@example.org"))
    for page in ("home", "answers", "look"):
        child.get(f"/my-story/{page}")
        assert "Ion Popescu" not in child.page
        assert "ion@example.org" not in child.page
