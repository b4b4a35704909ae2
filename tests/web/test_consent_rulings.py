"""A second person rules: whose turn it is, what they see and write down, and asking again; acts of courts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.adapters.storage import Store
from app.cli.writing import transaction
from app.consent.actions import answer_as_child
from app.consent.evidence import take
from app.consent.models import Evidence
from app.consent.rules import EvidenceState, Method
from app.consent.texts import current, load
from app.extensions import db, writing
from app.people.authority import Act, claim_act
from app.people.models import Authority, Guardian
from app.people.permissions import Role
from app.people.rules import Basis
from app.stories.actions import ask_erasure
from app.stories.models import Story
from tests.factories import hostile_media
from tests.factories.media import jpeg, recording
from tests.factories.people import make_guardian
from tests.factories.stories import approve, yes_to
from tests.web.consenting import (
    CANARIES,
    FORM,
    RULINGS,
    Family,
    at,
    evidence_ids,
    make_family,
    photographed,
    said,
    send_file,
    spoken,
    ways,
)
from tests.web.reviewing import shown
from tests.web.team import Colleague, audited, hire

NOTE = "The court of Vaslui, decision 17 of 3 March, made up."


@pytest.fixture
def family(app: Flask) -> Family:
    return make_family(app, declared=False)


def state_of(app: Flask, evidence_id: str) -> tuple[EvidenceState, str | None]:
    with app.app_context():
        evidence = db.session.get_one(Evidence, evidence_id)
        return evidence.state, evidence.ruled_by


def test_a_colleague_writes_down_what_the_form_says(
    app: Flask, pair: tuple[Colleague, Colleague], family: Family
) -> None:
    helper, other = pair
    evidence_id = photographed(app, helper, family)
    other.get("/staff/")
    assert "1 form or recording waits" in other.words
    other.get(RULINGS)
    assert at(evidence_id) in other.page
    other.get(at(evidence_id))
    assert "checked" not in other.page
    assert [word for word in (*CANARIES, family.story_id, family.guardian_id) if word in other.page] == []
    assert other.post(at(evidence_id, "accept"), FORM).location == RULINGS
    assert state_of(app, evidence_id) == (EvidenceState.ACCEPTED, other.id)
    assert said(app, family) == {"gallery": "yes", "print": "no"}
    assert (other.id, "evidence.accepted") in audited(app, family.story_id)
    helper.get(family.address)
    for words in ("Answered", "on paper", "Mother"):
        assert words in helper.words
    assert "Ana Popa" not in helper.page


def test_whoever_took_it_is_told_why_they_cannot_look(
    app: Flask, pair: tuple[Colleague, Colleague], family: Family
) -> None:
    helper, _other = pair
    evidence_id = photographed(app, helper, family)
    helper.get(RULINGS)
    assert "You took it: somebody else must look" in helper.words
    assert at(evidence_id) not in helper.page
    for address in (at(evidence_id), at(evidence_id, "file")):
        assert helper.get(address).status_code == 403
    assert "Somebody else must look at this: you took it yourself." in helper.words
    for address, form in ((at(evidence_id, "accept"), FORM), (at(evidence_id, "ask-again"), {"reason": "Dark."})):
        assert helper.post(address, form).status_code == 403
    assert state_of(app, evidence_id) == (EvidenceState.WAITING, None)


class Watched:
    """A vault that notes whether a transaction was open, or about to write, whenever it was read."""

    def __init__(self, store: Store) -> None:
        self.store, self.found = store, list[tuple[bool, bool]]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def open(self, name: str) -> Iterator[bytes]:
        self.found.append((db.session.in_transaction(), writing.get()))
        return self.store.open(name)


def test_nobody_waits_while_a_form_is_decoded_and_the_look_is_recorded(
    app: Flask, pair: tuple[Colleague, Colleague], family: Family
) -> None:
    helper, other = pair
    evidence_id = photographed(app, helper, family)
    vault = Watched(app.extensions["eyes"].vault)
    app.extensions["eyes"] = replace(app.extensions["eyes"], vault=vault)
    assert other.get(at(evidence_id, "file")).status_code == 200
    assert vault.found == [(False, False)]
    assert (other.id, "evidence.opened") in audited(app, family.story_id)


def test_other_organisations_know_nothing_of_it_and_leads_all(
    app: Flask, pair: tuple[Colleague, Colleague], family: Family
) -> None:
    evidence_id = photographed(app, pair[0], family)
    stranger, lead = hire(app, Role.FACILITATOR), hire(app, Role.SAFEGUARDING_LEAD)
    stranger.get(RULINGS)
    assert family.reference not in stranger.page
    for address in (at(evidence_id), at(evidence_id, "file")):
        assert stranger.get(address).status_code == 404
    assert stranger.post(at(evidence_id, "accept"), FORM).status_code == 404
    lead.get(at(evidence_id))
    assert lead.post(at(evidence_id, "accept"), FORM).status_code == 303
    assert state_of(app, evidence_id) == (EvidenceState.ACCEPTED, lead.id)


def test_what_a_guardian_recorded_alone_is_for_leads(
    app: Flask, pair: tuple[Colleague, Colleague], family: Family
) -> None:
    with app.app_context(), transaction():
        story, guardian = db.session.get_one(Story, family.story_id), db.session.get_one(Guardian, family.guardian_id)
        text = current("guardian", guardian.locale)
        stream = BytesIO(recording("ogg"))
        alone = take(story, guardian, Method.VOICE, text, taken_by=None, witness="Maria", stream=stream).id
    assert pair[1].get(at(alone)).status_code == 404
    lead = hire(app, Role.SAFEGUARDING_LEAD)
    lead.get(RULINGS)
    assert "the guardian alone, by private link" in lead.words
    assert lead.get(at(alone)).status_code == 200


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.CURATOR, Role.ADMINISTRATOR])
def test_rulings_are_for_who_rules(app: Flask, pair: tuple[Colleague, Colleague], family: Family, role: Role) -> None:
    evidence_id = photographed(app, pair[0], family)
    colleague = hire(app, role)
    for address in (RULINGS, at(evidence_id), at(evidence_id, "file")):
        assert colleague.client.get(address).status_code == 403
    colleague.get("/staff/")
    for address in (at(evidence_id, "accept"), at(evidence_id, "ask-again")):
        assert colleague.post(address, FORM).status_code == 403


def test_the_file_is_made_anew_kept_by_nobody_and_each_look_is_written_down(
    app: Flask, pair: tuple[Colleague, Colleague], family: Family
) -> None:
    helper, other = pair
    send_file(helper, ways(helper, family)["photo"], "photo", jpeg())
    (evidence_id,) = evidence_ids(app, family.story_id)
    response = other.client.get(at(evidence_id, "file"))
    assert (response.status_code, response.mimetype) == (200, "image/webp")
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert b"canary" not in response.data.lower()
    assert audited(app, family.story_id)[-1] == (other.id, "evidence.opened")


def test_a_recording_can_be_heard_in_parts(app: Flask, pair: tuple[Colleague, Colleague], family: Family) -> None:
    evidence_id = spoken(app, pair[0], family)
    response = pair[1].client.get(at(evidence_id, "file"), headers={"Range": "bytes=0-3"})
    assert (response.status_code, response.data, response.mimetype) == (206, b"\x1aE\xdf\xa3", "audio/webm")


def test_a_file_that_turns_out_to_be_broken_is_said_kindly(
    app: Flask, pair: tuple[Colleague, Colleague], family: Family
) -> None:
    helper, other = pair
    send_file(helper, ways(helper, family)["photo"], "photo", hostile_media.cut(jpeg(), 0.3))
    (evidence_id,) = evidence_ids(app, family.story_id)
    assert other.get(at(evidence_id, "file")).status_code == 409
    other.get(at(evidence_id))
    assert other.post(at(evidence_id, "ask-again"), {"reason": "The photograph is broken."}).status_code == 303


def test_a_voice_is_accepted_only_with_its_witness(
    app: Flask, pair: tuple[Colleague, Colleague], family: Family
) -> None:
    evidence_id, other = spoken(app, pair[0], family), pair[1]
    other.get(at(evidence_id))
    assert "Maria the neighbour" in other.words
    assert other.post(at(evidence_id, "accept"), FORM).status_code == 422
    assert "Without a witness who says their name" in other.words
    herself = {**FORM, "witness_heard": "1", "name": " maria  The neighbour"}
    assert other.post(at(evidence_id, "accept"), herself).status_code == 422
    assert "The witness must be somebody else than who decides and who helps with it." in other.words
    assert other.post(at(evidence_id, "accept"), FORM).status_code == 422
    assert 'value="Ana Popa"' in other.page
    assert state_of(app, evidence_id) == (EvidenceState.WAITING, None)
    assert other.post(at(evidence_id, "accept"), {**FORM, "witness_heard": "1"}).status_code == 303
    assert said(app, family) == {"gallery": "yes", "print": "no"}


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"relation": "aunt"}, {"gallery": "", "print": ""}, {"gallery": "maybe"}]
)
def test_what_is_missing_is_said_and_nothing_enters(
    app: Flask, pair: tuple[Colleague, Colleague], family: Family, wrong: dict[str, str]
) -> None:
    evidence_id, other = photographed(app, pair[0], family), pair[1]
    other.get(at(evidence_id))
    assert other.post(at(evidence_id, "accept"), {**FORM, **wrong}).status_code == 422
    assert other.post(at(evidence_id, "accept"), {**FORM, "phone": "1"}).status_code == 400
    assert (state_of(app, evidence_id), said(app, family)) == ((EvidenceState.WAITING, None), {})


def test_a_second_ruling_comes_too_late(app: Flask, pair: tuple[Colleague, Colleague], family: Family) -> None:
    evidence_id, other = photographed(app, pair[0], family), pair[1]
    lead = hire(app, Role.SAFEGUARDING_LEAD)
    lead.get(at(evidence_id))
    other.get(at(evidence_id))
    assert other.post(at(evidence_id, "ask-again"), {"reason": "It is too dark."}).status_code == 303
    assert lead.post(at(evidence_id, "accept"), FORM).status_code == 409
    assert lead.get(at(evidence_id, "file")).status_code == 409
    assert state_of(app, evidence_id) == (EvidenceState.ASK_AGAIN, other.id)
    assert said(app, family) == {}


def test_asking_again_says_why_at_the_desk(app: Flask, pair: tuple[Colleague, Colleague], family: Family) -> None:
    helper, other = pair
    evidence_id = photographed(app, helper, family)
    other.get(at(evidence_id))
    assert other.post(at(evidence_id, "ask-again"), {"reason": " "}).status_code == 422
    assert "Please say why in kind words" in other.words
    other.post(at(evidence_id, "ask-again"), {"reason": "The lower half is in the shadow."})
    helper.get(family.address)
    assert "Please ask this guardian again The lower half is in the shadow." in helper.words
    photographed(app, helper, family)
    helper.get(family.address)
    assert "shadow" not in helper.page


def test_a_form_in_the_first_words_asks_the_first_questions(
    app: Flask, pair: tuple[Colleague, Colleague], family: Family
) -> None:
    helper, other = pair
    evidence_id = photographed(app, helper, family)
    first = load("guardian", 1, "en")
    with app.app_context(), transaction():
        evidence = db.session.get_one(Evidence, evidence_id)
        evidence.text_version, evidence.text_sha256 = 1, first.sha256
    other.get(at(evidence_id))
    assert 'name="gallery"' in other.page
    assert 'name="recontact"' not in other.page
    assert first.sha256[:12] in other.page


def test_a_story_whose_evidence_waits_is_shown_nowhere(
    app: Flask, pair: tuple[Colleague, Colleague], family: Family
) -> None:
    helper, other = pair
    with app.app_context(), transaction(), clock.fixed(clock.now() - timedelta(days=9)):
        story = db.session.get_one(Story, family.story_id)
        answer_as_child(story, yes_to(["gallery"], own_voice=True), current("child", "en"))
        approve(story)
    evidence_id = photographed(app, helper, family)
    everything = {**FORM, "shown_name": "yes", "age": "yes", "place": "yes", "voice": "own"}
    other.get(at(evidence_id))
    assert shown(app) == []
    assert other.post(at(evidence_id, "accept"), everything).status_code == 303
    assert shown(app) == [family.story_id]
    photographed(app, helper, family)
    assert shown(app) == []


def test_what_was_taken_about_a_story_that_is_erased_waits_no_longer(
    app: Flask, pair: tuple[Colleague, Colleague], family: Family
) -> None:
    evidence_id, other = photographed(app, pair[0], family), pair[1]
    with app.app_context(), transaction():
        ask_erasure(db.session.get_one(Story, family.story_id), Role.CHILD, now=True)
    other.get(RULINGS)
    assert "Nothing waits" in other.words
    assert other.get(at(evidence_id)).status_code == 404
    for made_up in ("x", "%00" * 22, "a" * 22):
        assert other.get(at(made_up)).status_code == 404


def claimed(app: Flask, family: Family) -> str:
    """The id of a court's act that somebody claims."""
    with app.app_context(), transaction():
        guardian = make_guardian(db.session.get_one(Story, family.story_id).storyteller, declared=False)
        return claim_act(guardian, Act(Basis.COURT_ACT, NOTE, clock.now() + timedelta(days=99), ["gallery"])).id


def test_a_lead_accepts_an_act_after_reading_it(app: Flask, family: Family) -> None:
    act_id, lead = claimed(app, family), hire(app, Role.SAFEGUARDING_LEAD)
    lead.get("/staff/")
    assert "1 act waits" in lead.words
    lead.get("/staff/consent/acts")
    assert NOTE not in lead.page
    lead.get(f"/staff/consent/acts/{act_id}")
    for words in (NOTE, family.reference, "Our gallery"):
        assert words in lead.words
    assert lead.post(f"/staff/consent/acts/{act_id}/accept").location == "/staff/consent/acts"
    with app.app_context():
        act = db.session.get_one(Authority, act_id)
        assert act.accepted_by == lead.id
        guardian_id = act.guardian_id
    acted = [(f"guardian:{guardian_id}", "act.noted"), (lead.id, "act.opened"), (lead.id, "act.accepted")]
    assert audited(app, guardian_id) == acted
    assert lead.post(f"/staff/consent/acts/{act_id}/refuse").status_code == 409
    assert lead.get(f"/staff/consent/acts/{act_id}").status_code == 409


def test_a_refused_act_gives_no_key(app: Flask, family: Family) -> None:
    act_id, lead = claimed(app, family), hire(app, Role.SAFEGUARDING_LEAD)
    lead.get(f"/staff/consent/acts/{act_id}")
    assert lead.post(f"/staff/consent/acts/{act_id}/refuse").status_code == 303
    lead.get("/staff/consent/acts")
    assert "Nothing waits" in lead.words
    with app.app_context():
        assert db.session.scalars(select(Authority.accepted_at).where(Authority.id == act_id)).one() is None


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.MODERATOR, Role.CURATOR, Role.ADMINISTRATOR])
def test_acts_are_for_leads(app: Flask, family: Family, role: Role) -> None:
    act_id, colleague = claimed(app, family), hire(app, role)
    for address in ("/staff/consent/acts", f"/staff/consent/acts/{act_id}"):
        assert colleague.client.get(address).status_code == 403
    colleague.get("/staff/")
    for verb in ("accept", "refuse"):
        assert colleague.post(f"/staff/consent/acts/{act_id}/{verb}").status_code == 403


def noted(lead: Colleague, evidence_id: str, **act: str) -> int:
    """A lead writes down what a carer's form says, with the act that it names."""
    lead.get(at(evidence_id))
    return lead.post(at(evidence_id, "accept"), {**FORM, "relation": "court_carer", **act}).status_code


def test_an_act_on_a_form_waits_for_somebody_who_did_not_write_it_down(
    app: Flask, pair: tuple[Colleague, Colleague], family: Family
) -> None:
    evidence_id, lead = photographed(app, pair[0], family), hire(app, Role.SAFEGUARDING_LEAD)
    assert noted(lead, evidence_id, act_note=NOTE, act_until="2020-01-01") == 422
    assert (NOTE in lead.words, state_of(app, evidence_id)) == (True, (EvidenceState.WAITING, None))
    until = (clock.now() + timedelta(days=99)).date().isoformat()
    assert noted(lead, evidence_id, act_note=NOTE, act_until=until) == 303
    with app.app_context():
        act_id = db.session.scalars(select(Authority.id).where(Authority.ended_at.is_(None))).one()
    lead.get(f"/staff/consent/acts/{act_id}")
    assert "You wrote this down yourself" in lead.words
    assert lead.post(f"/staff/consent/acts/{act_id}/accept").status_code == 403
    (other := hire(app, Role.SAFEGUARDING_LEAD)).get("/staff/consent/acts")
    assert other.post(f"/staff/consent/acts/{act_id}/accept").status_code == 303


def test_answers_of_a_carer_without_an_act_are_kept_and_open_nothing(
    app: Flask, pair: tuple[Colleague, Colleague], family: Family
) -> None:
    evidence_id = photographed(app, pair[0], family)
    assert noted(pair[1], evidence_id) == 303
    assert said(app, family) == {"gallery": "yes", "print": "no"}
    with app.app_context():
        assert db.session.scalars(select(Authority)).all() == []
