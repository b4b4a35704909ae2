"""A form or a voice that is older than the story: it opens nothing, makes nobody decide, and its no is not lost."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app import clock
from app.adapters import outside
from app.adapters.queue import commit, rollback
from app.consent import evidence
from app.consent.actions import hide
from app.consent.evidence import Ruling
from app.consent.naming import doubt, leave_out
from app.consent.queries import ledger, said_by_guardian
from app.consent.rules import EvidenceState, Method, Party
from app.errors import Conflict, Invalid
from app.people.actions import declare_guardian
from app.people.authority import Act, claim_act, end_act, refuse_act
from app.people.models import Guardian, Staff
from app.people.permissions import Role
from app.people.queries import claim_of, key_of
from app.people.rules import Basis, Relation
from app.release.facts import facts_of
from app.release.policy import verdict
from app.release.terms import Reason
from app.stories import actions
from app.stories.models import Story
from tests.factories.people import make_act, make_guardian, make_staff
from tests.factories.stories import answer_by_link, approve, child_says, guardian_says, make_submitted, yes_to
from tests.factories.taken import in_first_words, take_from

SAID = Ruling(yes_to(["gallery"]), "Maria Ionescu", Relation.MOTHER, alone=True)


@pytest.fixture
def story() -> Story:
    """A story that the child and the team said yes to; nobody of the family has answered."""
    story = make_submitted()
    child_says(story, yes_to(["gallery"]))
    approve(story)
    return story


@pytest.fixture
def guardian(story: Story) -> Guardian:
    return make_guardian(story.storyteller, declared=False)


def change(story: Story) -> None:
    """The child corrects the story and hands it in again."""
    actions.correct(story)
    actions.write(actions.working_version(story), "", "Something else.")
    actions.submit(story, Role.CHILD)


def change_and_approve(story: Story) -> None:
    """The same, and the child and the team say yes to that."""
    change(story)
    child_says(story, yes_to(["gallery"]))
    approve(story)


def reasons(story: Story) -> tuple[Reason, ...]:
    return verdict(facts_of(story), "gallery", clock.now()).reasons


def test_a_form_about_an_older_version_opens_nothing_and_closes_what_it_says_no_to(
    story: Story, guardian: Guardian, facilitator: Staff
) -> None:
    mother = make_guardian(story.storyteller, alone=False)
    first, second = (take_from(guardian, story, facilitator) for _ in range(2))
    change(story)
    child_says(story, yes_to(["gallery"]))
    guardian_says(story, mother, yes_to(["gallery"]))
    approve(story)
    other = make_staff(Role.FACILITATOR)
    commit(outside().queue)
    with pytest.raises(Conflict, match="only_noes"):
        evidence.accept(other, first, SAID)
    rollback()
    evidence.accept(other, first, replace(SAID, values=SAID.values | {"gallery": "no"}, alone=False))
    evidence.ask_again(other, second, "It is the same form once more.")
    assert reasons(story) == (Reason.COOLING_OFF, Reason.GUARDIAN_NO)
    assert [(row.scope, row.value) for row in ledger(story.id) if row.guardian_id == guardian.id] == [("gallery", "no")]


@pytest.mark.parametrize("before", [True, False])
def test_a_form_about_an_older_version_makes_nobody_decide_alone_who_does_not(
    story: Story, guardian: Guardian, facilitator: Staff, before: bool
) -> None:
    if before:
        declare_guardian(guardian, "Maria Ionescu", Relation.MOTHER, alone=False)
    taken = take_from(guardian, story, facilitator)
    change(story)
    if not before:
        declare_guardian(guardian, "Maria Ionescu", Relation.MOTHER, alone=False)
    evidence.accept(make_staff(Role.FACILITATOR), taken, replace(SAID, values={"print": "no"}))
    held = key_of(guardian.id)
    assert held is not None
    assert (held.basis, held.alone) == (Basis.PARENT, False)


def test_a_form_about_an_older_version_brings_nobody_back_and_ends_no_newer_claim(
    story: Story, guardian: Guardian, facilitator: Staff
) -> None:
    first, second = (take_from(guardian, story, facilitator) for _ in range(2))
    change(story)
    other, until = make_staff(Role.FACILITATOR), clock.now() + timedelta(days=100)
    declare_guardian(guardian, "Maria Ionescu", Relation.COURT_CARER)
    newer = claim_act(guardian, Act(Basis.COURT_ACT, "A made-up court, number 2.", until))
    older = Act(Basis.COURT_ACT, "A made-up court, number 1.", until)
    ruling = replace(SAID, values={"print": "no"}, relation=Relation.COURT_CARER, alone=False, act=older)
    evidence.accept(other, first, ruling)
    assert claim_of(guardian.id) == newer
    guardian.left_out_at, guardian.left_out_seq = clock.now(), second.taken_seq + 1
    with pytest.raises(Conflict, match="left_out"):
        evidence.accept(other, second, ruling)
    assert guardian.left_out_at is not None


def test_who_has_no_key_any_more_is_heard_by_an_older_form_that_is_newer_than_what_they_said(
    story: Story, guardian: Guardian, facilitator: Staff
) -> None:
    father = make_guardian(story.storyteller, relation=Relation.FATHER, alone=False)
    declare_guardian(guardian, "Maria Ionescu", Relation.COURT_CARER)
    until = clock.now() + timedelta(days=9)
    refuse_act(make_staff(Role.SAFEGUARDING_LEAD), claim_act(guardian, Act(Basis.COURT_ACT, "Made up.", until)))
    taken = take_from(guardian, story, facilitator)
    change_and_approve(story)
    guardian_says(story, father, yes_to(["gallery"]))
    evidence.accept(make_staff(Role.FACILITATOR), taken, replace(SAID, values={"gallery": "no"}))
    assert Reason.GUARDIAN_NO in reasons(story)


def test_an_older_form_gives_no_key_to_what_was_said_by_link_before_it_was_ruled_about(
    story: Story, guardian: Guardian, facilitator: Staff
) -> None:
    change_and_approve(story)
    declare_guardian(guardian, "Maria Ionescu", Relation.COURT_CARER)
    act = claim_act(guardian, Act(Basis.COURT_ACT, "Made up.", clock.now() + timedelta(days=9)))
    answer_by_link(story, guardian, yes_to(["gallery"]), clock.now())
    refuse_act(make_staff(Role.SAFEGUARDING_LEAD), act)
    taken = take_from(guardian, story, facilitator)
    taken.version_number = 1  # a form that was printed for it, photographed late
    with clock.fixed(clock.now() + timedelta(days=2)):
        assert answer_by_link(story, guardian, yes_to(["gallery"]), clock.now() - timedelta(hours=1))
        evidence.accept(make_staff(Role.FACILITATOR), taken, replace(SAID, values={"print": "no"}))
        assert reasons(story) == (Reason.GUARDIAN_SILENT,)
        guardian_says(story, guardian, yes_to(["gallery"]))
        assert reasons(story) == ()


def test_a_form_about_todays_story_counts_though_an_older_one_was_ruled_about_before_it(
    story: Story, guardian: Guardian, facilitator: Staff
) -> None:
    older, today = (take_from(guardian, story, facilitator) for _ in range(2))
    in_first_words(older)
    other = make_staff(Role.FACILITATOR)
    evidence.accept(other, older, replace(SAID, values={"print": "no"}))
    evidence.accept(other, today, SAID)
    assert reasons(story) == (Reason.COOLING_OFF,)


@pytest.mark.parametrize("scopes", [["embed"], None])
def test_an_older_form_gives_a_parent_the_key_of_a_parent_beside_an_act_that_is_less(
    story: Story, guardian: Guardian, facilitator: Staff, scopes: list[str] | None
) -> None:
    father = make_guardian(story.storyteller, relation=Relation.FATHER, alone=False)
    until = clock.now() + timedelta(days=9)
    act = make_act(guardian, until, scopes)
    taken = take_from(guardian, story, facilitator)
    change_and_approve(story)
    guardian_says(story, father, yes_to(["gallery"]))
    evidence.accept(make_staff(Role.FACILITATOR), taken, replace(SAID, values={"gallery": "no"}))
    with clock.fixed(until):
        end_act("cli", act)
        assert reasons(story) == (Reason.GUARDIAN_NO,)


def test_not_sure_on_an_older_form_leaves_the_peace_that_a_no_gave(story: Story, facilitator: Staff) -> None:
    mother = make_guardian(story.storyteller, alone=True)
    taken = take_from(mother, story, facilitator)
    answer_by_link(story, mother, {"gallery": "no"}, clock.now())
    evidence.accept(make_staff(Role.FACILITATOR), taken, replace(SAID, values={"gallery": "unsure", "print": "unsure"}))
    said = {scope: given.value for scope, given in said_by_guardian(story.id, mother.id).items()}
    assert said == {"gallery": "no", "print": "unsure"}


def test_a_no_needs_no_witness(story: Story, guardian: Guardian, facilitator: Staff) -> None:
    other = make_staff(Role.FACILITATOR)
    taken = take_from(guardian, story, facilitator, Method.VOICE)
    other.display_name = evidence.witness_of(taken)
    for values in (SAID.values, SAID.values | {"print": "no"}):
        with pytest.raises(Invalid, match="witness_other"):
            evidence.accept(other, taken, replace(SAID, values=values))
    evidence.accept(other, taken, replace(SAID, values={"print": "no"}))
    assert {scope: given.value for scope, given in said_by_guardian(story.id, guardian.id).items()} == {"print": "no"}


def test_who_was_left_out_before_and_says_no_on_an_older_form_is_heard(
    story: Story, guardian: Guardian, facilitator: Staff
) -> None:
    declare_guardian(guardian, "Maria Ionescu", Relation.MOTHER, alone=True)
    guardian_says(story, guardian, yes_to(["gallery"]))
    doubt(facilitator, guardian, "They say that she is an aunt.")
    leave_out(make_staff(Role.SAFEGUARDING_LEAD), guardian)
    assert (key_of(guardian.id), guardian.left_out_at is None) == (None, False)
    taken = take_from(guardian, story, facilitator)
    change(story)
    evidence.accept(make_staff(Role.FACILITATOR), taken, replace(SAID, values={"gallery": "no"}))
    held = key_of(guardian.id)
    assert held is not None
    assert guardian.left_out_at is None
    assert Reason.GUARDIAN_NO in reasons(story)


def test_an_act_on_an_older_form_makes_what_they_decided_before_wait(
    story: Story, guardian: Guardian, facilitator: Staff
) -> None:
    declare_guardian(guardian, "Maria Ionescu", Relation.MOTHER, alone=True)
    taken = take_from(guardian, story, facilitator)
    change_and_approve(story)
    guardian_says(story, guardian, yes_to(["gallery"]))
    act = Act(Basis.COURT_ACT, "Made up.", clock.now() + timedelta(days=9))
    ruling = replace(SAID, values={"print": "no"}, relation=Relation.COURT_CARER, alone=False, act=act)
    evidence.accept(make_staff(Role.FACILITATOR), taken, ruling)
    assert claim_of(guardian.id) is not None
    assert Reason.KEY_GONE in reasons(story)


def test_an_older_form_whose_no_was_answered_since_is_taken_and_changes_nothing(
    story: Story, guardian: Guardian, facilitator: Staff
) -> None:
    taken = take_from(guardian, story, facilitator)
    change(story)
    declare_guardian(guardian, "Maria Ionescu", Relation.MOTHER, alone=True)
    guardian_says(story, guardian, {"print": "yes"})
    evidence.accept(make_staff(Role.FACILITATOR), taken, replace(SAID, values={"print": "no", "gallery": "yes"}))
    assert taken.state is EvidenceState.ACCEPTED
    assert {scope: given.value for scope, given in said_by_guardian(story.id, guardian.id).items()} == {"print": "yes"}


def test_what_was_taken_back_since_stands_against_an_older_form(
    story: Story, guardian: Guardian, facilitator: Staff
) -> None:
    taken = take_from(guardian, story, facilitator)
    with clock.fixed(clock.now() + timedelta(hours=1)):
        hide(story, Party.GUARDIAN, guardian)
        assert evidence.has_closed_since(taken)
    with clock.fixed(clock.now() + timedelta(hours=2)):
        evidence.accept(make_staff(Role.FACILITATOR), taken, SAID)
        assert said_by_guardian(story.id, guardian.id)["gallery"].value == "no"
        assert not verdict(facts_of(story), "gallery", clock.now()).allowed


def test_a_no_by_link_is_not_lifted_by_an_older_form_after_another(story: Story, facilitator: Staff) -> None:
    mother = make_guardian(story.storyteller, alone=True)
    older, old = (take_from(mother, story, facilitator) for _ in range(2))
    hide(story, Party.GUARDIAN, mother)
    for taken, word in ((older, "unsure"), (old, "yes")):
        evidence.accept(make_staff(Role.FACILITATOR), taken, replace(SAID, values={"gallery": word}))
    assert said_by_guardian(story.id, mother.id)["gallery"].value != "yes"


def test_an_older_form_ends_no_claim(story: Story, facilitator: Staff) -> None:
    mother = make_guardian(story.storyteller, alone=True)
    guardian_says(story, mother, yes_to(["gallery"]))
    taken = take_from(mother, story, facilitator)
    declare_guardian(mother, "Elena Popescu", Relation.COURT_CARER)
    claim_act(mother, Act(Basis.COURT_ACT, "Made up.", clock.now() + timedelta(days=9)))
    assert Reason.KEY_GONE in reasons(story)
    evidence.accept(make_staff(Role.FACILITATOR), taken, replace(SAID, alone=False, values={}))
    held = key_of(mother.id)
    assert held is not None
    assert (claim_of(mother.id) is None, held.alone) == (False, False)
    assert Reason.KEY_GONE in reasons(story)
