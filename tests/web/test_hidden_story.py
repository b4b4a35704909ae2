"""A story that its child has hidden, or is erasing, is said to be just that."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.cli.writing import transaction
from app.people.actions import forget_card, issue_card
from tests.factories.stories import make_shown
from tests.web.telling import Child


@pytest.fixture
def child(app: Flask, client: FlaskClient) -> Child:
    """Their story is shown, with their own voice and their invented name, and they look at its page."""
    with app.app_context(), transaction():
        story = make_shown(["gallery"], sounds=1, own_voice=True)
        card = issue_card(story.storyteller)
        forget_card(story.storyteller)
    child = Child(client)
    child.follow(child.open(card))
    return child


@pytest.mark.parametrize(
    ("press", "says"),
    [
        ("/my-story/hide", "Your story is hidden. Nobody can see it now. Look at my story"),
        ("/my-story/erase", "You asked us to erase it. Look at my story"),
    ],
)
def test_a_story_that_nobody_can_see_is_said_to_be_just_that(child: Child, press: str, says: str) -> None:
    untrue = ("It is shown wherever", "People hear your own voice.", "Can be seen")
    assert [sentence for sentence in untrue if sentence not in child.words] == []
    assert "Nobody can see it now." not in child.words
    child.follow(child.post(press, {"when": "later"} if press.endswith("erase") else {}))
    assert f"What is happening {says}" in child.words
    assert "Who can see it now, and why? Listen to it Nobody can see it now." in child.words
    assert [sentence for sentence in untrue if sentence in child.words] == []
