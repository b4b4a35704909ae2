"""Taking in a photographed form, a voice, a call; tokens that somebody made up; files that want something else."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask

from app import clock
from app.campaigns.models import Campaign
from app.cli.writing import transaction
from app.consent.evidence import begin_look, open_file, witness_of
from app.consent.models import Evidence
from app.consent.rules import EvidenceState, Method, campaign_scope
from app.extensions import db
from app.media.rules import IMAGE_BYTES, Kind
from app.people.models import Staff
from app.people.permissions import Role
from app.people.queries import keys_to
from app.stories.models import Story
from tests.factories.campaigns import make_campaign
from tests.factories.hostile_media import TWINS
from tests.factories.media import recording
from tests.factories.texts import newest
from tests.web.consenting import (
    FORM,
    Family,
    evidence_ids,
    hire_pair,
    make_family,
    photographed,
    said,
    send_file,
    spoken,
    ways,
)
from tests.web.team import Colleague, audited, hire
from tests.web.telling import picture


def test_a_photographed_form_waits_and_changes_nothing(app: Flask, helper: Colleague, family: Family) -> None:
    evidence_id = photographed(app, helper, family)
    with app.app_context():
        evidence = db.session.get_one(Evidence, evidence_id)
        assert (evidence.method, evidence.state, evidence.taken_by) == (Method.PAPER, EvidenceState.WAITING, helper.id)
        assert (evidence.guardian_id, evidence.version_number, evidence.text_version) == (
            family.guardian_id,
            1,
            newest("guardian", "en").version,
        )
    assert said(app, family) == {}
    helper.get(family.address)
    assert "Waits for a second person" in helper.words
    assert (helper.id, "evidence.taken") in audited(app, family.story_id)


def test_a_voice_needs_a_recording_and_a_witness(app: Flask, helper: Colleague, family: Family) -> None:
    address = ways(helper, family)["voice"]
    assert send_file(helper, address, "recording", recording("ogg"), witness=" ").status_code == 422
    assert "name of the witness" in helper.words
    assert send_file(helper, address, "recording", recording("ogg"), witness=helper.name.upper()).status_code == 422
    assert "The witness must be somebody else than who decides and who helps with it." in helper.words
    assert helper.post(address, {"witness": "Maria"}).status_code == 422
    assert "Please record the answers first." in helper.words
    assert 'value="Maria"' in helper.page
    assert evidence_ids(app, family.story_id) == []
    spoken(app, helper, family)
    assert len(evidence_ids(app, family.story_id)) == 1


def test_a_form_without_a_photo_is_asked_for_it(helper: Colleague, family: Family) -> None:
    address = ways(helper, family)["photo"]
    helper.get(address)
    assert helper.post(address).status_code == 422
    assert "Please take a photo of the form." in helper.words


def test_a_photo_can_come_by_either_field(app: Flask, helper: Colleague, family: Family) -> None:
    address = ways(helper, family)["photo"]
    helper.get(address)
    both = {"photo": [(BytesIO(b""), ""), (BytesIO(picture()), "chosen.jpg")]}
    assert helper.post(address, both, content_type="multipart/form-data").status_code == 303
    assert len(evidence_ids(app, family.story_id)) == 1


def test_what_is_sent_twice_is_taken_once(app: Flask, helper: Colleague, family: Family) -> None:
    sound, form = recording("ogg"), picture()
    for _ in range(2):
        address = ways(helper, family)["voice"]
        assert send_file(helper, address, "recording", sound, witness="Maria the neighbour").status_code == 303
        assert send_file(helper, ways(helper, family)["photo"], "photo", form).status_code == 303
    assert len(evidence_ids(app, family.story_id)) == 2


def test_a_form_is_handed_in_once_more_with_its_witness(app: Flask, helper: Colleague, family: Family) -> None:
    form = picture()
    for witness in ("", "Maria the neighbour", "Maria the neighbour"):
        answer = send_file(helper, ways(helper, family)["photo"], "photo", form, witness=witness)
        assert answer.status_code == 303
    with app.app_context():
        taken = [db.session.get_one(Evidence, each) for each in evidence_ids(app, family.story_id)]
        assert sorted(map(witness_of, taken)) == ["", "Maria the neighbour"]


def test_a_script_hears_that_the_log_in_has_ended(app: Flask, helper: Colleague, family: Family) -> None:
    address = ways(helper, family)["voice"]
    helper.get(address)
    helper.client.delete_cookie("eyes")
    data = {"csrf_token": helper.token, "witness": "Maria", "recording": (BytesIO(recording("ogg")), "voice.ogg")}
    answer = helper.client.post(address, data=data, headers={"Accept": "application/json"})
    answer.request.environ["wsgi.input"].close()
    assert (answer.status_code, answer.get_json()["code"]) == (401, "logged_out")


def test_a_call_holds_at_once(app: Flask, helper: Colleague, family: Family) -> None:
    address = ways(helper, family)["call"]
    helper.get(address)
    assert "checked" not in helper.page
    assert helper.post(address, {**FORM, "note": ""}).status_code == 422
    assert "Please write a note about the call" in helper.words
    assert 'value="Ana Popa"' in helper.page
    assert said(app, family) == {}
    answer = helper.post(address, {**FORM, "note": "Sunday evening, the mother's own telephone."})
    assert (answer.status_code, answer.location) == (303, family.address)
    assert said(app, family) == {"gallery": "yes", "print": "no"}
    helper.get(family.address)
    assert "in a call" in helper.words
    assert "Ana Popa" not in helper.page
    assert (helper.id, "evidence.accepted") in audited(app, family.story_id)


def test_of_a_call_with_a_carer_the_act_is_noted_and_a_lead_accepts_it(
    app: Flask, helper: Colleague, family: Family
) -> None:
    address, lead = ways(helper, family)["call"], hire(app, Role.SAFEGUARDING_LEAD)
    until = (clock.now() + timedelta(days=99)).date().isoformat()
    act = {"relation": "institution", "act_note": "A guardians' office, made up.", "act_until": until}
    helper.get(address)
    assert helper.post(address, {**FORM, **act, "note": "Sunday."}).status_code == 303
    lead.get("/staff/consent/acts")
    act_id = re.findall(r"/staff/consent/acts/([\w-]{22})", lead.page)[0]
    lead.get(f"/staff/consent/acts/{act_id}")
    assert "A guardians' office, made up." in lead.words
    assert lead.post(f"/staff/consent/acts/{act_id}/accept").status_code == 303
    with app.app_context():
        held = keys_to(db.session.get_one(Story, family.story_id).storyteller_id)
        assert [(key.noted_by, key.accepted_by, key.scopes) for key in held] == [(helper.id, lead.id, None)]


@pytest.mark.parametrize("missing", ["name", "relation", "gallery"])
def test_a_call_says_who_and_at_least_one_answer(app: Flask, helper: Colleague, family: Family, missing: str) -> None:
    address = ways(helper, family)["call"]
    helper.get(address)
    form = {key: value for key, value in FORM.items() if key not in (missing, "print")} | {"note": "Sunday."}
    assert helper.post(address, form).status_code == 422
    assert evidence_ids(app, family.story_id) == []


def forged(token: str) -> list[str]:
    """The same token with a bit turned, cut short, made longer, and things that are none."""
    sealed = bytearray(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    sealed[-1] ^= 1
    turned = urlsafe_b64encode(bytes(sealed)).decode().rstrip("=")
    return [turned, token[:-4], token + "AAAA", "A" * 22, "x", "%00", "é" * 40, "A" * 5_000]


def test_made_up_tokens_open_nothing(helper: Colleague, family: Family) -> None:
    token = ways(helper, family)["photo"].split("/")[-2]
    for one in forged(token):
        for way in ("form", "photo", "voice", "call"):
            assert helper.get(f"/staff/consent/ask/{one}/{way}").status_code == 404, one
        assert helper.post(f"/staff/consent/ask/{one}/call", {**FORM, "note": "x"}).status_code == 404, one
        assert send_file(helper, f"/staff/consent/ask/{one}/photo", "photo", picture()).status_code == 404, one


def test_a_token_binds_to_its_own_guardian(app: Flask, helper: Colleague) -> None:
    one, other = make_family(app), make_family(app)
    photographed(app, helper, one)
    assert (len(evidence_ids(app, one.story_id)), evidence_ids(app, other.story_id)) == (1, [])
    with app.app_context():
        evidence = db.session.get_one(Evidence, evidence_ids(app, one.story_id)[0])
        assert evidence.guardian_id == one.guardian_id


def test_a_token_does_not_tell_which_story_it_is_about(helper: Colleague, family: Family) -> None:
    token = ways(helper, family)["photo"].split("/")[-2]
    opened = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    assert family.story_id.encode() not in opened
    assert token not in ways(helper, family)["photo"], "the same thing asked twice is sealed anew"


@pytest.mark.parametrize("name", [name for name, twin in TWINS.items() if twin.when == "taken"])
def test_files_that_want_something_else_are_refused_and_leave_nothing(
    app: Flask, helper: Colleague, family: Family, name: str
) -> None:
    twin = TWINS[name]
    way, field = ("photo", "photo") if twin.kind is Kind.IMAGE else ("voice", "recording")
    vault = app.extensions["eyes"].vault
    before = {file.name for file in vault.listing()}
    more = {"witness": "Maria"} if field == "recording" else {}
    answer = send_file(helper, ways(helper, family)[way], field, twin.make(), **more)
    assert answer.status_code == 422
    assert evidence_ids(app, family.story_id) == []
    assert {file.name for file in vault.listing()} == before


def test_a_photo_that_is_too_large_is_refused(app: Flask, helper: Colleague, family: Family) -> None:
    huge = picture() + bytes(IMAGE_BYTES)
    assert send_file(helper, ways(helper, family)["photo"], "photo", huge).status_code == 422
    assert "This file is too large." in helper.words
    assert evidence_ids(app, family.story_id) == []


def test_what_is_taken_is_never_kept_in_the_clear(app: Flask, family: Family) -> None:
    helper, other = hire_pair(app)
    content = picture()
    send_file(helper, ways(helper, family)["photo"], "photo", content)
    with app.app_context(), transaction():
        evidence = db.session.get_one(Evidence, evidence_ids(app, family.story_id)[0])
        shown = open_file(begin_look(db.session.get_one(Staff, other.id), evidence))
        kept = b"".join(app.extensions["eyes"].vault.open(f"{family.story_id}/{evidence.id}/evidence"))
    assert content[:64] not in kept
    assert shown.content[:4] == b"RIFF"


def test_a_form_may_name_the_witness_of_a_guardian_who_cannot_read(
    app: Flask, helper: Colleague, family: Family
) -> None:
    address, other = ways(helper, family)["photo"], hire(app, Role.SAFEGUARDING_LEAD)
    assert send_file(helper, address, "photo", picture(), witness="x" * 81).status_code == 422
    assert "x" * 81 in helper.page
    assert send_file(helper, address, "photo", picture(), witness="Maria the neighbour").status_code == 303
    other.get(f"/staff/consent/rulings/{evidence_ids(app, family.story_id)[-1]}")
    assert "The witness, as their name was typed: Maria the neighbour" in other.words


def test_a_form_asks_what_stood_on_it_when_it_was_printed(app: Flask, helper: Colleague, family: Family) -> None:
    with app.app_context(), transaction():
        older, newer = (make_campaign(slug=slug).id for slug in ("older", "retitled"))
    way = ways(helper, family)["call"]
    helper.get(way)
    assert all(f"“Campaign {title}”" in helper.words for title in ("older", "retitled"))
    with app.app_context(), transaction():
        campaign = db.session.get_one(Campaign, newer)
        campaign.title, campaign.titled_at = {"en": "something else"}, clock.now()
    helper.get(way)
    assert "“Campaign older”" in helper.words
    assert [title for title in ("Campaign retitled", "something else") if f"“{title}”" in helper.words] == []
    answers = {campaign_scope(older): "yes", campaign_scope(newer): "yes"}
    assert helper.post(way, {**FORM, **answers, "note": "Made up."}).status_code == 303
    assert campaign_scope(older) in said(app, family)
    assert campaign_scope(newer) not in said(app, family)


@pytest.mark.parametrize("content", [b"Dear all", b"%PDF-1.7 made up", recording("ogg")])
def test_what_is_no_photograph_is_said_beside_its_field_and_above_the_form(
    app: Flask, helper: Colleague, family: Family, content: bytes
) -> None:
    said = "This is not a photograph of the form. Please take it again."
    assert send_file(helper, ways(helper, family)["photo"], "photo", content).status_code == 422
    assert f'<li><a href="#photo">{said}</a></li>' in helper.page
    assert re.search(rf'id="photo-error">.*?</svg>{said}</p>', helper.page, re.DOTALL)
    assert re.search(
        r'<input[^>]* id="photo"[^>]* aria-describedby="photo-hint photo-error" aria-invalid="true"', helper.page
    )
    assert "The photo has to be handed in once more." in helper.words
    assert "drawing" not in helper.words
    assert evidence_ids(app, family.story_id) == []
