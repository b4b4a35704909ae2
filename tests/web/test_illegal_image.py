"""A picture that nobody may look at: locked for longer than its case is open, and never loaded by itself."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.audit.rules import Verb
from app.cli.writing import transaction
from app.extensions import db
from app.people.permissions import Role
from app.release.check import differences
from app.safeguarding.actions import open_case
from app.safeguarding.rules import Level
from app.stories.models import Story
from tests.factories.stories import TEXT, make_shown, make_submitted
from tests.web.reviewing import at, claimed, made, shown
from tests.web.team import Colleague, hire

OUTCOME = "Reported to the police; they keep what they need."
FILE = re.compile(r"/staff/review/[\w-]{22}/files/[\w.-]+")


@pytest.fixture
def lead(app: Flask) -> Colleague:
    return hire(app, Role.SAFEGUARDING_LEAD)


@pytest.fixture
def story_id(app: Flask) -> str:
    return made(app, lambda: make_shown(pictures=1))


@pytest.fixture
def case(app: Flask, lead: Colleague, story_id: str) -> str:
    """The address of the case."""
    with app.app_context(), transaction():
        found = open_case(lead.id, db.session.get_one(Story, story_id), Level.ILLEGAL_IMAGE, "The second picture.")
        return f"/staff/cases/{found.id}"


@pytest.mark.parametrize("page", ["case", "review"])
def test_a_lead_loads_nothing_of_it_before_they_say_that_they_report_it(
    app: Flask, lead: Colleague, story_id: str, case: str, page: str
) -> None:
    address = case if page == "case" else at(story_id)
    lead.get(address)
    assert ("I report it: open the story" in lead.words, FILE.findall(lead.page)) == (True, [])
    assert ("data:image" in lead.page, TEXT in lead.words) == (False, False)
    lead.get(f"{address}?look=1")
    assert FILE.findall(lead.page)
    assert ("I report it: open the story" in lead.words, TEXT in lead.words) == (False, True)
    with app.app_context():
        views = select(AuditEntry.detail).where(AuditEntry.verb == Verb.STORY_VIEWED).order_by(AuditEntry.seq)
        assert [detail.get("to_report") for detail in db.session.scalars(views)] == [None, True]


def test_nor_has_whoever_reviews_it_the_words_in_the_form_that_protects_the_child(app: Flask, lead: Colleague) -> None:
    story_id = made(app, make_submitted)
    claimed(lead, story_id)
    lead.get(at(story_id))
    assert TEXT in lead.words
    with app.app_context(), transaction():
        open_case(lead.id, db.session.get_one(Story, story_id), Level.ILLEGAL_IMAGE, "The second picture.")
    lead.get(at(story_id))
    assert ("I report it: open the story" in lead.words, TEXT in lead.words) == (True, False)


def test_it_stays_locked_when_the_case_is_closed(app: Flask, lead: Colleague, story_id: str, case: str) -> None:
    moderator = hire(app)
    lead.get(f"{case}?look=1")
    file = FILE.findall(lead.page)[0]
    assert "The picture stays locked and the story is shown nowhere, until it is erased." in lead.words
    lead.post(f"{case}/close", {"outcome": OUTCOME})
    assert (moderator.client.get(file).status_code, moderator.client.get(at(story_id)).status_code) == (403, 403)
    assert shown(app) == []
    lead.get(case)
    assert ("I report it: open the story" in lead.words, FILE.findall(lead.page)) == (True, [])
    with app.app_context():
        assert list(differences()) == []


@pytest.mark.parametrize("closed_before", [False, True])
def test_a_lead_says_that_it_was_none(
    app: Flask, lead: Colleague, story_id: str, case: str, closed_before: bool
) -> None:
    lead.get(case)
    if closed_before:
        lead.post(f"{case}/close", {"outcome": OUTCOME})
        lead.get(case)
    lead.post(f"{case}/close", {"outcome": "A drawing of a bath.", "what": "mistaken"})
    assert shown(app) == [story_id]
    assert hire(app).client.get(at(story_id)).status_code == 200
    lead.get(case)
    assert lead.post(f"{case}/close", {"outcome": "Again.", "what": "mistaken"}).status_code == 409


def test_what_a_lead_erases_is_found_after_the_case_was_closed(app: Flask, lead: Colleague, case: str) -> None:
    lead.get(case)
    lead.post(f"{case}/erase", {"reason": "The police have it."})
    lead.get(case)
    assert "The story is going away: nobody sees it again" in lead.words
    lead.post(f"{case}/close", {"outcome": OUTCOME})
    lead.get("/staff/cases")
    assert ("No case is open" in lead.words, f'href="{case}"' in lead.page) == (True, True)
    assert "A story that a lead erases on" in lead.words
    lead.get(case)
    lead.post(f"{case}/undo-erase")
    lead.get("/staff/cases")
    assert "A story that a lead erases on" not in lead.words
