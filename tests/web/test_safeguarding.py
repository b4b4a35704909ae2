"""Cases, as the leads see them; and what a case hides from the child whose story it is about."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.cli.writing import transaction
from app.extensions import db
from app.media.models import Rendition
from app.people.permissions import STAFF_ROLES, Role
from app.people.profiles import profile
from app.release.models import Departed
from app.safeguarding.actions import open_case
from app.safeguarding.models import Case
from app.safeguarding.queries import outcome
from app.safeguarding.rules import Level
from app.stories.actions import ask_erasure, correct, submit
from app.stories.models import Story
from tests.factories.people import make_staff
from tests.factories.stories import TEXT, add_picture, make_shown, make_submitted
from tests.web.reviewing import NOON, made, shown, whole
from tests.web.team import Colleague, audited, hire
from tests.web.telling import Child

WORRY = "She writes that nobody has been home since spring."
PREVIEW = 'src="/my-story/files/'
OUTCOME = "The school and the county office were told; an aunt lives with her now."


@pytest.fixture
def lead(app: Flask) -> Colleague:
    return hire(app, Role.SAFEGUARDING_LEAD)


def opened(app: Flask, by: Colleague, story_id: str, level: Level = Level.AMBER) -> str:
    """The id of a case about a story."""
    with app.app_context(), transaction():
        return open_case(by.id, db.session.get_one(Story, story_id), level, WORRY).id


def test_no_case_is_said_kindly(lead: Colleague) -> None:
    lead.get("/staff/cases")
    assert "No case is open" in lead.words


def test_the_most_urgent_comes_first_with_its_clock(app: Flask, lead: Colleague) -> None:
    with clock.fixed(NOON):
        for level in (Level.GREEN, Level.RED, Level.ILLEGAL_IMAGE, Level.AMBER):
            opened(app, lead, made(app, make_submitted), level)
    with clock.fixed(NOON + timedelta(minutes=3)):
        lead.log_in()
        lead.get("/staff/cases")
        assert [words.split(":")[0] for words in re.findall(r"</svg>([A-Z][^<]+)</span>", lead.page)] == [
            "Red",
            "Amber",
            "Illegal image",
            "Green",
        ]
        assert "due in 12 minutes" in lead.words
        assert WORRY not in lead.page
        lead.get("/staff/")
        assert "4 cases are open" in lead.words
        assert "due in 12 minutes" in lead.words
    with clock.fixed(NOON + timedelta(minutes=25)):
        lead.get("/staff/cases")
        assert "late by 10 minutes" in lead.words


def test_a_case_shows_the_worry_the_story_and_whom_to_call(app: Flask, lead: Colleague, moderator: Colleague) -> None:
    story_id = made(app, whole)
    lead.get(f"/staff/cases/{opened(app, moderator, story_id)}")
    for words in (WORRY, TEXT, moderator.name):
        assert words in lead.words
    everywhere = lead.words.partition("At every place:")[2].partition("Our gallery")[0]
    assert "A safeguarding case is open, or somebody asked to stop showing it." in everywhere
    assert lead.words.count("A safeguarding case is open") == 1
    help_card = profile("RO").help
    for number in (help_card.emergency, *(line.number for line in help_card.lines)):
        assert number in lead.words
    assert told_by_law(lead) == [f"Romania · {profile('RO').reporting.source}"]
    (duty,) = profile("RO").reporting.duties
    for words in (duty.tell, f"at once: {duty.what}.", f"This binds: {duty.bound}."):
        assert words in lead.words
    assert audited(app, story_id)[-2:] == [(lead.id, "case.viewed"), (lead.id, "story.viewed")]


def told_by_law(lead: Colleague) -> list[str]:
    """The sources of the reporting duties that the page prints, in its order, each with its country."""
    panel = lead.words.partition("Who must be told by law")[2]
    sources = [f"{name} · {profile(code).reporting.source}" for code, name in (("RO", "Romania"), ("DE", "Germany"))]
    return sorted((words for words in sources if words in panel), key=panel.index)


def test_the_duties_of_the_deployments_country_stand_beside_the_childs(
    app: Flask, lead: Colleague, moderator: Colleague
) -> None:
    connected = app.extensions["eyes"]
    app.extensions["eyes"] = replace(connected, settings=connected.settings.model_copy(update={"country": "DE"}))
    lead.get(f"/staff/cases/{opened(app, moderator, made(app, whole))}")
    assert [words.partition(" ·")[0] for words in told_by_law(lead)] == ["Romania", "Germany"]
    assert "We know of no such law." in lead.words
    assert "not verified" in lead.words


def test_a_child_of_no_known_country_has_the_unions_numbers(app: Flask, lead: Colleague, moderator: Colleague) -> None:
    story_id = made(app, whole)
    with app.app_context(), transaction():
        db.session.get_one(Story, story_id).storyteller.country = ""
    lead.get(f"/staff/cases/{opened(app, moderator, story_id)}")
    for words in ("We do not know in which country the child lives.", "116 000", "112", "We know of no such law."):
        assert words in lead.words
    assert told_by_law(lead) == []


def test_closing_a_case_shows_the_story_again(app: Flask, lead: Colleague) -> None:
    story_id = made(app, make_shown)
    case_id, other_id = opened(app, lead, story_id), opened(app, lead, story_id, Level.RED)
    assert shown(app) == []
    lead.get(f"/staff/cases/{case_id}")
    assert lead.post(f"/staff/cases/{case_id}/close", {"outcome": " "}).status_code == 200
    assert "Please write a note" in lead.words
    assert lead.post(f"/staff/cases/{case_id}/close", {"outcome": OUTCOME}).location == "/staff/cases"
    assert shown(app) == []
    lead.get(f"/staff/cases/{other_id}")
    lead.post(f"/staff/cases/{other_id}/close", {"outcome": OUTCOME})
    assert shown(app) == [story_id]
    assert audited(app, story_id)[-1] == (lead.id, "case.closed")
    lead.get(f"/staff/cases/{case_id}")
    assert OUTCOME in lead.words
    assert lead.post(f"/staff/cases/{other_id}/close", {"outcome": "Too late."}).status_code == 409
    assert "This is what you wrote. You can copy it. Too late." in lead.words
    assert 'class="button button--main" href="/staff/cases"' in lead.page
    moderator = hire(app)
    assert moderator.get(f"/staff/cases/{other_id}").status_code == 403
    assert 'class="button button--main" href="/staff/"' in moderator.page


def test_what_was_typed_comes_back(app: Flask, lead: Colleague) -> None:
    case_id = opened(app, lead, made(app, make_submitted))
    lead.get(f"/staff/cases/{case_id}")
    lead.post(f"/staff/cases/{case_id}/close", {"outcome": "x" * 4_001})
    assert "x" * 4_001 in lead.page


def test_an_erased_story_leaves_a_case_that_can_be_closed(app: Flask, lead: Colleague) -> None:
    story_id = made(app, make_shown)
    case_id = opened(app, lead, story_id)
    with app.app_context(), transaction():
        ask_erasure(db.session.get_one(Story, story_id), Role.CHILD, now=True)
    lead.get(f"/staff/cases/{case_id}")
    assert "The story was erased." in lead.words
    assert WORRY not in lead.page
    assert lead.post(f"/staff/cases/{case_id}/close", {"outcome": OUTCOME}).status_code == 303
    with app.app_context():
        case = db.session.get_one(Case, case_id)
        assert (case.closed_by, case.outcome_sealed, outcome(case)) == (lead.id, None, "")
        assert db.session.scalars(select(Departed.story_id)).all() == [story_id]
    lead.get(f"/staff/cases/{case_id}")
    assert "The words are gone with the story." in lead.words


def test_a_lead_can_still_look_while_a_child_may_undo_the_erasure(app: Flask, lead: Colleague) -> None:
    story_id = made(app, whole)
    case_id = opened(app, lead, story_id)
    with app.app_context(), transaction():
        ask_erasure(db.session.get_one(Story, story_id), Role.CHILD, now=False)
    lead.get(f"/staff/cases/{case_id}")
    assert TEXT in lead.words


def test_ids_that_are_none_are_not_found(lead: Colleague) -> None:
    for case_id in ("x", "%00" * 22, "a" * 22):
        assert lead.client.get(f"/staff/cases/{case_id}").status_code == 404


@pytest.mark.parametrize("role", [role for role in STAFF_ROLES if role is not Role.SAFEGUARDING_LEAD])
def test_cases_are_for_leads_alone(app: Flask, lead: Colleague, role: Role) -> None:
    case_id = opened(app, lead, made(app, make_submitted))
    colleague = hire(app, role)
    assert "Cases" not in colleague.words
    for address in ("/staff/cases", f"/staff/cases/{case_id}"):
        assert colleague.client.get(address).status_code == 403
    colleague.get("/staff/")
    assert colleague.post(f"/staff/cases/{case_id}/close", {"outcome": OUTCOME}).status_code == 403


def the_story() -> Story:
    return db.session.scalars(select(Story)).one()


def test_a_picture_that_nobody_may_look_at_is_not_shown_to_the_child_either(app: Flask, returned: Child) -> None:
    child = returned
    with app.app_context(), transaction():
        correct(the_story())
        add_picture(the_story())
        name = db.session.scalars(select(Rendition.name)).first()
    address = f"/my-story/files/{name}"
    assert (child.client.get(address).status_code, PREVIEW in child.get("/my-story/change").text) == (200, True)
    with app.app_context(), transaction():
        submit(the_story(), Role.CHILD)
    assert "data:image" in child.get("/my-story/look").text
    with app.app_context(), transaction():
        open_case(make_staff().id, the_story(), Level.ILLEGAL_IMAGE, "A picture that nobody may look at.")
    assert child.client.get(address).status_code == 404
    child.get("/my-story/look")
    assert "cannot be looked at just now" in child.words
    assert "data:image" not in child.page
    child.follow(child.post("/my-story/correct"))
    child.get("/my-story/change")
    assert ("Picture 1" in child.words, PREVIEW in child.page) == (True, False)
