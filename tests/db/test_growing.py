"""Growing up: a word counts alone from when nobody stood against it, and what silence closed stays closed."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from app import clock
from app.adapters import outside
from app.adapters.queue import commit
from app.cli.sweeper import sweep
from app.consent.naming import doubt, leave_out
from app.consent.rules import Again, due_again
from app.errors import Invalid
from app.extensions import db
from app.people.actions import declare_guardian, tell_majority
from app.people.authority import Act, accept_act, claim_act, end_act, refuse_act
from app.people.growing import note_what_has_come
from app.people.models import Authority, Guardian, Staff, Storyteller
from app.people.permissions import Role
from app.people.queries import claim_of, decides_about_all, growing_up, guardians_of, has_come, key_of
from app.people.rules import AgeBand, Basis, Relation
from app.release.facts import facts_of
from app.release.policy import verdict
from app.release.terms import Reason
from app.stories.models import Story
from tests.db.deciders_life import DecidersLife
from tests.db.one_story import PLACES, live
from tests.factories.people import make_act, make_guardian, make_staff, tell_for_good
from tests.factories.stories import child_says, guardian_says, make_approved, yes_to

NOTE = "District court, 12 February 2026, number 7/2026; made up."
DAY = timedelta(days=1)
TOLD, OWN_AGE = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
AFTER, LATER = OWN_AGE + 30 * DAY, OWN_AGE + 60 * DAY
SILENCE_ENDS = OWN_AGE + 90 * DAY
pytestmark = pytest.mark.parametrize("backend", ["sqlite"])


@pytest.fixture
def story(app: Flask) -> Story:
    """Of a young person who has reached own age in June, as their mother told for good in March."""
    with clock.fixed(TOLD):
        story = make_approved([], guardians=0, age_band=AgeBand.THIRTEEN_TO_FIFTEEN)
        tell_for_good(make_guardian(story.storyteller), 2028, 5)
        save()
    return story


def save() -> None:
    commit(outside().queue)


def mother_of(story: Story) -> Guardian:
    return guardians_of(story.storyteller_id)[0]


def comes(story: Story, moment: datetime = TOLD + DAY) -> Guardian:
    """Somebody is named, soon after the mother told the month, and has not been heard."""
    with clock.fixed(moment):
        guardian = make_guardian(story.storyteller, declared=False)
        save()
    return guardian


def at(moment: datetime, *acts: Callable[[], object]) -> None:
    with clock.fixed(moment):
        for act in acts:
            act()
        save()


def reasons(story: Story, moment: datetime) -> set[Reason]:
    with clock.fixed(moment):
        return set(verdict(facts_of(story), "gallery", moment).reasons)


def left_out(guardian: Guardian) -> None:
    doubt(make_staff(Role.FACILITATOR), guardian, "Made up.")
    leave_out(make_staff(Role.SAFEGUARDING_LEAD), guardian)


def claims(guardian: Guardian, ruled: Callable[[Staff, Authority], None] | None = None) -> None:
    """Somebody says that a court appointed them; a lead accepts it, refuses it, or has not looked."""
    declare_guardian(guardian, "Elena Popescu", Relation.COURT_CARER)
    act = claim_act(guardian, Act(Basis.COURT_ACT, NOTE, clock.now() + 300 * DAY))
    if ruled is not None:
        ruled(make_staff(Role.SAFEGUARDING_LEAD), act)


def tells_another_month(guardian: Guardian) -> None:
    with suppress(Invalid):  # where nobody stands against the month that has come
        tell_majority(db.session.get_one(Storyteller, guardian.storyteller_id), guardian, 2028, 8, clock.now())


def parents_say(story: Story, value: str) -> None:
    at(TOLD + 2 * DAY, lambda: guardian_says(story, mother_of(story), {"gallery": value}))


def says_yes(story: Story) -> None:
    child_says(story, yes_to(["gallery"]))


def test_whoever_is_left_out_later_was_waited_for_until_then(story: Story) -> None:
    father = comes(story)
    parents_say(story, "no")
    at(AFTER, lambda: says_yes(story))
    at(LATER, lambda: left_out(father))
    assert reasons(story, LATER) == {Reason.GUARDIAN_NO}
    assert has_come(growing_up(story.storyteller)[0])
    at(LATER + DAY, lambda: says_yes(story))
    assert reasons(story, LATER + DAY) == set()


def test_a_claim_stood_against_it_until_it_was_refused(story: Story) -> None:
    carer = comes(story)
    parents_say(story, "no")
    at(TOLD + 3 * DAY, lambda: claims(carer))
    at(AFTER, lambda: says_yes(story))
    at(LATER, lambda: refuse_act(make_staff(Role.SAFEGUARDING_LEAD), ruled_about(carer)))
    assert reasons(story, LATER) == {Reason.GUARDIAN_NO}
    assert has_come(growing_up(story.storyteller)[0])


def test_who_decided_by_an_act_and_told_no_month_stood_against_it_until_it_ended(story: Story) -> None:
    carer = comes(story)
    parents_say(story, "no")
    at(TOLD + 3 * DAY, lambda: claims(carer, accept_act))
    at(AFTER, lambda: says_yes(story))
    at(LATER, lambda: end_act("clock", ruled_about(carer)))
    assert reasons(story, LATER) == {Reason.GUARDIAN_NO}
    assert has_come(growing_up(story.storyteller)[0])


def ruled_about(guardian: Guardian) -> Authority:
    act = claim_of(guardian.id) or key_of(guardian.id)
    assert act is not None
    return act


@pytest.mark.parametrize(
    "act",
    [
        lambda father: declare_guardian(father, "Ion Popescu", Relation.FATHER),
        claims,
        lambda father: claims(father, accept_act),
        lambda father: claims(father, refuse_act),
        left_out,
        tells_another_month,
    ],
    ids=["declares", "claims", "is appointed", "is refused", "is left out", "tells another month"],
)
@pytest.mark.parametrize("named", [True, False], ids=["named", "nobody else"])
def test_what_silence_has_ended_nobody_else_opens(story: Story, act: Callable[[Guardian], object], named: bool) -> None:
    father = comes(story) if named else None
    parents_say(story, "yes")
    at(TOLD + 3 * DAY, lambda: says_yes(story))
    assert Reason.CHILD_GREW_UP not in reasons(story, SILENCE_ENDS - DAY)
    assert Reason.CHILD_GREW_UP in reasons(story, SILENCE_ENDS)
    at(SILENCE_ENDS + DAY, lambda: act(father or comes(story, SILENCE_ENDS)))
    assert Reason.CHILD_GREW_UP in reasons(story, SILENCE_ENDS + DAY)
    at(SILENCE_ENDS + 2 * DAY, lambda: says_yes(story))
    assert Reason.CHILD_GREW_UP not in reasons(story, SILENCE_ENDS + 2 * DAY)


def test_a_later_own_age_does_not_open_what_silence_has_ended(app: Flask) -> None:
    with clock.fixed(TOLD - DAY):
        story = make_approved(["gallery"], country="LV", age_band=AgeBand.THIRTEEN_TO_FIFTEEN)
    at(TOLD, lambda: tell_for_good(mother_of(story), 2029, 5))
    closed = TOLD + 90 * DAY
    assert Reason.CHILD_GREW_UP in reasons(story, closed)
    at(closed, lambda: setattr(story.storyteller, "country", "RO"))
    assert story.storyteller.own_age_from == date(2027, 6, 1)
    assert Reason.CHILD_GREW_UP in reasons(story, closed)


def test_a_child_whose_word_does_not_count_alone_is_asked_all_the_same(story: Story) -> None:
    comes(story)
    at(TOLD + DAY, lambda: says_yes(story))
    facts = facts_of(story)
    assert (facts.own_age, facts.majority) == (None, None)
    assert due_again(facts.child, OWN_AGE - DAY, [], facts.asked_anew) == set()
    assert due_again(facts.child, OWN_AGE, [], facts.asked_anew) == {Again.OLDER}


def carers_story() -> Story:
    """Of a young person of age since June, as a carer told: there is nobody else, and the act ends in December."""
    with clock.fixed(TOLD):
        story = make_approved([], guardians=0, age_band=AgeBand.SIXTEEN_SEVENTEEN)
        carer = make_guardian(story.storyteller, declared=False)
        make_act(carer, OWN_AGE + 180 * DAY)
        tell_for_good(carer, 2026, 5)
        save()
    at(AFTER, note_what_has_come, lambda: says_yes(story))
    return story


def say_father(guardian: Guardian) -> None:
    declare_guardian(guardian, "Ion Popescu", Relation.FATHER, alone=True)


@pytest.mark.parametrize("named", [TOLD + DAY, LATER + DAY], ids=["before", "afterwards"])
def test_what_has_come_nobody_takes_away(app: Flask, named: datetime) -> None:
    story = carers_story()
    teller, carer = story.storyteller, mother_of(story)
    if named < OWN_AGE:  # and refused long before
        early = make_guardian(teller, declared=False)
        at(named, lambda: claims(early, refuse_act))
    at(LATER, lambda: end_act("clock", ruled_about(carer)))
    other = early if named < OWN_AGE else comes(story, named)
    for act in (claims, say_father, lambda one: guardian_says(story, one, {"gallery": "no"})):
        at(LATER + 3 * DAY, lambda act=act: act(other))  # type: ignore[misc]
        assert has_come(growing_up(teller)[1])
        assert reasons(story, LATER + 3 * DAY) == set()
    with clock.fixed(LATER + 4 * DAY):
        assert not decides_about_all(other)
        left_out(carer)
        save()
        assert has_come(growing_up(teller)[1])


def test_whoever_tells_a_month_that_has_come_asks_nobody_again(story: Story) -> None:
    at(AFTER, note_what_has_come, lambda: says_yes(story))
    father = comes(story, LATER)
    at(LATER + DAY, lambda: say_father(father), lambda: tell_for_good(father, 2028, 5))
    assert reasons(story, LATER + 100 * DAY) == set()


def test_another_month_has_not_come_because_the_first_one_had(app: Flask) -> None:
    with clock.fixed(TOLD):
        story = make_approved([], guardians=0, age_band=AgeBand.SIXTEEN_SEVENTEEN)
        mother, father = make_guardian(story.storyteller), make_guardian(story.storyteller, declared=False)
        tell_for_good(mother, 2026, 5)
        save()
    at(OWN_AGE, note_what_has_come)
    at(AFTER, lambda: tell_for_good(mother, 2026, 10), lambda: left_out(father))
    comes(story, LATER)
    at(OWN_AGE + 200 * DAY, note_what_has_come)
    assert not has_come(growing_up(story.storyteller)[1])


def test_a_clock_that_is_put_back_opens_nothing(story: Story) -> None:
    father = comes(story)
    parents_say(story, "no")
    at(AFTER, lambda: says_yes(story))
    at(LATER, lambda: left_out(father))
    at(OWN_AGE - DAY, lambda: declare_guardian(mother_of(story), "Elena P", Relation.MOTHER))
    assert reasons(story, LATER) == {Reason.GUARDIAN_NO}


def test_a_clock_that_is_put_back_opens_nothing_that_silence_has_ended(story: Story) -> None:
    comes(story)
    parents_say(story, "yes")
    at(TOLD + 3 * DAY, lambda: says_yes(story))
    at(SILENCE_ENDS + DAY, lambda: tells_another_month(mother_of(story)))
    at(OWN_AGE - DAY, lambda: declare_guardian(mother_of(story), "Elena P", Relation.MOTHER))
    assert Reason.CHILD_GREW_UP in reasons(story, SILENCE_ENDS + 2 * DAY)


def test_what_was_said_while_the_clock_was_ahead_counts_alone_from_then_on_and_not_over_who_stood_against_it(
    story: Story,
) -> None:
    father = comes(story)
    parents_say(story, "no")
    at(LATER + 300 * DAY, lambda: says_yes(story))
    at(LATER, lambda: left_out(father))
    assert reasons(story, LATER) == {Reason.GUARDIAN_NO}
    at(LATER + 200 * DAY, lambda: says_yes(story))
    assert Reason.NO_KEY in reasons(story, LATER + 100 * DAY)
    assert reasons(story, LATER + 200 * DAY) == set()


def test_whoever_was_named_while_the_clock_was_ahead_is_waited_for(story: Story) -> None:
    comes(story, LATER)
    at(AFTER, lambda: says_yes(story))
    assert growing_up(story.storyteller) == (None, None)


def test_a_clock_that_is_put_back_takes_nothing_away(app: Flask) -> None:
    story = carers_story()
    father = comes(story, AFTER + DAY)
    for moment in (AFTER + DAY, OWN_AGE - DAY, AFTER + 2 * DAY):
        at(moment, sweep, lambda: declare_guardian(father, "Ion Popescu", Relation.FATHER))
    assert has_come(growing_up(story.storyteller)[1])
    assert reasons(story, AFTER + 2 * DAY) == set()


def test_what_was_said_while_the_clock_was_ahead_is_asked_anew(story: Story) -> None:
    comes(story)
    parents_say(story, "yes")
    at(SILENCE_ENDS + 10 * DAY, lambda: says_yes(story))
    at(OWN_AGE, note_what_has_come)
    facts = facts_of(story)
    assert due_again(facts.child, OWN_AGE, [], facts.asked_anew) == {Again.OLDER}
    assert Reason.CHILD_GREW_UP in reasons(story, SILENCE_ENDS + 11 * DAY)


def test_what_a_clock_that_is_behind_was_told_asks_anew_what_was_said_before(story: Story) -> None:
    mother = mother_of(story)
    at(AFTER, lambda: guardian_says(story, mother, {"gallery": "yes"}), lambda: says_yes(story))
    at(AFTER - 20 * DAY, lambda: comes(story, AFTER - 20 * DAY), note_what_has_come)
    assert Reason.CHILD_GREW_UP in reasons(story, SILENCE_ENDS)


def test_a_looser_law_counts_from_when_it_does(app: Flask) -> None:
    with clock.fixed(TOLD - DAY):
        story = make_approved([], guardians=1, country="RO", age_band=AgeBand.THIRTEEN_TO_FIFTEEN)
    at(TOLD, lambda: tell_for_good(mother_of(story), 2029, 5))
    at(TOLD + DAY, lambda: guardian_says(story, mother_of(story), {"gallery": "no"}), lambda: says_yes(story))
    at(AFTER, lambda: setattr(story.storyteller, "country", "LV"))
    assert reasons(story, AFTER) == {Reason.GUARDIAN_NO}
    assert Reason.CHILD_GREW_UP not in reasons(story, AFTER + 89 * DAY)
    assert Reason.CHILD_GREW_UP in reasons(story, AFTER + 90 * DAY)
    at(AFTER + DAY, lambda: says_yes(story))
    assert reasons(story, AFTER + DAY) == set()


def test_a_looser_law_makes_no_earlier_word_count_and_takes_nothing_away(app: Flask) -> None:
    with clock.fixed(TOLD - DAY):
        story = make_approved([], guardians=1, country="RO", age_band=AgeBand.THIRTEEN_TO_FIFTEEN)
    at(TOLD, lambda: tell_for_good(mother_of(story), 2028, 5))
    at(TOLD + DAY, lambda: guardian_says(story, mother_of(story), {"gallery": "no"}), lambda: says_yes(story))
    at(AFTER, note_what_has_come)
    comes(story, AFTER)
    at(AFTER + DAY, lambda: setattr(story.storyteller, "country", "LV"))
    assert reasons(story, AFTER + DAY) == {Reason.GUARDIAN_NO}
    at(AFTER + 2 * DAY, lambda: says_yes(story))
    assert reasons(story, AFTER + 2 * DAY) == set()


def test_what_a_stricter_law_took_away_has_to_come_again(story: Story) -> None:
    teller, seen = story.storyteller, list[bool]()

    def lives_in(country: str) -> None:
        teller.country = country

    def look() -> None:
        seen.append(has_come(growing_up(teller)[0]))

    at(TOLD + DAY, lambda: lives_in("LV"))
    at(TOLD + DAY, look, note_what_has_come)
    at(TOLD + 2 * DAY, lambda: lives_in("RO"))
    at(TOLD + 2 * DAY, look, lambda: lives_in("LV"))
    at(TOLD + 2 * DAY, look)
    father = comes(story, TOLD + 3 * DAY)
    at(TOLD + 3 * DAY, look, lambda: left_out(father))
    at(TOLD + 4 * DAY, note_what_has_come)
    comes(story, TOLD + 5 * DAY)
    at(TOLD + 5 * DAY, look)
    assert seen == [True, False, True, False, True]


class Growing(DecidersLife):
    """A young person whose own age comes soon, by one of the laws, as everybody has told for good."""

    @initialize(country=st.sampled_from(["RO", "LV"]), guardians=st.integers(1, 2), waited_for=st.booleans())
    def begin(self, country: str, guardians: int, waited_for: bool) -> None:
        self.begin_with(True, AgeBand.THIRTEEN_TO_FIFTEEN, country, 0, own_voice=True, guardians=guardians)
        self.everybody_tells_a_month()
        if waited_for:
            self.somebody_is_waited_for_meanwhile()

    @rule(days=st.sampled_from([1, 31, 95]))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)
        self.act(note_what_has_come)

    @rule()
    def the_child_says_yes(self) -> None:
        self.act(lambda: child_says(self.story, yes_to([self.scope(place) for place in PLACES])))

    @rule()
    def everybody_tells_a_month(self) -> None:
        self.guardians_say_when_the_child_comes_of_age(so_many=3, months=25, twice=True)

    @rule(country=st.sampled_from(["RO", "LV", "DE"]))
    def another_law_counts(self, country: str) -> None:
        self.act(lambda: setattr(self.story.storyteller, "country", country))

    @rule()
    def somebody_is_waited_for_meanwhile(self) -> None:
        self.a_word_counts_alone_only_when_nobody_stood_against_it()
        self.a_guardian_comes(declared=False)
        self.a_word_counts_alone_only_when_nobody_stood_against_it()
        self.time_passes(days=62)
        self.the_child_says_yes()
        self.a_word_counts_alone_only_when_nobody_stood_against_it()
        self.somebody_was_perhaps_named_by_mistake(at=-1, themselves=True, left_out=True)


@pytest.mark.timeout(300)
def test_who_grows_up_decides_alone_when_nobody_stands_against_it(app: Flask) -> None:
    live(Growing, times=6, steps=15)
