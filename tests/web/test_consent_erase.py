"""A guardian has the whole story erased by the link, and stops it again; who cannot; and what the child reads."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.cli.sweeper import erase_due
from app.cli.writing import transaction
from app.extensions import db
from app.people.actions import forget_card, issue_card, issue_link
from app.people.models import GuardianLink
from app.people.permissions import Role
from app.people.queries import guardians_of
from app.safeguarding.actions import open_case
from app.safeguarding.rules import Level
from app.stories.actions import ask_erasure
from app.stories.lifecycle import State
from app.stories.models import Story
from app.stories.rules import ERASE_UNDO_DAYS
from tests.factories.people import make_guardian, make_staff
from tests.factories.stories import TEXT, make_shown, make_submitted
from tests.web.answering import letters, the_story
from tests.web.reviewing import shown
from tests.web.team import audited
from tests.web.telling import Child, Visitor

WEEK = timedelta(days=ERASE_UNDO_DAYS)
OFFER = "Have the whole story erased"


@pytest.fixture
def address(app: Flask) -> str:
    """The link of the mother who decides about a story that everybody sees."""
    with app.app_context(), transaction():
        story = make_shown()
        return f"/consent/{issue_link(guardians_of(story.storyteller_id)[0], story.id, keep_readable=False)}"


@pytest.fixture
def mother(app: Flask, address: str) -> Visitor:
    visitor = Visitor(app.test_client())
    visitor.get(f"{address}/receipt?lang=en")
    return visitor


@pytest.fixture
def child(app: Flask, address: str, client: FlaskClient) -> Child:
    """The child of that story, at a browser of their own."""
    with app.app_context(), transaction():
        card = issue_card(the_story().storyteller)
        forget_card(the_story().storyteller)
    child = Child(client)
    child.follow(child.open(card))
    return child


def guardian_id(app: Flask) -> str:
    with app.app_context():
        return guardians_of(the_story().storyteller_id)[0].id


def story_id(app: Flask) -> str:
    with app.app_context():
        return the_story().id


def is_leaving(app: Flask) -> bool:
    with app.app_context():
        return the_story().erase_after is not None


def test_it_is_erased_with_days_to_think_and_stopped_by_the_same_link(
    app: Flask, mother: Visitor, address: str
) -> None:
    assert f'href="{address}/erase' in mother.page
    for page in ("", "/history"):
        mother.get(f"{address}{page}?lang=en")
        assert OFFER in mother.words
    mother.get(f"{address}/erase?lang=en")
    for words in (
        "Often taking back is enough",
        "For 7 days you can stop it",
        "Take everything back",
        "told on their own page",
    ):
        assert words in mother.words
    assert TEXT not in mother.words
    mother.follow(mother.post(f"{address}/erase"))
    assert "You asked us to erase it. Nobody can see it any more." in mother.words
    assert shown(app) == []
    for _ in range(2):
        mother.follow(mother.post(f"{address}/erase"))
    for page in ("", "/receipt", "/history", "/other", "/voice", "/carer", "/files/image.webp"):
        answer = mother.get(f"{address}{page}?lang=en")
        assert (answer.status_code, TEXT in mother.words) == (404, False), page
        assert "See until when, or stop it" in mother.words
        assert f"{address}/erase" in mother.page
    for act in ("", "/suspend", "/confirm", "/majority", "/fresh"):
        assert mother.post(f"{address}{act}").status_code in (400, 404), act
    mother.get(f"{address}/erase?lang=en")
    mother.follow(mother.post(f"{address}/undo-erase"))
    assert "The story stays." in mother.words
    assert shown(app) == [story_id(app)]
    assert mother.post(f"{address}/undo-erase").status_code == 409
    who = f"guardian:{guardian_id(app)}"
    erasing = [act for act in audited(app, story_id(app)) if act[1].startswith("story.erase")]
    assert erasing == [(who, "story.erase_asked"), (who, "story.erase_undone")]


def test_after_it_is_erased_the_link_opens_nothing(app: Flask, mother: Visitor, address: str) -> None:
    mother.post(f"{address}/erase")
    with app.app_context(), transaction(), clock.fixed(clock.now() + WEEK):
        erase_due()
        assert the_story().state is State.ERASED
    for page in ("", "/erase", "/receipt"):
        assert mother.get(f"{address}{page}?lang=en").status_code == 404
        assert "This link does not open anything" in mother.words
    for act in ("erase", "undo-erase"):
        assert mother.post(f"{address}/{act}").status_code == 404


def test_a_link_of_somebody_who_does_not_decide_neither_offers_nor_erases(app: Flask, address: str) -> None:
    with app.app_context(), transaction():
        story = the_story()
        unheard = make_guardian(story.storyteller, declared=False)
        theirs = f"/consent/{issue_link(unheard, story.id, keep_readable=False)}"
        stranger = make_guardian(make_submitted().storyteller)
        foreign = f"/consent/{issue_link(stranger, story.id, keep_readable=False)}"
        told = story.id
    visitor = Visitor(app.test_client())
    visitor.get(f"{theirs}?lang=en")
    assert OFFER not in visitor.words
    statuses = {
        (visitor.get(f"{address}/erase?lang=en").status_code, visitor.post(f"{address}/erase").status_code)
        for address in (theirs, foreign, "/consent/made-up")
    }
    assert statuses == {(403, 403), (404, 404)}
    with app.app_context():
        assert db.session.get_one(Story, told).erase_after is None


def test_nobody_elses_link_stops_it_or_says_who_asked(app: Flask, mother: Visitor, address: str) -> None:
    with app.app_context(), transaction():
        father = make_guardian(the_story().storyteller, name="Ion Popescu", alone=False)
        his = f"/consent/{issue_link(father, the_story().id, keep_readable=False)}"
    visitor = Visitor(app.test_client())
    visitor.get(f"{his}?lang=en")
    mother.post(f"{address}/erase")
    assert visitor.post(f"{his}/undo-erase").status_code == 404
    assert visitor.get(f"{his}/erase?lang=en").status_code == 404
    assert "See until when" not in visitor.words
    assert is_leaving(app)


def expire(app: Flask, days: int) -> None:
    """Every link runs out in so many days."""
    with app.app_context(), transaction():
        for found in db.session.scalars(select(GuardianLink)):
            found.expires_at = clock.now() + timedelta(days=days)


def test_a_link_that_ran_out_asks_for_nothing(app: Flask, mother: Visitor, address: str) -> None:
    expire(app, -1)
    assert mother.get(f"{address}/erase?lang=en").status_code == 404
    assert "Give me a new link" in mother.words
    assert mother.post(f"{address}/erase").status_code == 404
    assert not is_leaving(app)


def test_a_link_that_runs_out_meanwhile_still_stops_it_and_an_older_one_does_not(
    app: Flask, mother: Visitor, address: str
) -> None:
    mother.post(f"{address}/erase")
    expire(app, 2)
    with clock.fixed(clock.now() + timedelta(days=5)):
        mother.get(f"{address}/erase?lang=en")
        assert "Stop, keep the story" in mother.words
    expire(app, -1)
    assert mother.get(f"{address}/erase?lang=en").status_code == 404
    expire(app, 2)
    with clock.fixed(clock.now() + timedelta(days=5)):
        assert mother.post(f"{address}/undo-erase").status_code == 302
    assert not is_leaving(app)


def test_an_open_case_is_not_told_to_a_guardian_who_erases(app: Flask, mother: Visitor, address: str) -> None:
    with app.app_context(), transaction():
        open_case(make_staff(Role.SAFEGUARDING_LEAD).id, the_story(), Level.RED, "A bruise.")
    mother.get(f"{address}/erase?lang=en")
    page = mother.words
    assert mother.post(f"{address}/erase").status_code == 302
    assert "Erase it in 7 days" in page
    assert "case" not in page.lower()
    assert is_leaving(app)


def test_a_field_nobody_asked_for_is_refused(app: Flask, mother: Visitor, address: str) -> None:
    for act in ("erase", "undo-erase"):
        assert mother.post(f"{address}/{act}", {"when": "now"}).status_code == 400
    assert not is_leaving(app)


def test_a_guardian_with_an_address_is_written_to_and_can_stop_it_by_that_link(app: Flask) -> None:
    with app.app_context(), transaction():
        story = make_submitted()
        parent = make_guardian(story.storyteller, email="mama@example.org")
        first = f"/consent/{issue_link(parent, story.id, keep_readable=False)}"
    thief, visitor = Visitor(app.test_client()), Visitor(app.test_client())
    thief.get(f"{first}/erase?lang=en")
    for _ in range(2):
        thief.post(f"{first}/erase")
    with app.app_context():
        (body,) = letters()
    assert "Was it not you" in body
    by_letter = "/consent/" + body.split("/consent/")[1].split("\\n")[0].strip('"')
    visitor.get(f"{by_letter}/erase?lang=en")
    visitor.follow(visitor.post(f"{by_letter}/undo-erase"))
    assert "The story stays." in visitor.words
    assert not is_leaving(app)


def test_the_child_is_told_kindly_takes_it_along_and_cannot_stop_it(
    app: Flask, mother: Visitor, child: Child, address: str
) -> None:
    mother.post(f"{address}/erase")
    child.get("/my-story/home")
    for words in ("Somebody who decides for you asked us to erase your story.", "You did nothing wrong", "Write to us"):
        assert words in child.words
    for untrue in ("You asked us to erase it", "Stop, keep my story", "Popescu"):
        assert untrue not in child.words
    assert child.post("/my-story/undo-erase").status_code == 409
    child.get("/my-story/take-along")
    assert child.post("/my-story/take-along").mimetype == "application/zip"
    child.get("/my-story/erase")
    assert "Erase it in 7 days" not in child.words
    assert child.post("/my-story/erase", {"when": "later"}).status_code == 409
    assert is_leaving(app)
    child.follow(child.post("/my-story/erase", {"when": "now"}))
    assert "Your story is erased" in child.words
    with app.app_context():
        assert the_story().state is State.ERASED


def test_the_child_is_told_of_the_team(app: Flask, child: Child) -> None:
    with app.app_context(), transaction():
        ask_erasure(the_story(), Role.SAFEGUARDING_LEAD, now=False, actor=make_staff(Role.SAFEGUARDING_LEAD).id)
    child.get("/my-story/home")
    assert "Our team decided to erase your story." in child.words
    assert child.post("/my-story/undo-erase").status_code == 409
