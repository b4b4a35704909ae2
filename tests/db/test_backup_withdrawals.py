"""Coming back from a backup: what was taken back after it was made is dark until a lead has asked."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app import clock
from app.adapters import outside
from app.audit.queries import verify
from app.cli.sweeper import sweep
from app.cli.writing import transaction
from app.consent.actions import hide, show_again
from app.consent.evidence import Ruling, note_call
from app.consent.rules import Party
from app.consent.texts import current
from app.errors import Gone
from app.extensions import db
from app.people.actions import declare_guardian
from app.people.authority import end_act
from app.people.keys import load_key
from app.people.permissions import Role
from app.people.queries import guardians_of, key_of
from app.people.rules import Relation
from app.release import elsewhere
from app.release.check import differences
from app.release.models import Showing
from app.release.withdrawals import withdrawals
from app.safeguarding.actions import close_case, decide_suspension, open_case, suspend
from app.safeguarding.queries import is_held, open_suspensions
from app.safeguarding.rules import Asker, Level
from app.stories.actions import ask_erasure, ask_erasure_as_guardian
from app.stories.models import Story
from tests.db.deployments import NewMachine, back_up, done, run, with_backups
from tests.factories.people import make_guardian, make_staff
from tests.factories.stories import approve, child_says, guardian_says, make_shown, make_submitted

Act = Callable[[Story], object]


@pytest.fixture
def chosen(tmp_path: Path) -> dict[str, Any]:
    return with_backups(tmp_path)


@pytest.fixture
def survived() -> dict[str, Any]:
    """The setting of a machine on which the ledger outlived the data."""
    return {"revocation_ledger": str(outside().settings.revocation_file)}


def lead() -> str:
    return make_staff(Role.SAFEGUARDING_LEAD).id


def act_on(story_id: str, act: Act) -> None:
    """Somebody does it, in a transaction of its own."""
    with transaction():
        act(db.session.get_one(Story, story_id))


def make_several(names: Any) -> dict[str, str]:
    """The id of a shown story for each of these names."""
    with transaction():
        return {name: make_shown().id for name in names}


def hide_and_show_again(story: Story) -> None:
    hide(story, Party.CHILD)
    db.session.flush()
    show_again(story)


def open_and_close_a_case(story: Story) -> None:
    by = lead()
    close_case(by, open_case(by, story, Level.GREEN, "Lonely."), "Talked to the teacher.")


AFTER: dict[str, Act] = {
    "hidden": lambda story: hide(story, Party.CHILD),
    "hidden by a guardian": lambda story: hide(story, Party.GUARDIAN, guardians_of(story.storyteller_id)[0]),
    "refused by another guardian": lambda story: guardian_says(
        story, make_guardian(story.storyteller, name="Ion Popescu"), {"gallery": "no"}
    ),
    "suspended": lambda story: suspend(Asker.CARER, story, "The uncle must not know."),
    "held by a case": lambda story: open_case(lead(), story, Level.RED, "A bruise, drawn twice."),
    "to be asked about by somebody who was named": lambda story: make_guardian(story.storyteller, declared=False),
    "no longer decided by one parent alone": lambda story: declare_guardian(
        guardians_of(story.storyteller_id)[0], "Elena Popescu", Relation.MOTHER, alone=False
    ),
    "no longer decided by somebody whose right has ended": lambda story: end_act(
        lead(), key_of(guardians_of(story.storyteller_id)[0].id)
    ),
    "to be erased in a week": lambda story: ask_erasure(story, Role.CHILD, now=False),
    "to be erased for a guardian": lambda story: ask_erasure_as_guardian(story, guardians_of(story.storyteller_id)[0]),
    "to be erased for the team": lambda story: ask_erasure(story, Role.SAFEGUARDING_LEAD, now=False, actor=lead()),
}


def shown() -> set[str]:
    return set(db.session.scalars(select(Showing.story_id)))


def test_whatever_was_taken_back_after_the_backup_is_dark_after_the_restore(
    backend: str, new_machine: NewMachine, chosen: dict[str, Any], survived: dict[str, Any]
) -> None:
    told = make_several([*AFTER, "untouched"])
    data, keys = back_up()
    for name, act in AFTER.items():
        act_on(told[name], act)
    untouched = {told.pop("untouched")}
    with new_machine(backend, **chosen, **survived).app_context():
        said = done(run("restore", "--here", data, keys))
        assert f"suspended: {len(AFTER)} stories" in said
        assert shown() == untouched
        suspensions = open_suspensions()
        assert {each.story_id for each in suspensions} == set(told.values())
        assert {each.asked_by for each in suspensions} == {Asker.RESTORE}
        assert {each.story_id: each.at for each in withdrawals()} == outside().revocations.read().withdrawn
        assert (verify(), list(differences())) == (None, [])
        act_on(told["hidden"], lambda _story: decide_suspension(lead(), suspensions[0]))
        decided = {suspensions[0].story_id}
        sweep()
        assert shown() == untouched | decided
        assert {each.story_id for each in open_suspensions()} == set(told.values()) - decided


def test_what_was_hidden_by_a_clock_that_was_put_right_is_dark_after_the_restore(
    backend: str, new_machine: NewMachine, chosen: dict[str, Any], survived: dict[str, Any]
) -> None:
    told = make_several(["hidden", "untouched"])
    with clock.fixed(clock.now() + timedelta(days=10)):
        for story_id in told.values():
            act_on(story_id, hide_and_show_again)
    data, keys = back_up()
    act_on(told["hidden"], lambda story: hide(story, Party.CHILD))
    with new_machine(backend, **chosen, **survived).app_context():
        assert "suspended: 1 stories" in done(run("restore", "--here", data, keys))
        assert shown() == {told["untouched"]}


def test_archives_hear_what_is_not_shown_again_and_are_told_the_rest_anew(
    backend: str, new_machine: NewMachine, chosen: dict[str, Any], survived: dict[str, Any]
) -> None:
    with transaction():
        hidden, erased, kept = (make_shown(("gallery", "embed", "archive")).id for _ in range(3))
    data, keys = back_up()
    act_on(hidden, lambda story: hide(story, Party.CHILD))
    act_on(erased, lambda story: ask_erasure(story, Role.CHILD, now=True))
    with (
        new_machine(backend, **chosen, **survived).app_context(),
        clock.fixed(clock.now() + timedelta(days=3)),
    ):
        done(run("restore", "--here", data, keys))
        today = clock.now().date()
        told = [elsewhere.record(story_id) for story_id in (hidden, erased, kept)]
        assert [record and (record.told_on, record.gone) for record in told] == [
            (today, True),
            (today, True),
            (today, False),
        ]


def test_the_newest_keys_archive_tells_it_when_the_ledger_is_lost_with_the_machine(
    backend: str, new_machine: NewMachine, chosen: dict[str, Any]
) -> None:
    told = make_several(["hidden", "shown"])
    data, _ = back_up()
    act_on(told["hidden"], AFTER["hidden"])
    _, keys = back_up()
    with new_machine(backend, **chosen).app_context():
        assert "suspended: 1 stories" in done(run("restore", data, keys))
        assert shown() == {told["shown"]}
        assert outside().revocations.read().withdrawn.keys() == {told["hidden"]}


def test_what_the_backup_knows_of_is_not_suspended(
    backend: str, new_machine: NewMachine, chosen: dict[str, Any], survived: dict[str, Any]
) -> None:
    told = make_several(["hidden", "shown again", "looked into"])
    act_on(told["hidden"], AFTER["hidden"])
    act_on(told["shown again"], hide_and_show_again)
    act_on(told["looked into"], open_and_close_a_case)
    data, keys = back_up()
    with new_machine(backend, **chosen, **survived).app_context():
        assert "suspended: 0 stories" in done(run("restore", "--here", data, keys))
        assert shown() == {told["shown again"], told["looked into"]}


def test_what_was_given_again_after_the_backup_stays_dark_until_a_lead_has_asked(
    backend: str, new_machine: NewMachine, chosen: dict[str, Any], survived: dict[str, Any]
) -> None:
    told = make_several(["shown again", "hidden before"])
    act_on(told["hidden before"], AFTER["hidden"])
    data, keys = back_up()
    act_on(told["shown again"], AFTER["hidden"])
    for story_id in told.values():
        act_on(story_id, show_again)
    with new_machine(backend, **chosen, **survived).app_context():
        assert "suspended: 1 stories" in done(run("restore", "--here", data, keys))
        assert [each.story_id for each in open_suspensions()] == [told["shown again"]]
        assert shown() == set()


def test_a_refusal_of_what_was_not_shown_yet_is_not_forgotten(
    backend: str, new_machine: NewMachine, chosen: dict[str, Any], survived: dict[str, Any]
) -> None:
    with transaction():
        story = make_submitted()
        child_says(story, {"gallery": "yes"})
        guardian_says(story, make_guardian(story.storyteller), {"gallery": "yes"})
        refusing, story_id = make_guardian(story.storyteller, name="Ion Popescu").id, story.id
    data, keys = back_up()
    named = {guardian.id: guardian for guardian in guardians_of(story.storyteller_id)}
    act_on(story_id, lambda story: guardian_says(story, named[refusing], {"gallery": "no"}))
    with new_machine(backend, **chosen, **survived).app_context():
        done(run("restore", "--here", data, keys))
        with clock.fixed(clock.now() - timedelta(days=9)):
            act_on(story_id, approve)
        assert (is_held(story_id), shown()) == (True, set())
        suspension = open_suspensions()[0]
        act_on(story_id, lambda _story: decide_suspension(lead(), suspension))
        assert shown() == {story_id}, "the refusal is lost, so only the suspension kept it dark"


def test_a_suspension_that_stood_already_does_not_stand_for_what_was_taken_back_later(
    backend: str, new_machine: NewMachine, chosen: dict[str, Any], survived: dict[str, Any]
) -> None:
    told = make_several(["suspended"])
    act_on(told["suspended"], AFTER["suspended"])
    data, keys = back_up()
    act_on(told["suspended"], AFTER["hidden"])
    with new_machine(backend, **chosen, **survived).app_context():
        done(run("restore", "--here", data, keys))
        by_asker = {each.asked_by: each for each in open_suspensions()}
        assert by_asker.keys() == {Asker.CARER, Asker.RESTORE}
        for asker, seen in ((Asker.CARER, set()), (Asker.RESTORE, {told["suspended"]})):
            act_on(told["suspended"], lambda _story, asker=asker: decide_suspension(lead(), by_asker[asker]))
            assert shown() == seen


def test_a_moment_before_the_backup_is_no_proof_that_the_backup_knows(
    backend: str, new_machine: NewMachine, chosen: dict[str, Any], survived: dict[str, Any]
) -> None:
    told = make_several(["committed while the backup was read", "shown"])
    data, keys = back_up()
    with clock.fixed(clock.now() - timedelta(days=1)):
        act_on(told["committed while the backup was read"], AFTER["hidden"])
    with new_machine(backend, **chosen, **survived).app_context():
        assert "suspended: 1 stories" in done(run("restore", "--here", data, keys))
        assert shown() == {told["shown"]}


def test_after_a_restore_evidence_still_dies_with_its_story(
    backend: str, new_machine: NewMachine, chosen: dict[str, Any]
) -> None:
    with transaction():
        story = make_shown()
        guardian, caller = guardians_of(story.storyteller_id)[0], make_staff(Role.FACILITATOR)
        said = Ruling({"gallery": "yes"}, "Maria", Relation.MOTHER)
        call = note_call(caller, story, guardian, current("guardian", guardian.locale), "A made-up call.", said)
        story_id, call_id = story.id, call.id
    data, keys = back_up()
    with new_machine(backend, **chosen).app_context():
        done(run("restore", data, keys))
        assert load_key(call_id)
        act_on(story_id, lambda story: ask_erasure(story, Role.CHILD, now=True))
        with pytest.raises(Gone):
            load_key(call_id)
