"""Besides deciding: a version that protects the child, and a few words to the child at any time."""

import re

from flask import Flask

from app.cli.writing import transaction
from app.extensions import db
from app.people.permissions import Role
from app.stories.lifecycle import State
from app.stories.models import Story
from app.stories.queries import content, messages, version_of
from tests.factories.stories import TEXT, make_approved, make_submitted
from tests.web.reviewing import APPROVAL, at, claimed, made, state_of, whole
from tests.web.team import Colleague, audited, hire

SAFER = {"version": "1", "title": "The kite", "text": "Somebody of mine works far away."}


def piece_ids(app: Flask, story_id: str) -> list[str]:
    with app.app_context():
        return [asset.id for asset in content(version_of(db.session.get_one(Story, story_id))).assets]


def test_a_protecting_version_goes_on_in_review_and_waits_for_the_child(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, whole)
    claimed(moderator, story_id)
    first, *rest = piece_ids(app, story_id)
    form = {**SAFER, "left_out": first, "real_name": "problem", "message": "Look, we changed a word."}
    assert moderator.post(at(story_id, "protect"), form).status_code == 200
    assert "shown nowhere before the child has accepted it" in moderator.words
    assert "Look, we changed a word." in moderator.page
    assert 'name="version" value="2"' in moderator.page
    assert "The child has not accepted the final version yet." in moderator.words
    assert re.findall(r"<input[^>]*value=\"(?:fine|problem)\" checked", moderator.page) == []
    with app.app_context():
        story = db.session.get_one(Story, story_id)
        version = version_of(story)
        assert (story.state, version.number, version.differs, version.made_by) == (
            State.IN_REVIEW,
            2,
            True,
            moderator.id,
        )
        assert (content(version).text, [asset.id for asset in content(version).assets]) == (SAFER["text"], rest)
        assert content(version_of(story, 1)).text == TEXT
    assert (moderator.id, "version.derived") in audited(app, story_id)
    moderator.get(f"{at(story_id)}?version=1")
    assert "Make a version that protects the child" not in moderator.words


def test_no_version_is_made_that_says_the_same(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, whole)
    claimed(moderator, story_id)
    with app.app_context():
        told = content(version_of(db.session.get_one(Story, story_id)))
    moderator.post(at(story_id, "protect"), {"version": "1", "title": told.title, "text": f"{told.text} "})
    assert "This version says the same." in moderator.words
    with app.app_context():
        assert db.session.get_one(Story, story_id).current == 1


def test_the_review_decides_about_the_new_version(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, make_submitted)
    claimed(moderator, story_id)
    moderator.post(at(story_id, "protect"), SAFER)
    assert moderator.post(at(story_id, "decide"), APPROVAL).status_code == 200
    assert state_of(app, story_id) is State.IN_REVIEW
    assert moderator.post(at(story_id, "decide"), {**APPROVAL, "version": "2"}).status_code == 303
    assert state_of(app, story_id) is State.APPROVED


def test_something_must_be_left_and_what_was_typed_comes_back(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, make_submitted)
    claimed(moderator, story_id)
    form = {"version": "1", "title": "Only a title", "text": " ", "real_name": "fine"}
    assert moderator.post(at(story_id, "protect"), form).status_code == 200
    assert "Something must be left of the story" in moderator.words
    assert 'value="Only a title"' in moderator.page
    assert moderator.post(at(story_id, "protect"), {**form, "title": "x" * 81}).status_code == 200
    assert "at most 80 letters" in moderator.words
    with app.app_context():
        assert db.session.get_one(Story, story_id).current == 1


def test_only_who_holds_the_claim_makes_a_version(app: Flask, moderator: Colleague) -> None:
    story_id, other = made(app, make_submitted), hire(app)
    moderator.get(at(story_id))
    assert "Make a version that protects the child" not in moderator.words
    claimed(other, story_id)
    moderator.post(at(story_id, "protect"), SAFER)
    assert "Your claim on this story has run out" in moderator.words
    assert other.post(at(story_id, "protect"), {**SAFER, "version": "7"}).status_code == 200
    with app.app_context():
        assert db.session.get_one(Story, story_id).current == 1


def test_a_message_needs_no_decision_and_no_claim(app: Flask, moderator: Colleague) -> None:
    for story_id, state in ((made(app, make_submitted), State.SUBMITTED), (made(app, make_approved), State.APPROVED)):
        moderator.get(at(story_id))
        assert moderator.post(at(story_id, "write"), {"words": " We read it with joy. "}).location == at(story_id)
        assert state_of(app, story_id) is state
        assert audited(app, story_id)[-1] == (moderator.id, "message.written")
        with app.app_context():
            (message,) = messages(db.session.get_one(Story, story_id))
            assert (message.author, message.body) == ("moderator", "We read it with joy.")


def test_an_empty_or_endless_message_is_refused_beside_its_field(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, make_submitted)
    moderator.get(at(story_id))
    for words in ("  ", "x" * 4_001):
        assert moderator.post(at(story_id, "write"), {"words": words}).status_code == 200
        assert 'href="#words"' in moderator.page
    with app.app_context(), transaction():
        assert messages(db.session.get_one(Story, story_id)) == []


def test_helping_is_for_reviewers(app: Flask) -> None:
    story_id = made(app, make_submitted)
    for role in (Role.FACILITATOR, Role.CURATOR, Role.ADMINISTRATOR):
        colleague = hire(app, role)
        colleague.get("/staff/")
        for verb in ("protect", "write"):
            assert colleague.post(at(story_id, verb), {**SAFER, "words": "x"}).status_code == 403
