"""The lifecycle of a story: its states, and the one table of what may happen in each.

The table drives the code, the buttons and the tests. *Hidden* and *held* are no states: the first is
the child's no to every place, the second an open safeguarding case.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.errors import Conflict, NotAllowed
from app.people.permissions import Permission, Role, may


class State(StrEnum):
    """Where a story stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    CHANGES_ASKED = "changes_asked"
    APPROVED = "approved"
    DECLINED = "declined"
    ERASED = "erased"


class Verb(StrEnum):
    """What moves a story from one state to another."""

    SUBMIT = "submit"
    CLAIM = "claim"
    RELEASE_CLAIM = "release_claim"
    EXPIRE_CLAIM = "expire_claim"
    APPROVE = "approve"
    ASK_CHANGES = "ask_changes"
    RESUBMIT = "resubmit"
    CORRECT = "correct"
    DECLINE = "decline"
    OBJECT = "object"
    REOPEN = "reopen"
    ERASE = "erase"


WAITING = (State.SUBMITTED, State.IN_REVIEW)
"""The states in which a reviewer is to decide."""


@dataclass(frozen=True, slots=True)
class Transition:
    """From one state, by a verb, to another, for whoever has the permission."""

    source: State
    verb: Verb
    target: State
    permission: Permission


_LIVING = tuple(state for state in State if state is not State.ERASED)

TRANSITIONS: tuple[Transition, ...] = (
    Transition(State.DRAFT, Verb.SUBMIT, State.SUBMITTED, Permission.STORY_SUBMIT),
    Transition(State.SUBMITTED, Verb.CLAIM, State.IN_REVIEW, Permission.STORY_REVIEW),
    Transition(State.IN_REVIEW, Verb.RELEASE_CLAIM, State.SUBMITTED, Permission.STORY_REVIEW),
    Transition(State.IN_REVIEW, Verb.EXPIRE_CLAIM, State.SUBMITTED, Permission.STORY_EXPIRE_CLAIM),
    Transition(State.IN_REVIEW, Verb.APPROVE, State.APPROVED, Permission.STORY_REVIEW),
    Transition(State.IN_REVIEW, Verb.ASK_CHANGES, State.CHANGES_ASKED, Permission.STORY_REVIEW),
    Transition(State.CHANGES_ASKED, Verb.RESUBMIT, State.SUBMITTED, Permission.STORY_RESUBMIT),
    Transition(State.SUBMITTED, Verb.CORRECT, State.CHANGES_ASKED, Permission.STORY_CORRECT),
    Transition(State.IN_REVIEW, Verb.CORRECT, State.CHANGES_ASKED, Permission.STORY_CORRECT),
    Transition(State.APPROVED, Verb.CORRECT, State.CHANGES_ASKED, Permission.STORY_CORRECT),
    Transition(State.IN_REVIEW, Verb.DECLINE, State.DECLINED, Permission.STORY_REVIEW),
    Transition(State.DECLINED, Verb.OBJECT, State.SUBMITTED, Permission.STORY_OBJECT),
    Transition(State.APPROVED, Verb.REOPEN, State.IN_REVIEW, Permission.STORY_REVIEW),
    *(Transition(state, Verb.ERASE, State.ERASED, Permission.STORY_ERASE) for state in _LIVING),
)

_BY_STEP = {(step.source, step.verb): step for step in TRANSITIONS}


def follow(source: State, verb: Verb, role: Role) -> State:
    """The state that `verb` leads to. Raises `Conflict` when it does not apply, `NotAllowed` for the wrong role."""
    step = _BY_STEP.get((source, verb))
    if step is None:
        raise Conflict("not_in_this_state")
    if not may(role, step.permission):
        raise NotAllowed
    return step.target


def open_to(source: State, role: Role) -> tuple[Verb, ...]:
    """The verbs that somebody in `role` may use now, in the order of the table."""
    return tuple(step.verb for step in TRANSITIONS if step.source is source and may(role, step.permission))
