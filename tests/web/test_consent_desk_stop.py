"""At the desk: a story that is stopped for now, and guardians who said no and are left in peace."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.cli.writing import transaction
from app.extensions import db
from app.people.models import Guardian
from app.people.permissions import Role
from app.safeguarding.actions import open_case, suspend
from app.safeguarding.models import Case
from app.safeguarding.queries import open_suspensions, suspension_reason
from app.safeguarding.rules import Asker, Level, Why
from app.stories.models import Story
from tests.factories.people import make_guardian, make_staff
from tests.factories.stories import child_says, guardian_says, make_shown
from tests.web.consenting import CANARIES, Family, hire_pair, ways
from tests.web.reviewing import NOON, shown
from tests.web.team import Colleague, audited, hire

SAW = "She cried when her aunt spoke of it."
DISTRESSED = {"why": "distress", "reason": SAW}
SAID_NO = "They said no on 24 Nov 2099. Please do not ask them again before 24 Dec 2099, unless they come to you."
PEACE = timedelta(days=30)
SOON = timedelta(hours=3)
"""After so long a colleague logs in again."""


@pytest.fixture
def public(app: Flask) -> Family:
    """A family whose story is shown."""
    with app.app_context(), transaction():
        story = make_shown()
        return Family(story.id, story.storyteller.reference or "", "")


def stop(colleague: Colleague, family: Family, typed: dict[str, str]) -> int:
    return colleague.post(f"/staff/consent/{family.reference}/suspend", typed).status_code


def feared(app: Flask) -> list[tuple[Asker, str | None, Why | None, str]]:
    with app.app_context():
        return [(one.asked_by, one.seen_by, one.why, suspension_reason(one)) for one in open_suspensions()]


def say(app: Flask, family: Family, answers: dict[str, str]) -> None:
    """The guardian answers."""
    with app.app_context(), transaction():
        story, guardian = db.session.get_one(Story, family.story_id), db.session.get_one(Guardian, family.guardian_id)
        guardian_says(story, guardian, answers)


def test_whoever_helps_the_family_stops_the_story_at_once(app: Flask, helper: Colleague, public: Family) -> None:
    helper.get(public.address)
    assert "Stop showing it for now: the child is distressed, or somebody is at risk" in helper.words
    assert shown(app) == [public.story_id]
    assert stop(helper, public, DISTRESSED) == 303
    assert shown(app) == []
    assert feared(app) == [(Asker.DESK, helper.id, Why.DISTRESS, SAW)]
    assert audited(app, public.story_id)[-1] == (helper.id, "story.suspended")
    helper.get(public.address)
    assert "The story is not shown now. A safeguarding lead decides within 24 hours." in helper.words
    assert "You or a colleague asked for it." in helper.words
    assert [words for words in (SAW, 'value="distress" checked') if words in helper.page] == []


def test_asked_twice_it_is_said_that_it_is_stopped_already(app: Flask, public: Family) -> None:
    one, other = hire_pair(app)
    one.get(public.address)
    other.get(public.address)
    assert [stop(colleague, public, DISTRESSED) for colleague in (one, other)] == [303, 303]
    other.get(public.address)
    assert "The story is stopped already, and the lead was told the same before." in other.words
    assert [seen_by for _asker, seen_by, _why, _reason in feared(app)] == [one.id]
    assert "I saw something new: tell the lead" in other.words
    assert stop(other, public, {"why": "risk", "reason": "A man waited outside."}) == 303
    assert [seen_by for _asker, seen_by, _why, _reason in feared(app)] == [one.id, other.id]


def test_the_lead_reads_who_asked_and_why(app: Flask, helper: Colleague, public: Family) -> None:
    helper.get(public.address)
    stop(helper, public, {"why": "risk"})
    lead = hire(app, Role.SAFEGUARDING_LEAD)
    lead.get("/staff/cases")
    assert "Whoever helps the family at the desk" in lead.words
    with app.app_context():
        address = f"/staff/cases/suspensions/{open_suspensions()[0].id}"
    lead.get(address)
    told = ("It may put somebody at risk They wrote nothing more.", f"at the desk: {helper.name} ·")
    assert [words for words in told if words not in lead.words] == []
    assert lead.post(f"{address}/end").status_code == 303
    assert shown(app) == [public.story_id]
    helper.get(public.address)
    assert "Stop showing it for now" in helper.words


@pytest.mark.parametrize("why", ["", "weather"])
def test_without_a_choice_it_is_asked_for_and_what_was_typed_is_kept(
    app: Flask, helper: Colleague, public: Family, why: str
) -> None:
    helper.get(public.address)
    looks = len(audited(app, teller_of(app, public)))
    assert stop(helper, public, {"why": why, "reason": SAW}) == 422
    assert "Please choose why it should not be shown." in helper.words
    assert f"{SAW}</textarea>" in helper.page
    assert '<details class="panel" open>' in helper.page
    assert (feared(app), shown(app)) == ([], [public.story_id])
    assert audited(app, teller_of(app, public))[looks:] == [(helper.id, "reference.looked_up")]


def test_too_long_a_sentence_is_refused_with_the_choice_kept(app: Flask, helper: Colleague, public: Family) -> None:
    helper.get(public.address)
    assert stop(helper, public, {"why": "risk", "reason": "x" * 4_001}) == 422
    assert "at most 4,000 letters" in helper.words
    assert 'value="risk" checked' in helper.page
    assert stop(helper, public, {"why": "risk", "name": "Ana"}) == 400
    assert feared(app) == []


def test_another_organisation_stops_nothing_and_an_unknown_reference_neither(
    app: Flask, helper: Colleague, public: Family
) -> None:
    helper.get(public.address)
    stranger = hire(app, Role.FACILITATOR)
    stranger.get("/staff/consent")
    assert stop(stranger, public, DISTRESSED) == 404
    assert stranger.post("/staff/consent/2222-2222/suspend", DISTRESSED).status_code == 404
    lead = hire(app, Role.SAFEGUARDING_LEAD)
    lead.get("/staff/")
    assert stop(lead, public, DISTRESSED) == 403
    assert (feared(app), shown(app)) == ([], [public.story_id])


def test_the_desk_does_not_learn_that_a_guardian_asked_or_that_there_is_a_case(
    app: Flask, helper: Colleague, public: Family
) -> None:
    with app.app_context(), transaction():
        story = db.session.get_one(Story, public.story_id)
        suspend(Asker.GUARDIAN, story, "The uncle must not see it.")
        open_case(make_staff(Role.SAFEGUARDING_LEAD).id, story, Level.AMBER, "He was seen at the school.")
    helper.get(public.address)
    assert "Stop showing it for now" in helper.words
    assert "not shown now" not in helper.words
    stop(helper, public, DISTRESSED)
    helper.get(public.address)
    assert "The story is not shown now. A safeguarding lead decides within 24 hours." in helper.words
    assert [asker for asker, *_rest in sorted(feared(app))] == [Asker.DESK, Asker.GUARDIAN]
    with app.app_context():
        assert len(db.session.scalars(select(Case)).all()) == 1


def test_whoever_said_no_is_left_in_peace_for_thirty_days(app: Flask, family: Family) -> None:
    with clock.fixed(NOON):
        say(app, family, {"gallery": "no", "print": "yes"})
        helper = hire(app, Role.FACILITATOR)
    for moment, told in ((NOON + SOON, True), (NOON + PEACE - SOON, True), (NOON + PEACE, False)):
        with clock.fixed(moment):
            helper.log_in()
            found = ways(helper, family)
            assert set(found) == {"form", "photo", "voice", "call", "doubt"}
            stack = f"/staff/consent/stack?references={family.reference}"
            for address in (family.address, stack, *(found[way] for way in ("form", "voice", "call"))):
                helper.get(address)
                assert (SAID_NO in helper.words) is told, (moment, address)


def test_the_peace_begins_with_the_last_no_and_ends_where_they_came_by_themselves(app: Flask, family: Family) -> None:
    with clock.fixed(NOON - timedelta(days=20)):
        say(app, family, {"gallery": "no"})
    with clock.fixed(NOON):
        say(app, family, {"press": "no"})
        helper = hire(app, Role.FACILITATOR)
        helper.get(family.address)
        assert SAID_NO in helper.words
    with clock.fixed(NOON + timedelta(days=1)):
        say(app, family, {"gallery": "yes", "press": "yes"})
        helper.log_in()
        helper.get(family.address)
        assert "They said no" not in helper.words


def test_the_peace_is_beside_the_one_who_said_no_and_never_printed(app: Flask, family: Family) -> None:
    with clock.fixed(NOON):
        say(app, family, {"gallery": "no"})
        with app.app_context(), transaction():
            make_guardian(db.session.get_one(Story, family.story_id).storyteller)
        helper = hire(app, Role.FACILITATOR)
        helper.get(family.address)
        first, second = helper.page.split('id="guardian-2"')
        assert ("They said no" in first, "They said no" in second) == (True, False)
        helper.get(f"/staff/consent/stack?references={family.reference}")
        assert f"{family.reference} · guardian 1: {SAID_NO}" in helper.words
        assert helper.page.count("They said no") == 1
        assert helper.page.count('<article class="sheet"') == 2
        assert helper.page.index('<div class="no-print">') < helper.page.index("They said no")


def test_what_the_child_said_is_not_told_at_the_desk(app: Flask, helper: Colleague, family: Family) -> None:
    def pages() -> list[str]:
        return [told(helper, address) for address in (family.address, *ways(helper, family).values())]

    before = pages()
    with app.app_context(), transaction():
        child_says(db.session.get_one(Story, family.story_id), {"gallery": "no", "press": "unsure"})
    assert pages() == before
    assert [word for word in CANARIES if word in "".join(before)] == []


def told(helper: Colleague, address: str) -> str:
    helper.get(address)
    return helper.words


def teller_of(app: Flask, family: Family) -> str:
    with app.app_context():
        return db.session.get_one(Story, family.story_id).storyteller_id
