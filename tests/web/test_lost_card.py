"""A lost card: a reference, a code, a helper, and a new card on the same screen. Nobody learns who exists."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.cli.writing import transaction
from app.extensions import db
from app.people.cards import OPEN_FOR
from app.people.models import CardRequest, Storyteller
from app.people.permissions import Role
from app.people.rules import CardNumber
from app.stories.actions import ask_erasure
from app.stories.models import Story
from tests.factories.people import approve_together, make_staff
from tests.web.team import audited
from tests.web.telling import Child, Visitor

NOBODYS = "2222-2222"


@pytest.fixture
def card(noted: CardNumber) -> CardNumber:
    """The card of a child who has told a story, and has lost it."""
    return noted


@pytest.fixture
def screen(app: Flask) -> Child:
    return Child(app.test_client())


def reference(app: Flask) -> str:
    with app.app_context():
        return str(db.session.scalars(select(Storyteller)).one().reference)


def ask(screen: Visitor, typed: str) -> str:
    """Ask for a card; the code on the screen."""
    screen.get("/my-story/lost")
    assert screen.post("/my-story/lost", {"reference": typed}).location == "/my-story/lost/wait"
    screen.get("/my-story/lost/wait")
    return re.findall(r'class="code-to-show" dir="ltr">([\d ]+)<', screen.page)[0]


def approved(app: Flask, code: str) -> None:
    name = reference(app)
    with app.app_context(), transaction():
        approve_together(make_staff(Role.FACILITATOR), code, name)


def test_a_helper_approves_and_this_screen_shows_the_new_card(app: Flask, screen: Child, card: CardNumber) -> None:
    code = ask(screen, f" {reference(app).lower()} ")
    assert screen.client.get("/my-story/lost/state").json == {"ready": False}
    assert screen.post("/my-story/lost/wait").status_code == 200
    assert "Not yet." in screen.words
    approved(app, code)
    assert screen.client.get("/my-story/lost/state").json == {"ready": True}
    screen.follow(screen.post("/my-story/lost/wait"))
    printed = re.findall(r'class="story-card__digits"[^>]*>(.*?)</p>', screen.page, re.DOTALL)[0]
    new = CardNumber(re.sub(r"<[^>]+>|\D", "", printed))
    assert screen.open(card).status_code == 422, "the old card is dead"
    screen.get("/my-story/lost/card")
    assert screen.post("/my-story/lost/card", {"last_four": "x"}).status_code == 422
    screen.follow(screen.post("/my-story/lost/card", {"picture": str(new.check)}))
    assert "It is waiting." in screen.words
    assert "Your card was made anew on" in screen.words
    assert "with the help of Facilitator and Facilitator" in screen.words
    assert screen.client.get("/my-story/lost/card").status_code == 302, "it is shown only once"
    assert Child(app.test_client()).open(new).location == "/my-story/home"


def test_what_was_opened_with_the_old_card_closes(app: Flask, screen: Child, card: CardNumber) -> None:
    opened = Child(app.test_client())
    opened.follow(opened.open(card))
    assert opened.client.get("/my-story/home").status_code == 200
    approved(app, ask(screen, reference(app)))
    assert opened.client.get("/my-story/home").status_code == 200, "nobody has taken the new card yet"
    screen.post("/my-story/lost/wait")
    assert opened.post("/my-story/hide").location == "/my-story"
    assert opened.client.get("/my-story/home").location == "/my-story"


def test_another_screen_takes_nothing(app: Flask, screen: Child, card: CardNumber) -> None:
    approved(app, ask(screen, reference(app)))
    other = Visitor(app.test_client())
    ask(other, NOBODYS)
    assert other.post("/my-story/lost/wait").status_code == 200
    assert other.client.get("/my-story/lost/card").location == "/my-story"


def heard(screen: Visitor, typed: str) -> list[object]:
    """Everything a stranger can see of a request, without what is made by chance."""
    screen.get("/my-story/lost")
    answer = screen.post("/my-story/lost", {"reference": typed})
    seen: list[object] = [answer.status_code, answer.location, sorted(answer.headers.keys())]
    for reply in (
        screen.get("/my-story/lost/wait"),
        screen.client.get("/my-story/lost/state"),
        screen.post("/my-story/lost/wait"),
    ):
        chance = r"\d{3} \d{3}|nonce=\"[^\"]+\"|value=\"[^\"]+\""
        seen += [reply.status_code, re.sub(chance, "", reply.text)]
    return seen


def test_a_reference_that_nobody_has_looks_the_same(app: Flask, card: CardNumber) -> None:
    known = heard(Visitor(app.test_client()), reference(app))
    assert known == heard(Visitor(app.test_client()), NOBODYS)
    assert len(audited(app, "unknown")) == 1


def test_so_does_one_whose_story_was_erased_or_never_sent(app: Flask, card: CardNumber) -> None:
    name = reference(app)
    with app.app_context(), transaction():
        ask_erasure(db.session.scalars(select(Story)).one(), Role.CHILD, now=True)
    Child(app.test_client()).fill()
    with app.app_context():
        draft = db.session.scalars(select(Storyteller.reference).where(Storyteller.reference.is_not(None))).one()
    nobodys = heard(Visitor(app.test_client()), NOBODYS)
    for typed in (name, str(draft)):
        assert heard(Visitor(app.test_client()), typed) == nobodys
    with app.app_context():
        assert db.session.scalars(select(CardRequest)).all() == []


@pytest.mark.parametrize("typed", ["", "7KQ2", "7KQ2-M9XA-1234", "<b>", "' OR '1'='1", "x" * 10_000])
def test_what_is_no_reference_is_said_beside_the_field(screen: Child, typed: str) -> None:
    screen.get("/my-story/lost")
    assert screen.post("/my-story/lost", {"reference": typed}).status_code == 422
    assert 'class="field__error"' in screen.page


def test_a_request_runs_out(app: Flask, screen: Child, card: CardNumber) -> None:
    approved(app, ask(screen, reference(app)))
    with clock.fixed(clock.now() + OPEN_FOR):
        assert screen.post("/my-story/lost/wait").location == "/my-story/lost"
    assert screen.open(card).location == "/my-story/home", "the old card still opens the story"


def test_nobody_waits_who_has_not_asked(client: FlaskClient) -> None:
    assert client.get("/my-story/lost/wait").location == "/my-story/lost"
    assert client.get("/my-story/lost/state").location == "/my-story/lost"
    assert client.get("/my-story/lost/card").location == "/my-story"


def test_asking_is_slowed_as_guessing_cards_is(app: Flask, client: FlaskClient) -> None:
    screen = Visitor(client)
    screen.get("/my-story/lost")
    statuses = [screen.post("/my-story/lost", {"reference": NOBODYS}).status_code for _ in range(25)]
    assert statuses == [302] * 20 + [429] * 5
