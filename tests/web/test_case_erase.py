"""A safeguarding lead erases the story of a case, saying why, with days to think; and any lead stops it."""

from datetime import timedelta

import pytest
from flask import Flask

from app import clock
from app.cli.sweeper import erase_due
from app.cli.writing import transaction
from app.extensions import db
from app.people.permissions import STAFF_ROLES, Role
from app.people.queries import guardians_of
from app.safeguarding.actions import open_case
from app.safeguarding.rules import Level
from app.stories.actions import ask_erasure, ask_erasure_as_guardian
from app.stories.lifecycle import State
from app.stories.models import Story
from app.stories.rules import ERASE_UNDO_DAYS
from tests.factories.stories import TEXT, make_shown
from tests.web.reviewing import made, shown, state_of
from tests.web.team import Colleague, audited, hire

REASON = "The family was found by it. <b>They</b> ask us to."
STOP = "Stop, keep the story"


@pytest.fixture
def lead(app: Flask) -> Colleague:
    return hire(app, Role.SAFEGUARDING_LEAD)


@pytest.fixture
def story_id(app: Flask) -> str:
    return made(app, make_shown)


@pytest.fixture
def case(app: Flask, lead: Colleague, story_id: str) -> str:
    """The address of a case about the story."""
    with app.app_context(), transaction():
        found = open_case(lead.id, db.session.get_one(Story, story_id), Level.AMBER, "A bruise, drawn twice.")
        return f"/staff/cases/{found.id}"


def erasing(app: Flask, story_id: str) -> list[tuple[str, str]]:
    return [act for act in audited(app, story_id) if act[1].startswith("story.erase")]


def test_a_lead_says_why_and_another_lead_stops_it(app: Flask, lead: Colleague, story_id: str, case: str) -> None:
    lead.get(case)
    assert lead.post(f"{case}/erase", {"reason": REASON, "now": "1"}).status_code == 400
    assert lead.post(f"{case}/erase", {"reason": " "}).status_code == 200
    assert "Please write a note" in lead.words
    lead.post(f"{case}/erase", {"reason": f"{REASON}{'x' * 4_000}"})
    assert "The family was found by it." in lead.words
    assert erasing(app, story_id) == []
    assert lead.post(f"{case}/erase", {"reason": REASON}).location == case
    lead.get(case)
    for words in (REASON, "A lead asked to erase the story.", STOP, TEXT):
        assert words in lead.words
    assert "Why must it be erased?" not in lead.words
    lead.get("/staff/cases")
    assert "The story is being erased" in lead.words
    lead.get(case)
    assert lead.post(f"{case}/erase", {"reason": "Again."}).status_code == 409
    other = hire(app, Role.SAFEGUARDING_LEAD)
    other.get(case)
    assert other.post(f"{case}/undo-erase").location == case
    assert other.post(f"{case}/undo-erase").status_code == 409
    assert erasing(app, story_id) == [(lead.id, "story.erase_asked"), (other.id, "story.erase_undone")]
    assert shown(app) == []
    other.get(case)
    other.post(f"{case}/close", {"outcome": "The county office was told."})
    assert shown(app) == [story_id]
    other.get("/staff/cases")
    assert "being erased" not in other.words


def test_after_a_closed_case_too_and_in_a_week_only_the_fact_remains(
    app: Flask, lead: Colleague, story_id: str, case: str
) -> None:
    lead.get(case)
    lead.post(f"{case}/close", {"outcome": "The county office was told."})
    lead.get(case)
    assert lead.post(f"{case}/erase", {"reason": REASON}).location == case
    assert shown(app) == []
    with app.app_context(), transaction(), clock.fixed(clock.now() + timedelta(days=ERASE_UNDO_DAYS)):
        erase_due()
    assert state_of(app, story_id) is State.ERASED
    lead.get(case)
    assert "The story was erased." in lead.words
    for gone in (REASON, STOP, "Why must it be erased?", TEXT):
        assert gone not in lead.words
    for act in ("erase", "undo-erase"):
        assert lead.post(f"{case}/{act}", {"reason": REASON} if act == "erase" else {}).status_code == 409


@pytest.mark.parametrize("by", ["child", "guardian"])
def test_what_the_family_asked_is_said_and_is_not_the_teams_to_stop(
    app: Flask, lead: Colleague, story_id: str, case: str, by: str
) -> None:
    with app.app_context(), transaction():
        story = db.session.get_one(Story, story_id)
        if by == "child":
            ask_erasure(story, Role.CHILD, now=False)
        else:
            ask_erasure_as_guardian(story, guardians_of(story.storyteller_id)[0])
    lead.get(case)
    assert f"{by} asked to erase the story." in lead.words
    assert "Only whoever asked can stop it." in lead.words
    assert (STOP in lead.words, "Why must it be erased?" in lead.words) == (False, False)
    for act in ("erase", "undo-erase"):
        assert lead.post(f"{case}/{act}", {"reason": REASON} if act == "erase" else {}).status_code == 409
    assert len(erasing(app, story_id)) == 1


def test_only_leads_and_only_by_a_case(app: Flask, lead: Colleague, story_id: str, case: str) -> None:
    for role in STAFF_ROLES:
        if role is not Role.SAFEGUARDING_LEAD:
            colleague = hire(app, role)
            colleague.get("/staff/")
            assert colleague.post(f"{case}/erase", {"reason": REASON}).status_code == 403, role
            assert colleague.post(f"{case}/undo-erase").status_code == 403, role
    lead.get(case)
    for address in (f"/staff/cases/{'a' * 22}", f"/staff/cases/{story_id}"):
        assert lead.post(f"{address}/erase", {"reason": REASON}).status_code == 404
        assert lead.post(f"{address}/undo-erase").status_code == 404
    lead.get(f"/staff/review/{story_id}")
    assert "Erase the story" not in lead.words
    assert erasing(app, story_id) == []
