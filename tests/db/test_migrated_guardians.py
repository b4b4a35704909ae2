"""What guardians and children had said when keys, doubts and the order of words came (0022 and 0023) says the same."""

from datetime import datetime, timedelta

import pytest
from alembic import command
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app import clock
from app.cli.database import alembic_config, upgrade
from app.cli.writing import transaction
from app.consent import evidence
from app.consent.evidence import Ruling
from app.consent.models import Evidence
from app.consent.naming import doubt, leave_out
from app.consent.queries import said_by_guardian
from app.extensions import db
from app.people.actions import declare_guardian, tell_majority
from app.people.authority import Act, claim_act
from app.people.models import Guardian, Storyteller
from app.people.permissions import Role
from app.people.queries import claim_of, growing_up, guardians_of, key_of
from app.people.rules import AgeBand, Basis, Relation, months_later
from app.release.facts import facts_of
from app.release.policy import verdict
from app.release.terms import Reason
from app.stories.actions import ask_erasure
from app.stories.models import Story
from tests.db.moments import shown_rows
from tests.factories.people import make_guardian, make_staff, make_storyteller, tell_for_good
from tests.factories.stories import (
    answer_by_link,
    child_says,
    guardian_says,
    make_approved,
    make_shown,
    make_submitted,
    yes_to,
)
from tests.factories.taken import take_from

BEFORE = "0021"
DAY = timedelta(days=1)
CLAIMED = Act(Basis.COURT_ACT, "A court's decision, made up.", clock.now() + 100 * DAY)


def go_back(*changes: str, to: str = BEFORE, **values: object) -> None:
    """Make the database one of before, with what nobody could know who comes back to it."""
    db.session.close()
    command.downgrade(alembic_config(), to)
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE policy_fingerprint SET digest = :of_then"), {"of_then": "0" * 64})
        for change in changes:
            assert connection.execute(text(change), values).rowcount == 1, change


def numbers(table: str, column: str, guardian_id: str) -> list[int]:
    """What a column that tells the order says in the rows of one guardian, the smallest first."""
    statement = text(f"SELECT {column} FROM {table} WHERE guardian_id = :guardian ORDER BY {column}")
    return list(db.session.scalars(statement, {"guardian": guardian_id}))


def reasons(story_id: str, place: str = "gallery") -> set[Reason]:
    return set(verdict(facts_of(db.session.get_one(Story, story_id)), place, clock.now()).reasons)


def test_who_is_waited_for_doubted_or_told_a_month_is_so_afterwards() -> None:
    with transaction():
        teller, staff = make_storyteller(age_band=AgeBand.THIRTEEN_TO_FIFTEEN), make_staff(Role.FACILITATOR)
        waited, unreachable, themselves, doubted, left_out = (
            make_guardian(teller, declared=False, email=email)
            for email in ("a@example.org", "", "c@example.org", "d@example.org", "e@example.org")
        )
        told = make_guardian(teller)
        month = months_later(clock.now().date(), 30)
        tell_for_good(told, month.year, month.month)
        leaving, erased = make_submitted(), make_submitted()
        ask_erasure(leaving, Role.CHILD, now=False)
        ask_erasure(erased, Role.CHILD, now=True)
        ids = {"doubted": doubted.id, "staff": staff.id, "themselves": themselves.id, "left": left_out.id}
        others, stories = (waited.id, unreachable.id, told.id), (leaving.id, erased.id)
    then = clock.now() - DAY
    go_back(
        "UPDATE guardian SET disclaimed_at = :then WHERE id = :themselves",
        "UPDATE guardian SET doubted_by = :staff WHERE id = :doubted",
        "UPDATE guardian SET left_out_at = :then WHERE id = :left",
        then=then if db.engine.name == "postgresql" else then.replace(tzinfo=None).isoformat(" "),
        **ids,
    )
    before = clock.now()
    upgrade()
    found = {row.id: row for row in db.session.scalars(select(Guardian))}
    waited, unreachable, told = (found[one] for one in others)
    assert found[ids["themselves"]].doubted_at == then
    assert found[ids["doubted"]].doubted_at == found[ids["doubted"]].created_at
    assert {row.id for row in found.values() if row.asked_at or row.remind_at} == {waited.id}
    assert waited.asked_at == waited.created_at
    assert waited.remind_at is not None
    assert timedelta(0) <= waited.remind_at - before - 7 * DAY < timedelta(minutes=1)
    assert (unreachable.doubted_at, waited.doubted_at, found[ids["left"]].doubted_at) == (None, None, None)
    assert [row.id for row in found.values() if row.told_majority_at or row.majority_holds_from] == [told.id]
    assert told.majority_holds_from is None
    assert {row.id: row.erase_asked_by for row in db.session.scalars(select(Story))} == dict(
        zip(stories, ("child", None), strict=True)
    )


def test_a_month_counts_when_it_is_told_once_more() -> None:
    with transaction():
        teller = make_storyteller(age_band=AgeBand.SIXTEEN_SEVENTEEN)
        guardian, month = make_guardian(teller), months_later(clock.now().date(), 12)
        tell_for_good(guardian, month.year, month.month)
        assert growing_up(teller) != (None, None)
        ids = teller.id, guardian.id
    go_back()
    upgrade()
    teller, guardian = db.session.get_one(Storyteller, ids[0]), db.session.get_one(Guardian, ids[1])
    assert growing_up(teller) == (None, None)
    with clock.fixed(clock.now() + 2 * DAY):
        tell_majority(teller, guardian, month.year, month.month, clock.now())
        own_age, majority = growing_up(teller)
        assert own_age is not None
        assert majority is not None
        assert own_age.begins < clock.now() < majority.begins


def test_no_yes_from_before_somebody_was_a_parent_counts_and_every_later_one_does() -> None:
    now = clock.now()
    with transaction():
        story, other = make_shown(["gallery", "embed"], guardians=0), make_shown(["gallery", "embed"], guardians=0)
        early, prompt = (make_guardian(one.storyteller, declared=False) for one in (story, other))
        with clock.fixed(now - 3 * DAY):
            guardian_says(story, early, yes_to(["gallery", "embed"]))
        with clock.fixed(now - 2 * DAY):
            for one in (early, prompt):
                declare_guardian(one, "Elena Popescu", Relation.MOTHER, alone=True)
            guardian_says(other, prompt, yes_to(["gallery"]))
        with clock.fixed(now - DAY):
            guardian_says(story, early, yes_to(["embed"]))
            guardian_says(other, prompt, yes_to(["embed"]))
        ids, people = (story.id, other.id), (early.id, prompt.id)
    shown = [shown_rows(one) for one in ids]
    assert [set(one) for one in shown] == [{"embed"}, {"gallery", "embed"}]
    go_back()
    upgrade()
    assert [shown_rows(one) for one in ids] == shown
    assert reasons(ids[0]) == {Reason.GUARDIAN_SILENT}
    assert [numbers("authority", "said_seq", one) for one in people] == [[0], [-1]]
    assert numbers("answer", "said_seq", people[0]) == [-1] * 5 + [0] * 4


def photograph(story: Story, guardian: Guardian, at: datetime) -> Evidence:
    """A form that was photographed at this moment, and waits."""
    with clock.fixed(at):
        return take_from(guardian, story, make_staff(Role.FACILITATOR))


def accept(evidence_id: str, **values: str) -> None:
    """A second person reads these answers from a form."""
    form, reader = db.session.get_one(Evidence, evidence_id), make_staff(Role.SAFEGUARDING_LEAD)
    evidence.accept(reader, form, Ruling(values, "Elena Popescu", Relation.MOTHER, alone=True))


def test_a_form_that_waits_undoes_nothing_newer_and_nothing_older_undoes_it() -> None:
    now = clock.now()
    with transaction():
        story = make_shown(["gallery", "embed", "print"])
        (guardian,) = guardians_of(story.storyteller_id)
        forms = [photograph(story, guardian, now - days * DAY) for days in (5, 4)]
        with clock.fixed(now - 3 * DAY):
            answer_by_link(story, guardian, {"embed": "no"}, now - 4 * DAY)
        forms += [photograph(story, guardian, now - days * DAY) for days in (2, 1)]
        story_id, guardian_id, (first, second, third, fourth) = story.id, guardian.id, [form.id for form in forms]
    go_back()
    upgrade()
    assert numbers("evidence", "taken_seq", guardian_id) == [-4, -3, -1, 0]
    assert set(numbers("answer", "said_seq", guardian_id)) == {-5, -2}
    assert db.session.get_one(Guardian, guardian_id).declared_seq == -2
    with pytest.raises(DBAPIError, match="answer is append-only"), db.session.begin_nested():
        db.session.execute(text("UPDATE answer SET said_seq = 0"))
    accept(second, gallery="no", embed="yes")
    accept(first, gallery="yes", embed="yes")
    said = {scope: given.value for scope, given in said_by_guardian(story_id, guardian_id).items()}
    assert (said["gallery"], said["embed"], said["print"]) == ("no", "no", "yes")  # the older yes, spoken, gave way
    accept(fourth, print="no", embed="yes")
    accept(third, print="yes", embed="no", gallery="yes")
    said = {scope: given.value for scope, given in said_by_guardian(story_id, guardian_id).items()}
    assert (said["gallery"], said["embed"], said["print"]) == ("yes", "yes", "no")
    assert reasons(story_id) == set()
    assert reasons(story_id, "print") == {Reason.GUARDIAN_NO}


def test_who_had_only_handed_in_a_form_says_by_it_who_they_are() -> None:
    with transaction():
        story = make_shown(guardians=0)
        guardian = make_guardian(story.storyteller, declared=False)
        forms = [photograph(story, guardian, clock.now() - days * DAY) for days in (2, 1)]
        story_id, guardian_id, (first, second) = story.id, guardian.id, [form.id for form in forms]
    go_back()
    upgrade()
    accept(first, **yes_to(["gallery"]))
    assert reasons(story_id) == {Reason.EVIDENCE_WAITING}
    evidence.ask_again(make_staff(Role.SAFEGUARDING_LEAD), db.session.get_one(Evidence, second), "It is too dark.")
    assert (reasons(story_id), numbers("authority", "said_seq", guardian_id)) == (set(), [-1])


def grown_up(*, silent: bool) -> Story:
    """A story by somebody who was of own age a hundred days ago or more, and then said nothing, or the same again."""
    now = clock.now()
    with clock.fixed(now - 300 * DAY):
        story = make_approved(age_band=AgeBand.THIRTEEN_TO_FIFTEEN)
        month = months_later((now - 140 * DAY).date(), 24)
        (guardian,) = guardians_of(story.storyteller_id)
        tell_for_good(guardian, month.year, month.month)
    if not silent:
        guardian_says(story, guardian, {"gallery": "no"})
        child_says(story, yes_to(["gallery"]))
    return story


def test_nothing_is_shown_afterwards_that_was_not_and_what_may_be_still_is() -> None:
    with transaction():
        stories = {
            "shown": make_shown(["gallery", "embed"]),
            "refused": make_shown(guardians=2),
            "waiting": make_submitted(),
            "claimed": make_shown(),
            "leaving": make_shown(),
            "erased": make_shown(),
            "silent": grown_up(silent=True),
            "alone": grown_up(silent=False),
        }
        guardian_says(stories["refused"], guardians_of(stories["refused"].storyteller_id)[1], {"gallery": "no"})
        (guardian,) = guardians_of(stories["claimed"].storyteller_id)
        key, claim = key_of(guardian.id), claim_act(guardian, CLAIMED)
        assert key is not None
        ask_erasure(stories["leaving"], Role.CHILD, now=False)
        ask_erasure(stories["erased"], Role.CHILD, now=True)
        held = {"key": key.id, "claim": claim.id}
        ids = {name: story.id for name, story in stories.items()}
    before = {name: shown_rows(story_id) for name, story_id in ids.items()}
    assert {name for name, rows in before.items() if rows} == {"shown", "alone", "silent"}
    assert before["silent"]["gallery"][1] < clock.now() < before["alone"]["gallery"][1]
    go_back(
        "UPDATE authority SET ended_at = created_at WHERE id = :key",
        "UPDATE authority SET ended_at = NULL WHERE id = :claim",  # it had ended the key
        **held,
    )
    upgrade()
    after = {name: shown_rows(story_id) for name, story_id in ids.items()}
    assert after == {name: before[name] if name in ("shown", "silent") else {} for name in ids}
    assert reasons(ids["claimed"]) == {Reason.KEY_GONE}
    assert reasons(ids["silent"]) == {Reason.CHILD_GREW_UP}
    assert reasons(ids["alone"]) == {Reason.GUARDIAN_NO}  # until the month is told once more


def test_back_and_forth_the_key_is_kept_and_the_claim_beside_it_ends() -> None:
    with transaction():
        story = make_shown()
        (guardian,) = guardians_of(story.storyteller_id)
        claim_act(guardian, CLAIMED)
        story_id, guardian_id = story.id, guardian.id
    assert reasons(story_id) == {Reason.KEY_GONE}
    go_back()
    upgrade()
    key = key_of(guardian_id)
    assert (key and key.basis, claim_of(guardian_id)) == (Basis.PARENT, None)
    claim_act(db.session.get_one(Guardian, guardian_id), CLAIMED)
    assert reasons(story_id) == {Reason.KEY_GONE}


def test_what_was_said_before_is_theirs_alone_once_it_is_said_again() -> None:
    told, said, later = (clock.now() - days * DAY for days in (200, 100, 20))
    with clock.fixed(told), transaction():
        story = make_approved([], guardians=0, age_band=AgeBand.SIXTEEN_SEVENTEEN)
        mother, father = (make_guardian(story.storyteller, declared=declared) for declared in (True, False))
        guardian_says(story, mother, {"gallery": "no"})
        tell_for_good(mother, told.year + 1, told.month)
    with clock.fixed(said), transaction():
        child_says(story, yes_to(["gallery"]))
    with clock.fixed(later), transaction():
        doubt(make_staff(Role.FACILITATOR), father, "Made up.")
        leave_out(make_staff(Role.SAFEGUARDING_LEAD), father)
    story_id, before = story.id, [asking[:2] for asking in story.storyteller.asked_anew]
    assert reasons(story_id) == {Reason.GUARDIAN_NO}
    go_back(to="0023")
    upgrade()
    assert reasons(story_id) == {Reason.GUARDIAN_NO}
    story = db.session.get_one(Story, story_id)
    assert [asking[:2] for asking in story.storyteller.asked_anew] == before
    with transaction():
        child_says(story, yes_to(["gallery"]))
    assert reasons(story_id) == set()
