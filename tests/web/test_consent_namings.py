"""Somebody was named by mistake: who helps the family says so at the desk, and a lead leaves them out."""

import pytest
from flask import Flask

from app.cli.writing import transaction
from app.consent.naming import disclaim
from app.extensions import db
from app.people.actions import forget_card, issue_card
from app.people.models import Guardian
from app.people.permissions import Role
from app.people.queries import guardians_of, key_of
from app.stories.models import Story
from app.web.consent_desk.asking import ask_now
from tests.factories.people import make_guardian
from tests.web.consenting import RULINGS, Family
from tests.web.team import Colleague, audited, hire
from tests.web.telling import Child

DOUBT, WHY = "Named by mistake?", "A wrong address; made up."
ACTS = "/staff/consent/acts"


@pytest.fixture
def lead(app: Flask) -> Colleague:
    return hire(app, Role.SAFEGUARDING_LEAD)


def name_another(app: Flask, family: Family) -> tuple[str, str]:
    """Somebody who never answers: their id, and the address at which it is said that they were named by mistake."""
    with app.app_context(), transaction():
        story = db.session.get_one(Story, family.story_id)
        guardian = make_guardian(story.storyteller, declared=False)
        return guardian.id, f"/staff/consent/ask/{ask_now(story, guardian).token}/doubt"


def named(app: Flask, family: Family) -> list[str]:
    """Everybody whom the family named and nobody left out."""
    with app.app_context():
        return [one.id for one in guardians_of(db.session.get_one(Story, family.story_id).storyteller_id)]


def test_a_helper_doubts_and_a_lead_leaves_out(app: Flask, family: Family, helper: Colleague, lead: Colleague) -> None:
    helper.get(family.address)
    assert DOUBT not in helper.words
    guardian_id, address = name_another(app, family)
    helper.get(family.address)
    assert helper.words.count(DOUBT) == 1
    helper.get(address)
    assert "Somebody who does not answer still decides." in helper.words
    assert helper.post(address, {"reason": " "}).status_code == 422
    assert "Please say in a few words why" in helper.words
    assert helper.post(address, {"reason": WHY}).location == family.address
    helper.get(family.address)
    assert "A safeguarding lead is asked." in helper.words
    assert "A safeguarding lead decides." in helper.words
    assert DOUBT not in helper.words
    lead.get("/staff/")
    assert "1 guardian perhaps does not decide" in lead.words
    lead.get(ACTS)
    assert [words for words in (family.reference, helper.name, WHY) if words not in lead.words] == []
    assert guardian_id in named(app, family)
    assert lead.post(f"/staff/consent/namings/{guardian_id}/leave-out").location == ACTS
    assert guardian_id not in named(app, family)
    lead.get(ACTS)
    assert "Named by mistake?" not in lead.words
    assert lead.post(f"/staff/consent/namings/{guardian_id}/leave-out").status_code == 409
    helper.get(family.address)
    assert "Guardian 2" not in helper.words
    for way in ("form", "photo", "voice", "call"):  # a form that was printed before leads on
        assert helper.get(address.replace("doubt", way)).status_code == 200


def test_whoever_says_that_they_do_not_decide_waits_for_a_lead(
    app: Flask, family: Family, helper: Colleague, lead: Colleague
) -> None:
    guardian_id, address = name_another(app, family)
    with app.app_context(), transaction():
        disclaim(db.session.get_one(Guardian, guardian_id))
    helper.get(family.address)
    assert "They say that nobody gave them the right to decide." in helper.words
    assert DOUBT not in helper.words
    assert helper.client.get(address).status_code == 409
    lead.get(ACTS)
    assert [words for words in (family.reference, "themselves, by their link") if words not in lead.words] == []
    lead.post(f"/staff/consent/namings/{guardian_id}/leave-out")
    assert guardian_id not in named(app, family)
    with app.app_context(), transaction():
        teller = db.session.get_one(Story, family.story_id).storyteller
        card = issue_card(teller)
        forget_card(teller)
    child = Child(app.test_client())
    child.follow(child.open(card))
    assert "We do not wait any more for somebody whom you named" in child.words


def test_a_lead_keeps_waiting(app: Flask, family: Family, helper: Colleague, lead: Colleague) -> None:
    guardian_id, address = name_another(app, family)
    helper.get(address)
    helper.post(address, {"reason": WHY})
    lead.get(ACTS)
    assert lead.post(f"/staff/consent/namings/{guardian_id}/keep").location == ACTS
    helper.get(family.address)
    assert DOUBT in helper.words
    assert guardian_id in named(app, family)


def test_the_right_of_somebody_who_was_heard_is_ended_by_two_people(
    app: Flask, family: Family, helper: Colleague, lead: Colleague
) -> None:
    lead.get(ACTS)
    for made_up, status in (("x" * 22, 404), ("..", 404), (family.guardian_id, 409)):
        assert lead.post(f"/staff/consent/namings/{made_up}/leave-out").status_code == status
    helper.get(family.address)
    assert "Do they decide no longer?" in helper.words
    with app.app_context():
        story = db.session.get_one(Story, family.story_id)
        heard = ask_now(story, guardians_of(story.storyteller_id)[0]).token
    helper.get(f"/staff/consent/ask/{heard}/doubt")
    assert "a safeguarding lead can end their right" in helper.words
    assert helper.post("/staff/consent/ask/made-up/doubt", {"reason": WHY}).status_code == 404
    assert helper.post(f"/staff/consent/ask/{heard}/doubt", {"reason": WHY}).status_code == 303
    lead.get(ACTS)
    assert [words for words in (family.reference, "Mother", WHY) if words not in lead.words] == []
    with app.app_context():
        subject = db.session.get_one(Story, family.story_id).storyteller_id
    assert (lead.id, "guardian.doubt_read") in audited(app, subject)
    lead.post(f"/staff/consent/namings/{family.guardian_id}/leave-out")
    assert named(app, family) == []
    with app.app_context():
        assert key_of(family.guardian_id) is None
    assert helper.client.get(f"/staff/consent/ask/{heard}/doubt").status_code == 409


def test_another_organisation_knows_no_child_that_is_at_home_elsewhere(
    app: Flask, family: Family, helper: Colleague
) -> None:
    helper.get(family.address)
    assert "Guardian 1" in helper.words
    stranger = hire(app, Role.FACILITATOR)
    stranger.get(family.address)
    assert "another organisation helps them" in stranger.words
    with app.app_context():
        story = db.session.get_one(Story, family.story_id)
        token = ask_now(story, guardians_of(story.storyteller_id)[0]).token
    for way in ("form", "photo", "voice", "call", "doubt"):
        assert stranger.client.get(f"/staff/consent/ask/{token}/{way}").status_code == 404
    assert stranger.post(f"/staff/consent/{family.reference}/guardians", {"locale": "en"}).status_code == 404


def test_doubts_are_announced_beside_the_acts(app: Flask, family: Family, helper: Colleague, lead: Colleague) -> None:
    lead.get(RULINGS)
    assert "Acts and doubts: 0 wait" in lead.words
    lead.get(ACTS)
    assert "and every doubt whether somebody decides." in lead.words
    _guardian_id, address = name_another(app, family)
    helper.get(address)
    helper.post(address, {"reason": WHY})
    lead.get(RULINGS)
    assert "Acts and doubts: 1 waits" in lead.words
    lead.get(ACTS)
    assert "Acts and doubts 0 acts wait · 1 doubt waits" in lead.words
    helper.get(RULINGS)
    assert "Acts and doubts" not in helper.words
