"""A phone that other people use: a note on every page, and nothing stays."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.web.shared_phone import IDLE, SHARED, WIPE
from tests.web.telling import Child

NOTE = "This phone is shared: I will leave nothing here."
SECOND = timedelta(seconds=1)


@pytest.fixture
def child(client: FlaskClient) -> Child:
    """Somebody who said that the phone is shared."""
    child = Child(client)
    child.get("/tell")
    assert NOTE not in child.words
    child.follow(child.post("/tell/shared", {"back": "tell"}))
    return child


def is_empty(child: Child) -> bool:
    """Whether nothing is left of the session."""
    with child.client.session_transaction() as session:
        return not session


def test_the_note_stands_on_every_page(child: Child) -> None:
    assert NOTE in child.words
    child.begin()
    for page in ("story", "about", "helper", "answers", "guardian", "look"):
        child.get(f"/tell/{page}")
        assert NOTE in child.words, page
    child.go_on()
    card = child.send()
    assert NOTE in child.words
    child.get("/tell")
    assert "Other people use this phone" not in child.words
    assert card


def test_after_the_card_nothing_is_left(child: Child) -> None:
    child.begin()
    child.go_on()
    card = child.send()
    done = child.post("/tell/card", {"picture": str(card.check)})
    assert (done.location, done.headers["Clear-Site-Data"]) == ("/tell/done?link=1&lang=en", WIPE)
    assert is_empty(child)
    assert child.get("/tell/card").location == "/tell"


@pytest.mark.parametrize("way", ["leave", "away", "erase"])
def test_leaving_wipes_everything(child: Child, way: str) -> None:
    child.begin()
    child.go_on()
    card = child.send()
    child.confirm(card)
    child.get("/my-story")
    child.post("/tell/shared", {"back": "enter"})
    child.follow(child.open(card))
    assert NOTE in child.words, "opening a story keeps the mode"
    gone = {
        "leave": lambda: child.post("/my-story/leave"),
        "away": lambda: child.client.get("/my-story/away"),
        "erase": lambda: child.post("/my-story/erase", {"when": "now"}),
    }[way]()
    assert gone.headers["Clear-Site-Data"] == WIPE
    assert is_empty(child)
    assert child.client.get("/my-story/home").location == "/my-story"


def test_a_story_left_open_is_closed_a_day_later(client: FlaskClient) -> None:
    child = Child(client)
    child.come_back()
    start, closed = clock.now(), "This was closed, because nobody used it for a day."
    for hours in (20, 40):
        with clock.fixed(start + timedelta(hours=hours)):
            assert child.get("/my-story/home").status_code == 200, "each look counts"
    with clock.fixed(start + timedelta(hours=65)):
        assert child.post("/my-story/hide").location == "/my-story"
        child.get("/my-story")
        assert closed in child.words
        assert child.get("/my-story/home").location == "/my-story"
        child.open_again()
        assert closed not in child.words
    with clock.fixed(start + timedelta(hours=66)):
        assert child.get("/my-story/home").status_code == 200


def test_the_language_goes_on_without_a_cookie(child: Child) -> None:
    child.get("/tell?lang=ro")
    assert child.post("/my-story/leave").location == "/my-story?lang=ro"


def test_whoever_walks_away_is_closed_out(child: Child) -> None:
    child.begin()
    child.write()
    start = clock.now()
    with clock.fixed(start + IDLE - SECOND):
        child.get("/tell/story")
        assert "I feed the hens." in child.page
    with clock.fixed(start + 2 * IDLE - 2 * SECOND):
        assert child.client.get("/my-story/still-here").status_code == 204
    with clock.fixed(start + 3 * IDLE - 3 * SECOND):
        child.get("/tell/story")
        assert "I feed the hens." in child.page
    with clock.fixed(start + 4 * IDLE):
        closed = child.client.get("/tell/story")
    assert (closed.location, closed.headers["Clear-Site-Data"]) == ("/tell?lang=en", WIPE)
    assert is_empty(child)


def test_a_phone_of_ones_own_is_not_closed(client: FlaskClient) -> None:
    child = Child(client)
    child.begin()
    child.write()
    with clock.fixed(clock.now() + 5 * IDLE):
        child.get("/tell/story")
    assert "I feed the hens." in child.page
    assert NOTE not in child.words


def test_a_public_page_knows_nothing_of_it(app: Flask, child: Child) -> None:
    for page in ("/help", "/gallery"):
        answer = child.get(page)
        assert NOTE not in answer.text
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")


def test_somebody_still_there_is_nothing_new_on_another_phone(client: FlaskClient) -> None:
    assert client.get("/my-story/still-here").status_code == 204
    with client.session_transaction() as session:
        assert SHARED not in session
