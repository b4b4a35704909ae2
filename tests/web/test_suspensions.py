"""Suspensions, as the leads see them: a day to decide, an end, or a case that takes over without a gap."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.cli.writing import transaction
from app.extensions import db
from app.people.permissions import STAFF_ROLES, Role
from app.safeguarding.actions import suspend, suspend_restored
from app.safeguarding.models import Case
from app.safeguarding.queries import is_held, open_suspensions
from app.safeguarding.rules import Asker
from app.stories.actions import ask_erasure
from app.stories.models import Story
from app.web.words import ASKERS
from tests.factories.stories import TEXT, make_shown, make_submitted
from tests.web.reviewing import NOON, made, shown
from tests.web.team import Colleague, audited, hire

REASON = "Her uncle must not see where she lives."


@pytest.fixture
def lead(app: Flask) -> Colleague:
    return hire(app, Role.SAFEGUARDING_LEAD)


def suspended(app: Flask, story_id: str, reason: str = REASON) -> str:
    """The address of a suspension that somebody who looks after the child asked for."""
    with app.app_context(), transaction():
        suspension = suspend(Asker.CARER, db.session.get_one(Story, story_id), reason)
        return f"/staff/cases/suspensions/{suspension.id}"


def test_a_suspension_has_a_day_and_its_reason_is_not_on_the_list(app: Flask, lead: Colleague) -> None:
    with clock.fixed(NOON):
        suspended(app, made(app, make_shown))
    with clock.fixed(NOON + timedelta(hours=3)):
        lead.log_in()
        lead.get("/staff/cases")
        assert "due in 21 hours" in lead.words
        assert "Somebody who looks after the child" in lead.words
        assert REASON not in lead.page
        lead.get("/staff/")
        assert "1 story is suspended" in lead.words
    with clock.fixed(NOON + timedelta(hours=26)):
        lead.log_in()
        lead.get("/staff/cases")
        assert "late by 2 hours" in lead.words


def test_ending_it_shows_the_story_again(app: Flask, lead: Colleague) -> None:
    story_id = made(app, make_shown)
    address = suspended(app, story_id)
    assert shown(app) == []
    lead.get(address)
    for words in (REASON, TEXT):
        assert words in lead.words
    assert lead.post(f"{address}/end").location == "/staff/cases"
    assert shown(app) == [story_id]
    assert audited(app, story_id)[-3:] == [
        (lead.id, "suspension.viewed"),
        (lead.id, "story.viewed"),
        (lead.id, "suspension.decided"),
    ]
    assert lead.post(f"{address}/end").status_code == 409
    lead.get(address)
    assert "What was decided There was no risk: the suspension was ended. Decided by" in lead.words
    assert "a case was opened" not in lead.words


def test_ending_one_of_two_does_not_say_that_the_story_is_shown(app: Flask, lead: Colleague) -> None:
    story_id = made(app, make_shown)
    first, second = suspended(app, story_id), suspended(app, story_id, "He came back.")
    lead.get(first)
    assert "The story stays held even then: there is another suspension, or an open case." in lead.words
    lead.get(lead.post(f"{first}/end").location or "")
    assert "The story stays held: there is another one, or an open case." in lead.words
    assert shown(app) == []
    lead.get(second)
    assert "He came back." in lead.words
    assert "stays held even then" not in lead.words
    lead.get(lead.post(f"{second}/end").location or "")
    assert "The story is shown again wherever it was allowed." in lead.words
    assert shown(app) == [story_id]


def test_a_lead_is_told_to_ask_before_what_a_restore_suspended_is_shown(app: Flask, lead: Colleague) -> None:
    story_id = made(app, make_shown)
    with app.app_context(), transaction():
        address = f"/staff/cases/suspensions/{suspend_restored(db.session.get_one(Story, story_id)).id}"
    lead.get("/staff/cases")
    assert "A restore from a backup" in lead.words
    lead.get(address)
    for words in ("A restore from a backup", "Ask the child and the guardians", "They were asked: end the suspension"):
        assert words in lead.words
    for words in ("They gave no reason", "There is no risk: end"):
        assert words not in lead.words
    assert lead.post(f"{address}/end").location == "/staff/cases"
    assert shown(app) == [story_id]


def test_whoever_can_ask_has_a_name() -> None:
    assert ASKERS.keys() == {asker.value for asker in Asker}


def test_a_case_takes_over_without_a_moment_in_between(app: Flask, lead: Colleague) -> None:
    story_id = made(app, make_shown)
    address = suspended(app, story_id, "")
    lead.get(address)
    assert "They gave no reason; none is needed." in lead.words
    assert lead.post(f"{address}/case", {"worry": "He was seen at the school."}).status_code == 200
    assert "Please say how urgent it is." in lead.words
    assert "He was seen at the school." in lead.page
    assert lead.post(f"{address}/case", {"level": "red", "worry": ""}).status_code == 200
    with app.app_context():
        assert db.session.scalars(select(Case)).all() == []
    answer = lead.post(f"{address}/case", {"level": "red", "worry": "He was seen at the school."})
    with app.app_context():
        case = db.session.scalars(select(Case)).one()
        assert answer.location == f"/staff/cases/{case.id}"
        assert (open_suspensions(), is_held(story_id)) == ([], True)
    assert shown(app) == []
    lead.get(address)
    assert "There is a risk: a case was opened. Look at the case" in lead.words
    assert f'href="{answer.location}"' in lead.page


def test_who_sees_a_risk_is_right_though_a_colleague_ended_the_suspension(app: Flask, lead: Colleague) -> None:
    story_id = made(app, make_shown)
    address = suspended(app, story_id)
    lead.get(address)
    lead.post(f"{address}/end")
    assert shown(app) == [story_id]
    assert lead.post(f"{address}/case", {"level": "red", "worry": "Late."}).status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Case.story_id)).all() == [story_id]
    assert shown(app) == []
    lead.get(address)
    assert "There was no risk: the suspension was ended." in lead.words


def test_of_a_story_that_nobody_has_approved_it_is_not_said_that_it_is_shown(app: Flask, lead: Colleague) -> None:
    address = suspended(app, made(app, make_submitted))
    lead.get(address)
    lead.post(f"{address}/end")
    lead.get("/staff/cases")
    assert "It is shown again" not in lead.words
    assert "The story is shown nowhere now, and not for that reason." in lead.words


def test_a_suspended_story_that_is_erased_can_still_be_decided(app: Flask, lead: Colleague) -> None:
    story_id = made(app, make_shown)
    address = suspended(app, story_id)
    with app.app_context(), transaction():
        ask_erasure(db.session.get_one(Story, story_id), Role.CHILD, now=True)
    lead.get(address)
    assert "the words went with it" in lead.words
    assert REASON not in lead.page
    assert lead.post(f"{address}/end").status_code == 303


@pytest.mark.parametrize("role", [role for role in STAFF_ROLES if role is not Role.SAFEGUARDING_LEAD])
def test_suspensions_are_for_leads_alone(app: Flask, role: Role) -> None:
    address = suspended(app, made(app, make_shown))
    colleague = hire(app, role)
    assert colleague.client.get(address).status_code == 403
    colleague.get("/staff/")
    for verb in ("end", "case"):
        assert colleague.post(f"{address}/{verb}", {"level": "red", "worry": "x"}).status_code == 403


def test_ids_that_are_none_are_not_found(lead: Colleague) -> None:
    for suspension_id in ("x", "%00" * 22, "a" * 22):
        assert lead.client.get(f"/staff/cases/suspensions/{suspension_id}").status_code == 404
