"""The lifecycle: one table, followed by everybody in every order, never leaves the states the design draws."""

import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from app.errors import Conflict, NotAllowed
from app.people.permissions import Role
from app.stories.lifecycle import TRANSITIONS, State, Verb, follow, open_to

CHILD, GUARDIAN, CLOCK = {Role.CHILD}, {Role.GUARDIAN}, {Role.CLOCK}
FACILITATOR, MODERATOR, LEAD = {Role.FACILITATOR}, {Role.MODERATOR}, {Role.SAFEGUARDING_LEAD}
REVIEWERS = MODERATOR | LEAD
ERASERS = CHILD | GUARDIAN | CLOCK | LEAD

DRAWN = {
    ("draft", "submit"): ("submitted", CHILD | FACILITATOR),
    ("submitted", "claim"): ("in_review", REVIEWERS),
    ("in_review", "release_claim"): ("submitted", REVIEWERS),
    ("in_review", "expire_claim"): ("submitted", CLOCK),
    ("in_review", "approve"): ("approved", REVIEWERS),
    ("in_review", "ask_changes"): ("changes_asked", REVIEWERS),
    ("changes_asked", "resubmit"): ("submitted", CHILD | FACILITATOR),
    ("in_review", "decline"): ("declined", REVIEWERS),
    ("declined", "object"): ("submitted", CHILD),
    ("approved", "reopen"): ("in_review", REVIEWERS),
    ("submitted", "correct"): ("changes_asked", CHILD),
    ("in_review", "correct"): ("changes_asked", CHILD),
    ("approved", "correct"): ("changes_asked", CHILD),
    ("draft", "erase"): ("erased", ERASERS),
    ("submitted", "erase"): ("erased", ERASERS),
    ("in_review", "erase"): ("erased", ERASERS),
    ("changes_asked", "erase"): ("erased", ERASERS),
    ("approved", "erase"): ("erased", ERASERS),
    ("declined", "erase"): ("erased", ERASERS),
}
"""The table of the design (section 5), copied by hand; a lead reviews too, the clock erases what is due, and a
child corrects (ADR 6)."""


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("verb", Verb)
@pytest.mark.parametrize("role", Role)
def test_every_step_is_the_one_that_was_drawn(state: State, verb: Verb, role: Role) -> None:
    drawn = DRAWN.get((state.value, verb.value))
    if drawn is None:
        with pytest.raises(Conflict, match="not_in_this_state"):
            follow(state, verb, role)
    elif role not in drawn[1]:
        with pytest.raises(NotAllowed):
            follow(state, verb, role)
    else:
        assert follow(state, verb, role).value == drawn[0]


def test_no_step_is_in_the_table_twice() -> None:
    steps = [(step.source, step.verb) for step in TRANSITIONS]
    assert len(steps) == len(set(steps)) == len(DRAWN)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("role", Role)
def test_the_buttons_are_the_steps_that_work(state: State, role: Role) -> None:
    def works(verb: Verb) -> bool:
        try:
            follow(state, verb, role)
        except (Conflict, NotAllowed):
            return False
        return True

    assert set(open_to(state, role)) == {verb for verb in Verb if works(verb)}


def test_nothing_leads_out_of_erased() -> None:
    assert [step for step in TRANSITIONS if step.source is State.ERASED] == []


def test_only_an_approval_leads_to_approved() -> None:
    assert {(step.source, step.verb) for step in TRANSITIONS if step.target is State.APPROVED} == {
        (State.IN_REVIEW, Verb.APPROVE)
    }


def test_every_state_can_be_reached_and_left() -> None:
    reached = {State.DRAFT} | {step.target for step in TRANSITIONS}
    left = {step.source for step in TRANSITIONS}
    assert (reached, left) == (set(State), set(State) - {State.ERASED})


roles = st.sampled_from(list(Role))
verbs = st.sampled_from(list(Verb))


class Life(RuleBasedStateMachine):
    """Everybody tries everything; a small model of its own knows what ought to have come of it."""

    def __init__(self) -> None:
        super().__init__()
        self.state = State.DRAFT
        self.path = ["draft"]

    @rule(verb=verbs, role=roles)
    def somebody_tries_something(self, verb: Verb, role: Role) -> None:
        before = self.state
        try:
            self.state = follow(before, verb, role)
        except (Conflict, NotAllowed):
            assert DRAWN.get((before.value, verb.value), (None, set()))[1].isdisjoint({role})
        else:
            self.path += [verb.value, self.state.value]

    @precondition(lambda self: self.state is not State.ERASED)
    @rule(role=roles, choice=st.integers(0, 9))
    def somebody_uses_a_button(self, role: Role, choice: int) -> None:
        buttons = open_to(self.state, role)
        if buttons:
            verb = buttons[choice % len(buttons)]
            self.state = follow(self.state, verb, role)
            self.path += [verb.value, self.state.value]

    @invariant()
    def every_step_was_drawn(self) -> None:
        steps = zip(self.path[::2], self.path[1::2], self.path[2::2], strict=False)
        assert [DRAWN[source, verb][0] for source, verb, _target in steps] == self.path[2::2]

    @invariant()
    def erased_is_final(self) -> None:
        assert "erased" not in self.path[:-1]

    @invariant()
    def approved_came_from_an_approval(self) -> None:
        before = [self.path[at - 1] for at in range(2, len(self.path), 2) if self.path[at] == "approved"]
        assert set(before) <= {"approve"}


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
