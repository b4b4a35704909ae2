"""What a guardian says about a story or questions that have changed meanwhile: no yes goes over, and no no is lost."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.campaigns.models import Campaign
from app.cli.writing import transaction
from app.consent.models import Evidence
from app.consent.queries import ledger, said_now
from app.consent.rules import campaign_scope
from app.consent.texts import load
from app.extensions import db
from app.mail.models import OutboxLetter
from app.people.actions import readdress_guardian
from app.people.authority import Act, claim_act, refuse_act
from app.people.permissions import Role
from app.people.queries import claim_of, key_of
from app.people.rules import Basis, Locale, Relation
from app.stories.actions import submit
from app.stories.lifecycle import State
from tests.factories.campaigns import make_campaign
from tests.factories.media import recording
from tests.factories.people import make_staff
from tests.factories.stories import add_sound
from tests.web.answering import answer, new_version, rows_of_guardians, said, the_guardian, the_story
from tests.web.consenting import (
    FORM,
    ONLY_NOES,
    RULINGS,
    Family,
    at,
    change_story,
    photographed,
    said as said_by,
    send_file,
    ways,
)
from tests.web.team import Colleague
from tests.web.telling import Child, Visitor, picture


def test_a_yes_about_an_older_version_is_never_kept(app: Flask, guardian: Visitor, link: str) -> None:
    new_version(app)
    assert answer(guardian, link, gallery="yes") == 409
    assert "have changed since you opened this page. Please look again and answer." in guardian.words
    assert "Quite another story." in guardian.words
    assert 'value="Maria Popescu"' in guardian.page
    with app.app_context():
        assert rows_of_guardians() == 0
    assert answer(guardian, link, gallery="yes") == 302
    with app.app_context():
        assert said() == {"gallery": "yes"}


def test_a_no_about_an_older_version_is_kept_with_who_said_it(app: Flask, guardian: Visitor, link: str) -> None:
    new_version(app)
    assert answer(guardian, link, gallery="no", embed="yes", print="unsure", shown_name="no", age="yes") == 409
    assert "What you said no to is kept. Please look again and answer the rest." in guardian.words
    for field, value, chosen in (("gallery", "no", True), ("print", "unsure", True), ("embed", "yes", False)):
        assert (f'name="{field}" value="{value}" checked' in guardian.page) is chosen
    with app.app_context():
        assert said() == {"gallery": "no", "print": "unsure", "name": "none"}
        assert {row.version_number for row in ledger(the_story().id) if row.party == "guardian"} == {1}
        assert the_guardian().relation is not None
    assert answer(guardian, link, gallery="yes", embed="yes") == 302
    with app.app_context():
        assert said() == {"gallery": "yes", "embed": "yes", "print": "unsure", "name": "none"}


def test_a_no_about_an_older_version_counts_though_it_is_not_said_who_said_it(
    app: Flask, guardian: Visitor, link: str
) -> None:
    new_version(app)
    assert answer(guardian, link, gallery="no", embed="yes", name="", relation="") == 409
    assert "Please write your name." in guardian.words
    with app.app_context():
        assert said() == {"gallery": "no"}
        assert the_guardian().relation is None


def test_a_page_that_was_left_open_changes_nothing_of_who_somebody_said_they_are(
    app: Flask, guardian: Visitor, link: str
) -> None:
    answer(guardian, link, gallery="yes", relation="mother", alone="together")
    guardian.get(f"{link}?lang=en")
    with app.app_context(), transaction():
        until = clock.now() + timedelta(days=30)
        claimed = claim_act(the_guardian(), Act(Basis.COURT_ACT, "A made-up court, number 2.", until)).id
    new_version(app)
    assert answer(guardian, link, print="no", relation="mother", alone="together") == 409
    with app.app_context():
        claim = claim_of(the_guardian().id)
        assert claim is not None
        assert claim.id == claimed
        assert said() == {"gallery": "yes", "print": "no"}


def test_who_said_no_is_kept_with_an_act_about_what_they_said_yes_to(app: Flask, guardian: Visitor, link: str) -> None:
    new_version(app)
    act = {
        "relation": "court_carer",
        "act_note": "A made-up court, number 1.",
        "act_until": (clock.now() + timedelta(days=30)).date().isoformat(),
        "act_scopes": ["embed"],
    }
    assert answer(guardian, link, gallery="no", embed="yes", **act) == 409
    with app.app_context():
        assert said() == {"gallery": "no"}
        assert the_guardian().relation is Relation.COURT_CARER
        claim = claim_of(the_guardian().id)
        assert claim is not None
        assert claim.scopes == ["embed"]


def test_a_kept_no_goes_out_in_a_receipt(app: Flask, guardian: Visitor, link: str) -> None:
    with app.app_context(), transaction():
        readdress_guardian(the_guardian(), Locale.EN, "ana@example.org")
    new_version(app)
    answer(guardian, link, gallery="no")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(OutboxLetter)) == 1


@pytest.mark.parametrize("mark", ["", "0" * 64, f"{'0' * 64}.{'0' * 16}"])
def test_a_form_that_names_no_text_of_ours_leaves_nothing(app: Flask, guardian: Visitor, link: str, mark: str) -> None:
    assert answer(guardian, link, gallery="no", text=mark) == 409
    with app.app_context():
        assert rows_of_guardians() == 0


def test_a_no_in_words_that_were_superseded_is_kept(app: Flask, guardian: Visitor, link: str) -> None:
    first = f"{load('guardian', 1, 'en').sha256}.{guardian.hidden('text').partition('.')[2]}"
    assert answer(guardian, link, gallery="no", embed="yes", text=first) == 409
    with app.app_context():
        rows = [row for row in ledger(the_story().id) if row.party == "guardian"]
        assert [(row.scope, row.value, row.text_version) for row in rows] == [("gallery", "no", 1)]


def test_a_page_that_was_left_open_gives_the_no_of_who_has_no_key_one(app: Flask, guardian: Visitor, link: str) -> None:
    act = {
        "relation": "court_carer",
        "act_note": "A made-up court.",
        "act_until": (clock.now() + timedelta(days=30)).date().isoformat(),
    }
    assert answer(guardian, link, embed="yes", **act) == 302
    guardian.get(f"{link}?lang=en")
    with app.app_context(), transaction():
        claim = claim_of(the_guardian().id)
        assert claim is not None
        refuse_act(make_staff(Role.SAFEGUARDING_LEAD), claim)
    new_version(app)
    assert answer(guardian, link, gallery="no", relation="mother", alone="together") == 409
    with app.app_context():
        held = key_of(the_guardian().id)
        assert held is not None
        assert (held.basis, held.alone) == (Basis.PARENT, False)


def test_on_a_page_that_was_left_open_somebody_says_that_another_decides_beside_them(
    app: Flask, guardian: Visitor, link: str
) -> None:
    assert answer(guardian, link, embed="yes", relation="mother", alone="alone") == 302
    guardian.get(f"{link}?lang=en")
    new_version(app)
    assert answer(guardian, link, print="no", relation="mother", alone="together") == 409
    with app.app_context():
        held = key_of(the_guardian().id)
        assert held is not None
        assert held.alone is False


def test_a_no_to_the_voice_in_the_first_words_counts(app: Flask, guardian: Visitor, link: str) -> None:
    first = f"{load('guardian', 1, 'en').sha256}.{guardian.hidden('text').partition('.')[2]}"
    with app.app_context(), transaction():
        story = the_story()
        story.state = State.CHANGES_ASKED
        add_sound(story)
        submit(story, Role.CHILD)
    assert answer(guardian, link, gallery="yes", voice="no", text=first, version="2") == 409
    with app.app_context():
        assert said() == {"voice": "transcript"}
    assert answer(guardian, link, voice="yes", text=first, version="2") == 409
    with app.app_context():
        assert said() == {"voice": "transcript"}


@pytest.mark.parametrize("version", ["0", "2", "99999", "x"])
def test_a_version_that_never_was_is_answered_about_by_nobody(
    app: Flask, guardian: Visitor, link: str, version: str
) -> None:
    assert answer(guardian, link, embed="yes") == 302
    guardian.get(f"{link}?lang=en")
    form = {"text": guardian.hidden("text"), "version": version, "gallery": "no"}
    assert guardian.post(f"{link}/confirm", form).status_code == 409
    with app.app_context():
        assert said() == {"embed": "yes"}


def test_a_version_that_was_not_shown_is_refused(app: Flask, guardian: Visitor, link: str) -> None:
    for version in ("0", "2", "", "-1", "1e3", "9" * 30, "9" * 5_000, "²"):
        assert answer(guardian, link, gallery="yes", version=version) == 409, version
    with app.app_context():
        assert rows_of_guardians() == 0


def test_an_older_form_is_told_apart_and_can_be_photographed_for_the_no_in_it(
    app: Flask, helper: Colleague, family: Family
) -> None:
    found = ways(helper, family)
    change_story(app, family)
    assert helper.get(found["form"]).status_code == 409
    assert "Please print a new one." in helper.words
    assert helper.get(found["photo"]).status_code == 200
    assert ONLY_NOES in helper.words
    assert send_file(helper, found["photo"], "photo", picture()).status_code == 303
    helper.get(family.address)
    assert ONLY_NOES in helper.words
    with app.app_context():
        assert [one.version_number for one in db.session.scalars(select(Evidence))] == [1]


def test_what_was_said_while_the_story_changed_is_not_lost(app: Flask, helper: Colleague, family: Family) -> None:
    found = ways(helper, family)
    change_story(app, family)
    assert helper.get(found["voice"]).status_code == 409
    sound = recording("ogg")
    assert send_file(helper, found["voice"], "recording", sound, witness="Maria the neighbour").status_code == 303
    assert helper.get(found["call"]).status_code == 409
    call = {**FORM, "note": "She called from work.", "gallery": "yes"}
    assert helper.post(found["call"], {**call, "print": "yes"}).status_code == 422
    assert (ONLY_NOES in helper.words, "She called from work." in helper.page) == (True, True)
    assert helper.post(found["call"], call).status_code == 303
    assert said_by(app, family) == {"print": "no"}
    helper.get(family.address)
    assert ONLY_NOES in helper.words


def test_of_a_form_about_an_older_version_only_a_no_counts(
    app: Flask, pair: tuple[Colleague, Colleague], family: Family
) -> None:
    evidence_id, other = photographed(app, pair[0], family), pair[1]
    change_story(app, family)
    other.get(at(evidence_id))
    assert ONLY_NOES in other.words
    assert other.post(at(evidence_id, "accept"), {**FORM, "print": "yes"}).status_code == 422
    assert ONLY_NOES in other.words
    assert said_by(app, family) == {}
    assert other.post(at(evidence_id, "accept"), {**FORM, "press": "unsure", "voice": "own"}).status_code == 303
    assert said_by(app, family) == {"print": "no", "press": "unsure"}
    other.get(RULINGS)
    assert ONLY_NOES in other.words


def test_a_form_about_an_older_version_that_cannot_be_read_is_asked_again(
    app: Flask, pair: tuple[Colleague, Colleague], family: Family
) -> None:
    evidence_id, other = photographed(app, pair[0], family), pair[1]
    change_story(app, family)
    other.get(at(evidence_id))
    assert other.post(at(evidence_id, "ask-again"), {"reason": "It has changed."}).status_code == 303


def test_of_a_childs_older_page_what_closes_counts_and_what_opens_does_not(app: Flask, returned: Child) -> None:
    with app.app_context(), transaction():
        campaign = make_campaign()
        scope, campaign_id = campaign_scope(campaign.id), campaign.id
    returned.get("/my-story/answers")
    first = returned.hidden("text")
    with app.app_context(), transaction():
        db.session.get_one(Campaign, campaign_id).titled_at = clock.now()
    for sent, kept in (
        ({"keep_private": "yes", "print": "no", "gallery": "yes"}, {"keep_private": "yes", "print": "no"}),
        ({"keep_private": "no", "print": "yes", "embed": "unsure"}, {"embed": "unsure"}),
    ):
        before = told(app)
        assert returned.post("/my-story/answers", {"text": first, scope: "yes", **sent}).location == "/my-story/answers"
        assert told(app) == before | kept
    assert returned.post("/my-story/answers", {"text": first, scope: "yes", "keep_private": "no"}).status_code == 409


def told(app: Flask) -> dict[str, str]:
    """What the child says now."""
    with app.app_context():
        return {scope: given.value for scope, given in said_now(the_story().id)[0].items()}
