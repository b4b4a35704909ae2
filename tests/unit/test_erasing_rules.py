"""Who asked to erase a story, and who may stop it."""

import pytest

from app.stories.rules import Eraser, may_undo, who_erases

CHILD, MOTHER, FATHER, LEAD, COLLEAGUE = "child", "guardian:mother", "guardian:father", "lead", "colleague"


def test_an_actor_of_the_audit_log_says_who_asked() -> None:
    assert [who_erases(asked_by) for asked_by in (None, CHILD, MOTHER, LEAD)] == [
        Eraser.CHILD,
        Eraser.CHILD,
        Eraser.GUARDIAN,
        Eraser.TEAM,
    ]


@pytest.mark.parametrize(
    ("asked_by", "allowed"),
    [(CHILD, {CHILD}), (None, {CHILD}), (MOTHER, {MOTHER}), (LEAD, {LEAD, COLLEAGUE})],
)
def test_whoever_asked_may_stop_it_and_any_lead_for_the_team(asked_by: str | None, allowed: set[str]) -> None:
    everybody = {CHILD: False, MOTHER: False, FATHER: False, LEAD: True, COLLEAGUE: True}
    assert {actor for actor, lead in everybody.items() if may_undo(asked_by, actor, is_lead=lead)} == allowed


def test_a_young_person_of_age_may_stop_a_guardian_and_nobody_else() -> None:
    assert may_undo(MOTHER, CHILD, of_age=True)
    assert not may_undo(LEAD, CHILD, of_age=True)
    assert not may_undo(MOTHER, FATHER, of_age=True)
