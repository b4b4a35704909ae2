"""Another card in a browser where a story is going on: neither a draft nor a card that waits is lost without a word."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.cli.writing import transaction
from app.people.permissions import Role
from app.people.queries import by_card
from app.people.rules import CardNumber
from tests.factories.people import approve_together, make_staff
from tests.web.telling import Child
from tests.web.told import noted

QUESTION = "If you open another one, what you have not sent is lost."
CARD_FIRST = "First show us that you have this card. Then you can open the other story."
OPENED = "/my-story/home"


@pytest.fixture
def other(app: Flask) -> CardNumber:
    """The card of another child, who told a story elsewhere."""
    return noted(Child(app.test_client()))


@pytest.fixture
def child(client: FlaskClient, other: CardNumber) -> Child:
    """A child at a browser; the other one has told before."""
    return Child(client)


def address(card: CardNumber) -> str:
    """The address in the code on a card."""
    return f"/my-story?card={card.digits}{card.check}"


def brought(app: Flask, screen: Child, card: CardNumber) -> CardNumber:
    """The new card for a lost one, which helpers bring to this screen."""
    with app.app_context():
        storyteller = by_card(card)
        assert storyteller is not None
        reference = str(storyteller.reference)
    screen.get("/my-story/lost")
    screen.follow(screen.post("/my-story/lost", {"reference": reference}))
    code = re.findall(r'class="code-to-show" dir="ltr">([\d ]+)<', screen.page)[0]
    with app.app_context(), transaction():
        approve_together(make_staff(Role.FACILITATOR), code, reference)
    screen.follow(screen.post("/my-story/lost/wait"))
    printed = re.findall(r'class="story-card__digits"[^>]*>(.*?)</p>', screen.page, re.DOTALL)[0]
    return CardNumber(re.sub(r"<[^>]+>|\D", "", printed))


def test_a_card_that_waits_is_taken_before_another_one_opens(child: Child, other: CardNumber) -> None:
    waiting = child.tell()
    ways = (
        lambda: child.open(other),
        lambda: child.get(address(other)),
        lambda: child.post("/my-story", {**typed(other), "anyway": "yes"}),
    )
    for way in ways:
        led = way()
        assert led.location == "/tell/card"
        child.follow(led)
        assert CARD_FIRST in child.words
        assert child.card() == waiting
    child.confirm(waiting)
    assert child.open(other).location == OPENED


def typed(card: CardNumber) -> dict[str, str]:
    return {"card": card.digits, "picture": str(card.check)}


def test_whoever_types_in_the_card_that_waits_has_it(child: Child) -> None:
    assert child.open(child.tell()).location == OPENED


@pytest.mark.parametrize("by_code", [False, True])
def test_a_draft_is_not_ended_without_a_question(child: Child, other: CardNumber, *, by_code: bool) -> None:
    child.begin()
    child.write()
    for _twice in range(2):
        asked = child.get(address(other)) if by_code else child.open(other)
        assert asked.status_code == 200
        assert QUESTION in child.words
        assert 'href="/tell/story"' in child.page
        assert child.client.get(OPENED).location == "/my-story", "nothing is open yet"
    hidden = {name: child.hidden(name) for name in ("card", "picture")}
    child.get("/tell/story")
    assert "I feed the hens." in child.page
    assert child.post("/my-story", {**hidden, "anyway": "yes"}).location == OPENED
    assert child.get("/tell/story").location == "/tell"
    assert child.get(address(other)).location == OPENED, "nothing is told here any more"


def test_a_story_begun_is_asked_about_before_its_first_page_was_saved(child: Child, other: CardNumber) -> None:
    child.begin()
    assert child.open(other).status_code == 200
    assert QUESTION in child.words


def test_a_wrong_card_hears_nothing_of_what_goes_on_here(child: Child, other: CardNumber) -> None:
    child.begin()
    child.get("/my-story")
    wrong = {"card": other.digits, "picture": str((other.check + 1) % 10), "anyway": "yes"}
    assert child.post("/my-story", wrong).status_code == 422
    assert QUESTION not in child.words
    assert child.client.get("/tell/story").status_code == 200


def test_a_new_card_for_a_lost_one_asks_too(app: Flask, child: Child, other: CardNumber) -> None:
    child.begin()
    new = brought(app, child, other)
    assert child.post("/my-story/lost/card", {"picture": str(new.check)}).status_code == 200
    assert QUESTION in child.words
    assert (child.hidden("card"), child.hidden("picture")) == (new.digits, str(new.check))
    assert child.client.get("/tell/story").status_code == 200
    assert child.post("/my-story", {**typed(new), "anyway": "yes"}).location == OPENED


def test_a_new_card_for_a_lost_one_waits_for_the_card_that_is_shown_here(
    app: Flask, child: Child, other: CardNumber
) -> None:
    waiting = child.tell()
    new = brought(app, child, other)
    assert child.post("/my-story/lost/card", {"picture": str(new.check)}).location == "/tell/card"
    assert child.card() == waiting
    child.confirm(waiting)
    assert child.open(new).location == OPENED


def test_drafts_carry_the_mark_of_their_story(app: Flask, child: Child) -> None:
    marks = set()
    for one in (child, Child(app.test_client())):
        one.begin()
        one.get("/tell/story")
        key = re.findall(r'data-draft="tell-story-([0-9a-f]{16})"', one.page)
        assert key == re.findall(r'data-me="([^"]*)"', one.page)
        marks.update(key)
    assert len(marks) == 2
