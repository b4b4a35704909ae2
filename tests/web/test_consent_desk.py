"""The staff's consent desk: finding a child, naming guardians, forms to print; and what is never told there."""

import re
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.cli.writing import transaction
from app.consent.texts import current
from app.extensions import db
from app.people.cards import ask_for_card, take_card
from app.people.models import Storyteller
from app.people.permissions import Role
from app.people.queries import guardians_of
from app.people.rules import Locale
from app.stories.actions import ask_erasure
from app.stories.models import Story
from tests.factories.stories import begin_story
from tests.web.consenting import CANARIES, Family, hire_pair, make_family, ways
from tests.web.team import Colleague, audited, hire

LARGE_FAMILY = 12
NOT_TAKING = (Role.MODERATOR, Role.SAFEGUARDING_LEAD, Role.CURATOR, Role.ADMINISTRATOR)


def teller_id(app: Flask, family: Family) -> str:
    with app.app_context():
        return db.session.get_one(Story, family.story_id).storyteller_id


def test_a_child_is_found_by_the_reference_however_it_is_typed(app: Flask, helper: Colleague, family: Family) -> None:
    helper.get("/staff/consent", query_string={"reference": f" {family.reference.lower().replace('-', ' ')} "})
    for words in (family.reference, "Guardian 1", "Mother", "English", "Not answered yet"):
        assert words in helper.words
    assert audited(app, teller_id(app, family)) == [(helper.id, "reference.looked_up")]


def test_an_unknown_reference_says_so_and_is_in_the_audit(app: Flask, helper: Colleague) -> None:
    helper.get("/staff/consent?reference=2222-2222")
    assert "We know no child with this reference, or another organisation helps them." in helper.words
    helper.get("/staff/consent?reference=hello")
    assert "It has eight signs" in helper.words
    assert audited(app, "unknown") == [(helper.id, "reference.looked_up")]


def test_nobody_can_try_one_reference_after_the_other(helper: Colleague, family: Family) -> None:
    tries = [helper.get(f"/staff/consent?reference=2222-222{sign}").status_code for sign in "23456789ABCD"]
    assert tries == [200] * 10 + [429] * 2
    assert helper.get(family.address).status_code == 429


def test_looking_up_a_class_does_not_brake(helper: Colleague, family: Family) -> None:
    assert {helper.get(family.address).status_code for _ in range(40)} == {200}


def test_drafts_and_stories_that_are_leaving_are_unknown(app: Flask, helper: Colleague, family: Family) -> None:
    with app.app_context(), transaction():
        draft = begin_story().storyteller.reference
        ask_erasure(db.session.get_one(Story, family.story_id), Role.CHILD, now=False)
    for reference in (draft, family.reference):
        helper.get(f"/staff/consent?reference={reference}")
        assert "We know no child with this reference, or another organisation helps them." in helper.words


def test_another_guardian_is_named_by_language_only(app: Flask, helper: Colleague, family: Family) -> None:
    helper.get(family.address)
    answer = helper.post(f"/staff/consent/{family.reference}/guardians", {"locale": "zh"})
    assert (answer.status_code, answer.location) == (303, family.address)
    helper.get(answer.location)
    assert "Guardian 2 Not answered yet To the child not said yet Language 简体中文" in helper.words
    with app.app_context():
        named = guardians_of(teller_id(app, family))[1]
        assert (named.locale, named.name_sealed, named.email_sealed) == (Locale.ZH, None, None)
    assert audited(app, teller_id(app, family))[-2:] == [
        (helper.id, "guardian.named"),
        (helper.id, "reference.looked_up"),
    ]


def test_any_number_of_guardians_can_be_named_and_a_large_family_is_shown(
    app: Flask, helper: Colleague, family: Family
) -> None:
    helper.get(family.address)
    address = f"/staff/consent/{family.reference}/guardians"
    answers = [helper.post(address, {"locale": "en"}).status_code for _ in range(LARGE_FAMILY - 1)]
    assert answers == [303] * (LARGE_FAMILY - 1)
    helper.get(family.address)
    assert f"Guardian {LARGE_FAMILY} Not answered yet" in helper.words
    assert helper.post(address, {"locale": "xx"}).status_code == 400
    assert helper.post("/staff/consent/2222-2222/guardians", {"locale": "en"}).status_code == 404
    with app.app_context():
        assert len(guardians_of(teller_id(app, family))) == LARGE_FAMILY


@pytest.mark.parametrize(("locale", "tag"), [("en", "en"), ("ro", "ro"), ("zh", "zh-Hans")])
def test_a_form_is_in_the_guardians_language(
    app: Flask, helper: Colleague, family: Family, locale: str, tag: str
) -> None:
    with app.app_context(), transaction():
        guardians_of(teller_id(app, family))[0].locale = Locale(locale)
        text = current("guardian", locale)
    helper.get(ways(helper, family)["form"])
    found = re.search(r'<article class="sheet" lang="([^"]+)".*</article>', helper.page, re.DOTALL)
    assert found is not None
    assert found[1] == tag
    sheet = unescape(found[0])
    asked = [text.questions[name] for name in text.questions if name != "campaign"]
    printed = (text.title, *text.intro, *text.groups.values(), *asked, *text.closing, *text.choices.values())
    assert [words for words in printed if words not in sheet] == []
    assert sheet.count("sheet__boxes") == len(asked) + 2
    for words in (family.reference, f"{text.version} {locale}", text.sha256[:12]):
        assert words in sheet
    assert '<html lang="en"' in helper.page


def test_a_stack_holds_a_form_for_each_guardian_and_names_what_is_unknown(app: Flask, helper: Colleague) -> None:
    one, other = make_family(app), make_family(app)
    typed = f"{one.reference}\n{other.reference}\r\n{one.reference}\n2222-2222 <b>"
    helper.get("/staff/consent/stack", query_string={"references": typed})
    assert helper.page.count('<article class="sheet"') == 2
    assert "We know no child with these references: 2222-2222 <b>" in helper.words
    helper.get("/staff/consent/stack")
    assert "There is no form to print." in helper.words


def test_forms_hold_no_more_than_a_class(app: Flask, helper: Colleague, family: Family) -> None:
    typed = "\n".join([*(f"2222-22{first}{second}" for first in "23456" for second in "23456789"), family.reference])
    helper.get("/staff/consent/stack", query_string={"references": typed})
    assert helper.page.count('<article class="sheet"') == 0
    with app.app_context():
        looks = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "reference.looked_up")).all()
        assert len(looks) == 40


def test_the_desk_never_tells_the_story_the_name_or_how_to_reach_anybody(app: Flask) -> None:
    helper, _colleague = hire_pair(app)
    family = make_family(app)
    found = ways(helper, family)
    assert set(found) == {"form", "photo", "voice", "call", "doubt"}
    addresses = [family.address, "/staff/", f"/staff/consent/stack?references={family.reference}", *found.values()]
    for address in addresses:
        response = helper.get(address)
        assert response.status_code == 200
        told = response.text + str(response.headers)
        assert [word for word in (*CANARIES, family.story_id, family.guardian_id) if word in told] == [], address


@pytest.mark.parametrize("role", NOT_TAKING)
def test_the_desk_is_for_facilitators_alone(app: Flask, helper: Colleague, family: Family, role: Role) -> None:
    found = ways(helper, family)
    other = hire(app, role)
    cards = [] if role is Role.SAFEGUARDING_LEAD else ["/staff/consent/cards"]  # a lead is the second person
    for address in (family.address, "/staff/consent", "/staff/consent/stack", *cards, *found.values()):
        assert other.client.get(address).status_code == 403, address
    other.get("/staff/")
    taking = (found[way] for way in ("photo", "voice", "call"))
    for address in (f"/staff/consent/{family.reference}/guardians", *cards, *taking):
        assert other.post(address).status_code == 403, address


def test_whoever_is_not_logged_in_goes_on_to_the_form_after_the_log_in(app: Flask, family: Family) -> None:
    helper = hire(app, Role.FACILITATOR)
    address = ways(helper, family)["photo"]
    answer = app.test_client().get(address)
    assert (answer.status_code, answer.location) == (302, f"/staff/login?next={address}")


def test_a_lost_card_is_approved_by_code_and_reference(app: Flask, helper: Colleague, family: Family) -> None:
    with app.app_context(), transaction():
        teller = db.session.get_one(Storyteller, teller_id(app, family))
        code = ask_for_card(teller, "screen").code
    helper.get("/staff/consent/cards")
    wrong = "000000" if code != "000000" else "111111"
    assert helper.post("/staff/consent/cards", {"code": wrong, "reference": family.reference}).status_code == 422
    assert "do not belong together" in helper.words
    assert helper.post("/staff/consent/cards", {"code": code, "reference": "x"}).status_code == 422
    assert helper.post("/staff/consent/cards", {"code": code, "reference": family.reference}).status_code == 303
    helper.get("/staff/consent/cards")
    assert "Now a second person must say so too" in helper.words
    assert helper.post("/staff/consent/cards", {"code": code, "reference": family.reference}).status_code == 422
    assert "You have said so already." in helper.words
    lead = hire(app, Role.SAFEGUARDING_LEAD)
    lead.get("/staff/consent/cards")
    assert lead.post("/staff/consent/cards", {"code": code, "reference": family.reference}).status_code == 303
    with app.app_context(), transaction():
        digits = take_card("screen").digits
    assert [word for word in (*CANARIES, digits, digits[:4]) if word in helper.page] == []
    said = audited(app, teller_id(app, family))
    assert said[-3:] == [(helper.id, "card.vouched"), (lead.id, "card.approved"), (lead.id, "card.reissued")]


def test_nobody_can_try_one_code_after_the_other(helper: Colleague, family: Family) -> None:
    helper.get("/staff/consent/cards")
    typed = [{"code": f"{number:06}", "reference": family.reference} for number in range(7)]
    assert [helper.post("/staff/consent/cards", one).status_code for one in typed] == [422] * 5 + [429] * 2
