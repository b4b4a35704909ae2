"""Growing up beside other things: who was left out and comes back, a guardian's erasure, clocks ahead, letters."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.cli.sweeper import sweep
from app.consent.actions import end_guardians_erasure
from app.consent.evidence import Ruling, note_call
from app.consent.models import GuardianNotice
from app.consent.notices import ask_again, send_due
from app.consent.queries import said_by_guardian, said_now
from app.consent.rules import Notice, due_again
from app.consent.texts import current
from app.errors import Conflict, Invalid
from app.extensions import db
from app.people.actions import declare_guardian, tell_majority
from app.people.authority import Act, accept_act, claim_act, end_act
from app.people.growing import note_what_has_come
from app.people.models import Guardian
from app.people.permissions import Role
from app.people.queries import decides_about_all, growing_up, guardians_of, is_of_age
from app.people.rules import AgeBand, Basis, Relation
from app.release.facts import facts_of
from app.release.policy import verdict
from app.release.terms import Reason
from app.stories.actions import ask_erasure_as_guardian, undo_erasure
from app.stories.models import Story
from app.web.my_story.mine import asked_now, what_next
from tests.db.test_growing import (
    AFTER,
    DAY,
    LATER,
    NOTE,
    OWN_AGE,
    SILENCE_ENDS,
    TOLD,
    at,
    comes,
    left_out,
    mother_of,
    parents_say,
    reasons,
    ruled_about,
    save,
    says_yes,
)
from tests.factories.campaigns import make_campaign
from tests.factories.people import make_act, make_guardian, make_staff, tell_for_good
from tests.factories.stories import answer_by_link, child_says, guardian_says, make_approved, yes_to

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.parametrize("backend", ["sqlite"])


@pytest.fixture
def chosen() -> dict[str, int]:
    """The sweeper does nothing for ever when its clock has jumped."""
    return {"clock_gap_hours": 6}


def told(month: tuple[int, int] | None, country: str = "RO", guardians: int = 1, place: str = "gallery") -> Story:
    """Of a child whose mother told the month of the 18th birthday in March, where one is given."""
    with clock.fixed(TOLD):
        band = AgeBand.THIRTEEN_TO_FIFTEEN if month and month[0] > 2026 else AgeBand.SIXTEEN_SEVENTEEN
        story = make_approved([place], guardians=guardians, country=country, age_band=band)
        if month:
            tell_for_good(mother_of(story), *month)
        save()
    return story


def of_age_in_june(scope: str = "press") -> Story:
    """The same of somebody who comes of age in June; mother and child have said yes to a place."""
    story = told((2026, 5), place=scope)
    at(TOLD + DAY, note_what_has_come, lambda: child_says(story, yes_to([scope])))
    return story


def is_shown(story: Story, moment: datetime, place: str = "gallery") -> bool:
    with clock.fixed(moment):
        return verdict(facts_of(story), place, moment).allowed


def calls(story: Story, guardian: Guardian, ruling: Ruling) -> None:
    words = current("guardian", guardian.locale)
    note_call(make_staff(Role.FACILITATOR), story, guardian, words, "He called; made up.", ruling)


def test_what_somebody_at_a_wrong_address_told_is_not_what_the_father_told(app: Flask) -> None:
    story = told((2028, 5))
    father = comes(story)
    parents_say(story, "no")
    at(
        TOLD + 3 * DAY,
        lambda: declare_guardian(father, "Ion Popescu", Relation.FATHER),
        lambda: tell_for_good(father, 2028, 5),
    )
    at(TOLD + 5 * DAY, lambda: left_out(father))
    ruling = Ruling({"gallery": "no"}, "Ion Popescu", Relation.FATHER)
    at(TOLD + 6 * DAY, lambda: calls(story, father, ruling))
    at(AFTER, note_what_has_come, lambda: says_yes(story))
    assert Reason.GUARDIAN_NO in reasons(story, AFTER)
    assert growing_up(story.storyteller) == (None, None)


@pytest.mark.parametrize("again", ["no", "yes"])
def test_a_yes_from_before_somebody_was_left_out_counts_by_no_later_act(app: Flask, again: str) -> None:
    with clock.fixed(TOLD):
        story = make_approved([], guardians=0)
        carer = make_guardian(story.storyteller, declared=False)
        save()
    at(
        TOLD + DAY,
        lambda: make_act(carer, TOLD + 200 * DAY),
        lambda: guardian_says(story, carer, yes_to(["gallery", "print"])),
        lambda: child_says(story, yes_to(["gallery", "print"])),
    )
    at(TOLD + 3 * DAY, lambda: left_out(carer))
    act = Act(Basis.COURT_ACT, NOTE, TOLD + 300 * DAY)
    ruling = Ruling({"print": again}, "Maria Ionescu", Relation.COURT_CARER, act=act)
    at(TOLD + 4 * DAY, lambda: calls(story, carer, ruling))
    for waits in (TOLD + 5 * DAY, TOLD + 9 * DAY):  # another act takes the place of the first
        claim = ruled_about(carer)
        at(waits, lambda claim=claim: accept_act(make_staff(Role.SAFEGUARDING_LEAD), claim))  # type: ignore[misc]
        assert not is_shown(story, waits)
        assert is_shown(story, waits, "print") is (again == "yes")
        at(waits + DAY, lambda: calls(story, carer, Ruling({}, "Maria Ionescu", Relation.COURT_CARER, act=act)))


def test_what_a_guardian_took_back_by_erasing_stays_closed_when_the_child_comes_of_age(app: Flask) -> None:
    story, begun = of_age_in_june(), OWN_AGE - 3 * DAY
    assert is_shown(story, begun, "press")
    at(begun, sweep, lambda: ask_erasure_as_guardian(story, mother_of(story)))
    for hours in range(0, 9 * 24, 4):
        at(begun + hours * HOUR, sweep)
        assert not is_shown(story, begun + hours * HOUR, "press")
    assert story.erase_after is None
    at(AFTER, lambda: child_says(story, {"press": "yes"}))
    assert is_shown(story, AFTER, "press")


def test_so_it_does_when_the_young_person_stops_it(app: Flask) -> None:
    story = of_age_in_june()
    at(OWN_AGE - DAY, sweep, lambda: ask_erasure_as_guardian(story, mother_of(story)))
    for hours in range(0, 36, 4):
        at(OWN_AGE - DAY + hours * HOUR, sweep)
    at(OWN_AGE + DAY, lambda: end_guardians_erasure(story), lambda: undo_erasure(story))
    assert reasons_at(story, OWN_AGE + DAY, "press") == {Reason.GUARDIAN_NO}


def reasons_at(story: Story, moment: datetime, place: str) -> set[Reason]:
    with clock.fixed(moment):
        return set(verdict(facts_of(story), place, moment).reasons)


def test_nobody_stops_a_guardians_erasure_by_a_clock_that_is_ahead(app: Flask) -> None:
    story = of_age_in_june()
    at(TOLD + 2 * DAY, sweep, lambda: ask_erasure_as_guardian(story, mother_of(story)))
    at(TOLD + 2 * DAY + HOUR, sweep)
    with pytest.raises(Conflict):
        at(OWN_AGE + DAY, sweep, lambda: undo_erasure(story))
    db.session.rollback()
    assert story.erase_after is not None


def ends_in_silence(country: str = "RO") -> Story:
    """What a child said by a clock that was ahead was ended by their silence when their own age came."""
    story = told((2028, 5), country)
    comes(story)
    parents_say(story, "yes")
    at(SILENCE_ENDS + 10 * DAY, lambda: says_yes(story))
    at(OWN_AGE, note_what_has_come)
    assert Reason.CHILD_GREW_UP in reasons(story, SILENCE_ENDS + 11 * DAY)
    return story


@pytest.mark.parametrize(
    "act",
    [
        lambda story: tell_majority(story.storyteller, mother_of(story), 2028, 8),
        lambda story: setattr(story.storyteller, "country", "LV"),
    ],
    ids=["another month", "a looser law"],
)
def test_what_silence_has_ended_no_other_day_opens(app: Flask, act: Callable[[Story], object]) -> None:
    story = ends_in_silence()
    at(SILENCE_ENDS + 12 * DAY, lambda: act(story))
    assert Reason.CHILD_GREW_UP in reasons(story, SILENCE_ENDS + 13 * DAY)
    at(SILENCE_ENDS + 14 * DAY, lambda: says_yes(story))
    assert Reason.CHILD_GREW_UP not in reasons(story, SILENCE_ENDS + 14 * DAY)


def test_a_day_that_was_told_before_another_one_is_seen_to_come(app: Flask) -> None:
    story = told((2028, 5))
    father = comes(story)
    parents_say(story, "yes")
    at(
        TOLD + 3 * DAY,
        lambda: declare_guardian(father, "Ion Popescu", Relation.FATHER),
        lambda: tell_majority(story.storyteller, father, 2028, 8),
    )
    at(SILENCE_ENDS + 10 * DAY, lambda: says_yes(story))  # by a clock that is ahead
    at(OWN_AGE, note_what_has_come)
    assert story.storyteller.own_age_from == (OWN_AGE + 92 * DAY).date()  # the day the father told
    assert Reason.CHILD_GREW_UP in reasons(story, SILENCE_ENDS + 11 * DAY)


def test_what_has_come_is_not_taken_away_after_a_law_with_a_later_own_age(app: Flask) -> None:
    story = told((2026, 5), "LV")
    at(OWN_AGE, note_what_has_come)
    at(AFTER + DAY, lambda: setattr(story.storyteller, "country", "RO"))
    with pytest.raises(Invalid):
        at(AFTER + DAY, lambda: tell_majority(story.storyteller, mother_of(story), 2027, 10))
    db.session.rollback()
    with clock.fixed(AFTER + 2 * DAY):
        assert (is_of_age(story.storyteller), decides_about_all(mother_of(story))) == (True, False)


@pytest.mark.parametrize("slip", [True, False], ids=["put right", "told for the first time"])
def test_a_month_that_has_passed_is_told(app: Flask, slip: bool) -> None:
    story = told((2026, 5) if slip else None, guardians=2)
    mother, father = guardians_of(story.storyteller_id)
    at(AFTER, lambda: tell_for_good(father, 2026, 8 if slip else 5))
    at(AFTER + DAY, lambda: tell_for_good(father, 2026, 5), lambda: tell_for_good(mother, 2026, 5))
    with clock.fixed(AFTER + DAY):
        assert is_of_age(story.storyteller)
    with pytest.raises(Invalid):  # before they told a story they were no adult
        at(AFTER + DAY, lambda: tell_majority(story.storyteller, mother, 2026, 1))


def test_a_month_that_was_told_while_the_clock_was_ahead_can_be_told_again(app: Flask) -> None:
    story = told(None)
    mother = mother_of(story)
    for day in (TOLD + 300 * DAY, TOLD + DAY, TOLD + 3 * DAY):
        at(day, lambda day=day: tell_majority(story.storyteller, mother, 2027, 5, day))  # type: ignore[misc]
    assert mother.majority_holds_from == TOLD + 3 * DAY


def told_steps() -> list[str]:
    steps = select(GuardianNotice.about).where(GuardianNotice.kind == Notice.OWN_AGE)
    return sorted(db.session.scalars(steps))


def test_no_letter_about_growing_up_leaves_while_the_clock_is_ahead(app: Flask) -> None:
    story = of_age_in_june()
    at(TOLD + DAY, sweep)
    assert told_steps() == ["own_age"]
    at(OWN_AGE + 200 * DAY, sweep, lambda: ask_again(story))
    assert told_steps() == ["own_age"]


def test_only_the_last_step_is_written_about(app: Flask) -> None:
    story = told((2026, 5))
    father = comes(story)
    parents_say(story, "yes")
    at(OWN_AGE, note_what_has_come)
    at(LATER, lambda: left_out(father))
    at(LATER + DAY, send_due)
    assert told_steps() == ["majority"]


def test_what_nobody_asks_any_more_is_not_waited_for(app: Flask) -> None:
    story = of_age_in_june("gallery")
    with clock.fixed(TOLD + DAY):
        campaign = make_campaign(story, closes_at=TOLD + 30 * DAY)
        child_says(story, {f"campaign:{campaign.id}": "yes"})
        save()
    at(OWN_AGE, note_what_has_come)
    with clock.fixed(AFTER):
        assert what_next(story, "approved") == "approved-nearly_of_age"
        says_yes(story)
        save()
        said, facts = said_now(story.id)[0], facts_of(story)
        assert due_again(said, AFTER, (facts.own_age, facts.majority), facts.asked_anew)
        asked = asked_now(story, said)
        assert due_again(asked, AFTER, (facts.own_age, facts.majority), facts.asked_anew) == set()
        assert what_next(story, "approved") == "approved-of_age"


def test_who_is_of_age_and_has_not_answered_anew_still_decides_alone_where_they_did(app: Flask) -> None:
    story = of_age_in_june("gallery")
    at(TOLD + 2 * DAY, lambda: guardian_says(story, mother_of(story), {"gallery": "no"}))
    at(OWN_AGE, note_what_has_come)
    assert reasons(story, OWN_AGE + DAY) == set()
    with clock.fixed(OWN_AGE + DAY):
        assert what_next(story, "approved") == "approved-nearly_of_age"


def test_who_comes_back_after_being_left_out_says_yes_twice_like_anybody(app: Flask) -> None:
    with clock.fixed(TOLD):
        story = make_approved([], guardians=0)
        mother = make_guardian(story.storyteller)
        says_yes(story)
        answer_by_link(story, mother, yes_to(["gallery"]), TOLD)
        save()
    at(TOLD + 2 * DAY, lambda: answer_by_link(story, mother, yes_to(["gallery"]), TOLD + 2 * DAY))
    at(TOLD + 3 * DAY, lambda: left_out(mother))
    back = Ruling({}, "Elena Popescu", Relation.MOTHER, alone=True)
    at(TOLD + 4 * DAY, lambda: calls(story, mother, back), send_due)
    assert said_by_guardian(story.id, mother.id) == {}
    for days, link in ((4, 4), (5, 4), (6, 6)):
        assert not is_shown(story, TOLD + days * DAY)
        at(TOLD + days * DAY, lambda link=link: answer_by_link(story, mother, yes_to(["gallery"]), TOLD + link * DAY))  # type: ignore[misc]
    assert is_shown(story, TOLD + 6 * DAY)


@pytest.mark.parametrize("back", ["left out", "a parent now"])
def test_a_no_that_stood_is_lifted_by_a_yes_that_is_said_twice(app: Flask, back: str) -> None:
    with clock.fixed(TOLD):
        story = make_approved([], guardians=0)
        guardian = make_guardian(story.storyteller, declared=False)
        make_act(guardian, TOLD + 200 * DAY)
        says_yes(story)
        guardian_says(story, guardian, {"gallery": "no"})
        save()
    at(TOLD + DAY, lambda: answer_by_link(story, guardian, yes_to(["gallery"]), TOLD + DAY))
    if back == "left out":
        at(TOLD + 3 * DAY, lambda: left_out(guardian))
    parent = Ruling({}, "Elena Popescu", Relation.MOTHER, alone=True)
    at(TOLD + 4 * DAY, lambda: calls(story, guardian, parent))
    for days, shown in ((5, False), (7, True)):
        at(TOLD + days * DAY, lambda days=days: answer_by_link(story, guardian, yes_to(["gallery"]), TOLD + days * DAY))  # type: ignore[misc]
        assert is_shown(story, TOLD + days * DAY) is shown


@pytest.mark.parametrize("renewed", ["before", "after"])
def test_what_a_carer_took_back_by_erasing_stays_closed_by_a_later_act(app: Flask, renewed: str) -> None:
    with clock.fixed(TOLD):
        story = make_approved([], guardians=0)
        carer = make_guardian(story.storyteller, declared=False)
        make_act(carer, TOLD + 10 * DAY)
        says_yes(story)
        guardian_says(story, carer, yes_to(["gallery"]))
        save()
    act, asked = Act(Basis.COURT_ACT, NOTE, TOLD + 300 * DAY), TOLD + 9 * DAY
    for hours in range(0, 144, 4):
        at(TOLD + 4 * DAY + hours * HOUR, sweep)
    at(asked, sweep, lambda: ask_erasure_as_guardian(story, carer))
    for hours in range(4, 240, 4):
        at(asked + hours * HOUR, sweep)
        if renewed == "before" and hours == 72:
            at(asked + hours * HOUR, lambda: claim_act(carer, act))
    assert story.erase_after is None
    if renewed == "after":
        at(TOLD + 20 * DAY, lambda: claim_act(carer, act))
    claim = ruled_about(carer)
    at(TOLD + 20 * DAY, lambda: accept_act(make_staff(Role.SAFEGUARDING_LEAD), claim))
    assert Reason.GUARDIAN_NO in reasons(story, TOLD + 20 * DAY)


def test_who_decides_no_more_gets_no_letter_about_growing_up(app: Flask) -> None:
    story = of_age_in_june()
    act = ruled_about(mother_of(story))
    at(OWN_AGE - 10 * DAY, lambda: end_act("clock", act))
    at(OWN_AGE, note_what_has_come, send_due)
    assert told_steps() == []
