"""What nobody witnessed: a no in it counts, and it loosens nothing else, as if it were older than the story."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app import clock
from app.cli.sweeper import end_dead_acts
from app.consent import evidence
from app.consent.evidence import Ruling
from app.consent.rules import Method
from app.errors import Conflict
from app.people.actions import declare_guardian, introduce
from app.people.authority import Act, accept_act, claim_act, refuse_act
from app.people.models import Guardian, Staff
from app.people.permissions import Role
from app.people.queries import claim_of, key_of
from app.people.rules import Basis, Relation
from app.release.facts import facts_of
from app.release.policy import verdict
from app.release.terms import Reason
from app.stories.models import Story
from tests.factories.people import make_act, make_guardian, make_staff
from tests.factories.stories import answer_by_link, approve, child_says, guardian_says, make_submitted, yes_to
from tests.factories.taken import in_first_words, take_from

SAID = Ruling({"print": "no"}, "Maria Ionescu", Relation.MOTHER, alone=True)
EVERYTHING = yes_to(["gallery", "press"])


@pytest.fixture
def story() -> Story:
    """A story that the child and the team said yes to, long ago."""
    with clock.fixed(clock.now() - timedelta(days=9)):
        story = make_submitted()
        child_says(story, EVERYTHING)
        approve(story, make_staff(), make_staff())
    return story


def act() -> Act:
    return Act(Basis.COURT_ACT, "A made-up court.", clock.now() + timedelta(days=100))


def hear(story: Story, guardian: Guardian, ruling: Ruling, *, by_ruler: bool) -> None:
    """A recording by link, whose witness is nobody, or whoever rules about it."""
    taken, ruler = take_from(guardian, story, None, Method.VOICE), make_staff(Role.FACILITATOR)
    if by_ruler:
        ruler.display_name = evidence.witness_of(taken)
    evidence.accept(ruler, taken, replace(ruling, witnessed=by_ruler))


def reasons(story: Story, place: str) -> tuple[Reason, ...]:
    return verdict(facts_of(story), place, clock.now()).reasons


BY_RULER = pytest.mark.parametrize("by_ruler", [True, False])


@BY_RULER
def test_nobody_decides_alone_by_it(story: Story, by_ruler: bool) -> None:
    mother = make_guardian(story.storyteller, alone=False)
    guardian_says(story, mother, EVERYTHING)
    assert reasons(story, "press") == (Reason.GUARDIAN_MISSING,)
    hear(story, mother, SAID, by_ruler=by_ruler)
    assert reasons(story, "press") == (Reason.GUARDIAN_MISSING,)
    hear(story, mother, replace(SAID, values={"press": "no"}), by_ruler=by_ruler)
    assert reasons(story, "press") == (Reason.GUARDIAN_NO,)


@BY_RULER
def test_it_ends_no_claim(story: Story, by_ruler: bool) -> None:
    mother = make_guardian(story.storyteller, alone=True)
    guardian_says(story, mother, EVERYTHING)
    claim_act(mother, act())
    hear(story, mother, SAID, by_ruler=by_ruler)
    assert reasons(story, "gallery") == (Reason.KEY_GONE,)


@BY_RULER
def test_no_yes_from_before_counts_by_it(story: Story, by_ruler: bool) -> None:
    mother = make_guardian(story.storyteller, declared=False)
    declare_guardian(mother, "Maria Ionescu", Relation.COURT_CARER)
    claim = claim_act(mother, act())
    answer_by_link(story, mother, EVERYTHING, clock.now())
    refuse_act(make_staff(Role.SAFEGUARDING_LEAD), claim)
    older = take_from(mother, story, make_staff(Role.FACILITATOR))
    in_first_words(older)
    with clock.fixed(clock.now() + timedelta(days=2)):
        answer_by_link(story, mother, EVERYTHING, clock.now() - timedelta(hours=1))
        evidence.accept(make_staff(Role.FACILITATOR), older, SAID)
        hear(story, mother, SAID, by_ruler=by_ruler)
        assert reasons(story, "gallery") == (Reason.GUARDIAN_SILENT,)


def test_the_no_of_a_parent_binds_while_a_claim_of_theirs_waits(story: Story, facilitator: Staff) -> None:
    father = make_guardian(story.storyteller, relation=Relation.FATHER, alone=False)
    guardian_says(story, father, EVERYTHING)
    mother = make_guardian(story.storyteller, declared=False)
    declare_guardian(mother, "Maria Ionescu", Relation.COURT_CARER)
    claim = claim_act(mother, act())
    taken = take_from(mother, story, facilitator)
    in_first_words(taken)
    evidence.accept(make_staff(Role.FACILITATOR), taken, replace(SAID, values={"gallery": "no"}))
    assert Reason.GUARDIAN_NO in reasons(story, "gallery")
    assert (claim_of(mother.id), mother.relation) == (claim, Relation.COURT_CARER)


def test_who_tells_of_an_act_says_nothing_about_another_parent(story: Story) -> None:
    mother = make_guardian(story.storyteller, alone=True)
    for _ in range(2):
        introduce(mother, "Maria Ionescu", Relation.COURT_CARER, alone=False, act=act())
    held = key_of(mother.id)
    assert held is not None
    assert (held.basis, held.alone, claim_of(mother.id) is None) == (Basis.PARENT, True, False)


@BY_RULER
def test_the_no_of_a_parent_reaches_further_than_their_act_while_the_next_one_waits(
    story: Story, by_ruler: bool
) -> None:
    father = make_guardian(story.storyteller, relation=Relation.FATHER, alone=False)
    mother = make_guardian(story.storyteller, declared=False)
    make_act(mother, clock.now() + timedelta(days=9), ["embed"])
    renewal = claim_act(mother, act())
    guardian_says(story, father, EVERYTHING)
    hear(story, mother, replace(SAID, values={"gallery": "no"}), by_ruler=by_ruler)
    assert Reason.GUARDIAN_NO in reasons(story, "gallery")
    assert claim_of(mother.id) == renewal


@pytest.mark.parametrize("older", [True, False])
def test_whoever_finds_a_link_does_not_mute_a_form_that_waits(story: Story, facilitator: Staff, older: bool) -> None:
    father = make_guardian(story.storyteller, relation=Relation.FATHER, alone=False)
    guardian_says(story, father, EVERYTHING)
    mother = make_guardian(story.storyteller, declared=False)
    taken = take_from(mother, story, facilitator)
    if older:
        in_first_words(taken)
    declare_guardian(mother, "Somebody Else", Relation.COURT_CARER)
    claim = claim_act(mother, act())
    evidence.accept(make_staff(Role.FACILITATOR), taken, replace(SAID, values={"gallery": "no"}))
    assert Reason.GUARDIAN_NO in reasons(story, "gallery")
    assert claim_of(mother.id) == claim


def test_a_claim_is_taken_back_to_a_second_person_and_by_no_link(story: Story, facilitator: Staff) -> None:
    mother = make_guardian(story.storyteller, alone=True)
    guardian_says(story, mother, EVERYTHING)
    claim_act(mother, act())
    declare_guardian(mother, "Elena Popescu", Relation.MOTHER, alone=True)
    assert reasons(story, "gallery") == (Reason.KEY_GONE,)
    taken = take_from(mother, story, facilitator)
    evidence.accept(make_staff(Role.FACILITATOR), taken, SAID)
    assert (claim_of(mother.id), reasons(story, "gallery")) == (None, ())


def test_what_was_claimed_by_who_says_since_that_they_are_a_parent_can_only_be_refused(story: Story) -> None:
    father = make_guardian(story.storyteller, relation=Relation.FATHER, alone=False)
    guardian_says(story, father, EVERYTHING)
    mother, lead = make_guardian(story.storyteller, declared=False), make_staff(Role.SAFEGUARDING_LEAD)
    declare_guardian(mother, "Maria Ionescu", Relation.COURT_CARER)
    claim = claim_act(mother, replace(act(), scopes=["embed"], opens_at=clock.now() - timedelta(days=1)))
    declare_guardian(mother, "Maria Ionescu", Relation.MOTHER, alone=False)
    guardian_says(story, mother, {"gallery": "no"})
    with pytest.raises(Conflict):
        accept_act(lead, claim)
    refuse_act(lead, claim)
    held = key_of(mother.id)
    assert held is not None
    assert (held.basis, held.alone) == (Basis.PARENT, False)
    assert Reason.GUARDIAN_NO in reasons(story, "gallery")


def test_a_claim_that_ran_out_is_waited_for_until_a_lead_refuses_it(story: Story) -> None:
    father = make_guardian(story.storyteller, relation=Relation.FATHER, alone=True)
    guardian_says(story, father, EVERYTHING)
    mother = make_guardian(story.storyteller, declared=False)
    declare_guardian(mother, "Maria Ionescu", Relation.COURT_CARER)
    claim = claim_act(mother, replace(act(), closes_at=clock.now() + timedelta(hours=1)))
    with clock.fixed(clock.now() + timedelta(days=2)):
        end_dead_acts()
        assert reasons(story, "press") == (Reason.GUARDIAN_MISSING,)
        refuse_act(make_staff(Role.SAFEGUARDING_LEAD), claim)
        assert reasons(story, "press") == ()


def test_it_stays_taken_back_when_the_clock_is_put_back(story: Story) -> None:
    mother, lead = make_guardian(story.storyteller, alone=True), make_staff(Role.SAFEGUARDING_LEAD)
    claim = claim_act(mother, act())
    with clock.fixed(clock.now() + timedelta(days=1)):
        declare_guardian(mother, "Elena Popescu", Relation.MOTHER, alone=True)
    with pytest.raises(Conflict):
        accept_act(lead, claim)


def test_an_older_no_takes_back_a_claim_of_before_and_none_of_since(story: Story, facilitator: Staff) -> None:
    mother = make_guardian(story.storyteller, alone=True)
    before = take_from(mother, story, facilitator)
    declare_guardian(mother, "Elena Popescu", Relation.COURT_CARER)
    claim = claim_act(mother, act())
    since = take_from(mother, story, facilitator)
    for taken, can_be_accepted in ((before, True), (since, False)):
        in_first_words(taken)
        evidence.accept(make_staff(Role.FACILITATOR), taken, SAID)
        assert claim.can_be_accepted is can_be_accepted


def test_the_no_of_an_act_that_runs_out_binds_while_the_next_one_waits(story: Story) -> None:
    father = make_guardian(story.storyteller, relation=Relation.FATHER, alone=True)
    guardian_says(story, father, EVERYTHING)
    carer, lead = make_guardian(story.storyteller, declared=False), make_staff(Role.SAFEGUARDING_LEAD)
    make_act(carer, clock.now() + timedelta(days=1))
    guardian_says(story, carer, {"gallery": "no"})
    renewal = claim_act(carer, act())
    with clock.fixed(clock.now() + timedelta(days=2)):
        end_dead_acts()
        assert reasons(story, "gallery") == (Reason.GUARDIAN_NO,)
        refuse_act(lead, renewal)
        end_dead_acts()
        assert (key_of(carer.id), reasons(story, "gallery")) == (None, ())


@BY_RULER
def test_whoever_finds_a_link_does_not_mute_what_waits_beside_an_act(story: Story, by_ruler: bool) -> None:
    father = make_guardian(story.storyteller, relation=Relation.FATHER, alone=False)
    guardian_says(story, father, EVERYTHING)
    mother = make_guardian(story.storyteller, declared=False)
    make_act(mother, clock.now() + timedelta(days=9), ["embed"])
    taken, ruler = take_from(mother, story, None, Method.VOICE), make_staff(Role.FACILITATOR)
    declare_guardian(mother, "Somebody Else", Relation.COURT_CARER)
    evidence.accept(ruler, taken, replace(SAID, values={"gallery": "no"}, witnessed=by_ruler))
    assert Reason.GUARDIAN_NO in reasons(story, "gallery")
