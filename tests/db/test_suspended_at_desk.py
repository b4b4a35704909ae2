"""Whoever helps the family sees distress or a risk: the story is dark from the commit on, and a lead decides."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from alembic import command
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app import clock
from app.adapters import outside
from app.adapters.queue import commit
from app.audit.models import AuditEntry
from app.cli.database import alembic_config, upgrade
from app.errors import Invalid, NotAllowed
from app.extensions import Base, db
from app.people.models import Staff
from app.people.permissions import STAFF_ROLES, Role
from app.release import queries
from app.safeguarding.actions import NOTE_MAX, decide_suspension, suspend, suspend_at_desk
from app.safeguarding.models import Suspension
from app.safeguarding.queries import is_held, open_suspensions, suspension_reason, suspensions_of
from app.safeguarding.rules import Asker, Why
from app.stories.models import Story
from tests.factories.people import make_staff
from tests.factories.stories import make_shown

SAW = "She cried when her aunt spoke of it."


def save() -> None:
    commit(outside().queue)


@pytest.fixture
def story() -> Story:
    made = make_shown()
    save()
    assert queries.story(made.id) is not None
    return made


@pytest.fixture
def helper() -> Staff:
    return make_staff(Role.FACILITATOR)


def test_it_is_dark_from_the_commit_on_until_a_lead_has_decided(story: Story, helper: Staff) -> None:
    assert suspend_at_desk(helper, story, Why.DISTRESS, f" {SAW}\n")
    save()
    assert (is_held(story.id), queries.story(story.id)) == (True, None)
    held = open_suspensions()[0]
    assert (held.asked_by, held.seen_by, held.why) == (Asker.DESK, helper.id, Why.DISTRESS)
    assert held.due_at <= clock.now() + timedelta(hours=24)
    assert suspension_reason(held) == SAW
    decide_suspension(make_staff(Role.SAFEGUARDING_LEAD).id, held)
    save()
    assert queries.story(story.id) is not None


def test_the_audit_says_who_it_was_and_nothing_of_what_they_saw(story: Story, helper: Staff) -> None:
    suspend_at_desk(helper, story, Why.RISK, SAW)
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert entry is not None
    assert (entry.actor, entry.verb, entry.subject) == (helper.id, "story.suspended", story.id)
    assert entry.detail == {"suspension": open_suspensions()[0].id}


def test_asked_again_at_the_desk_only_what_is_said_anew_is_added(story: Story, helper: Staff) -> None:
    other = make_staff(Role.FACILITATOR)
    assert suspend_at_desk(helper, story, Why.DISTRESS, "")
    assert not suspend_at_desk(other, story, Why.DISTRESS, "")
    assert suspend_at_desk(other, story, Why.RISK, SAW)
    assert not suspend_at_desk(helper, story, Why.RISK, f" {SAW} ")
    assert suspend_at_desk(other, story, Why.DISTRESS, SAW)
    assert not suspend_at_desk(other, story, Why.RISK, "")
    assert [(one.seen_by, one.why, suspension_reason(one)) for one in suspensions_of(story.id, Asker.DESK)] == [
        (helper.id, Why.DISTRESS, ""),
        (other.id, Why.RISK, SAW),
        (other.id, Why.DISTRESS, SAW),
    ]
    for one in open_suspensions():
        decide_suspension(make_staff(Role.SAFEGUARDING_LEAD).id, one)
    assert suspend_at_desk(helper, story, Why.RISK, SAW)


@pytest.mark.parametrize("desk_first", [True, False])
def test_what_the_desk_saw_and_what_a_guardian_fears_hide_neither_from_the_lead(
    story: Story, helper: Staff, desk_first: bool
) -> None:
    acts = [
        lambda: suspend_at_desk(helper, story, Why.DISTRESS, SAW),
        lambda: suspend(Asker.GUARDIAN, story, "The uncle must not see it."),
    ]
    for act in acts if desk_first else reversed(acts):
        act()
    reasons = {one.asked_by: suspension_reason(one) for one in open_suspensions()}
    assert reasons == {Asker.DESK: SAW, Asker.GUARDIAN: "The uncle must not see it."}
    (by_guardian,) = suspensions_of(story.id, Asker.GUARDIAN)
    decide_suspension(make_staff(Role.SAFEGUARDING_LEAD).id, by_guardian)
    save()
    assert (is_held(story.id), queries.story(story.id)) == (True, None)


def test_only_whoever_takes_consents_may_and_not_with_any_number_of_words(story: Story, helper: Staff) -> None:
    for role in STAFF_ROLES:
        if role is not Role.FACILITATOR:
            with pytest.raises(NotAllowed):
                suspend_at_desk(make_staff(role), story, Why.RISK, "")
    with pytest.raises(Invalid) as refused:
        suspend_at_desk(helper, story, Why.RISK, "x" * (NOTE_MAX + 1))
    assert (refused.value.code, refused.value.field) == ("note_length", "reason")
    assert open_suspensions() == []


def test_the_desk_is_somebody_who_says_why_and_nobody_else_is(
    story: Story, helper: Staff, refused_by_database: Callable[[Base], bool]
) -> None:
    def row(asked_by: Asker, seen_by: str | None, why: Why | None) -> Suspension:
        return Suspension(story_id=story.id, asked_by=asked_by, seen_by=seen_by, why=why, due_at=clock.now())

    assert not refused_by_database(row(Asker.DESK, helper.id, Why.RISK))
    assert not refused_by_database(row(Asker.CARER, None, None))
    for wrong in ((Asker.DESK, None, Why.RISK), (Asker.DESK, helper.id, None), (Asker.CARER, helper.id, Why.RISK)):
        assert refused_by_database(row(*wrong)), wrong


def test_a_program_of_before_keeps_it_as_dark_and_a_child_is_no_asker_any_more(story: Story, helper: Staff) -> None:
    suspend_at_desk(helper, story, Why.DISTRESS, SAW)
    save()
    db.session.close()
    command.downgrade(alembic_config(), "0025")
    assert askers() == ["carer"]
    change_asker("child")
    upgrade()
    assert askers() == ["carer"]
    with pytest.raises(IntegrityError, match="ck_suspension_asker"):
        change_asker("child")


def askers() -> list[str]:
    with db.engine.connect() as connection:
        return list(connection.scalars(text("SELECT asked_by FROM suspension")))


def change_asker(asked_by: str) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE suspension SET asked_by = :asked_by"), {"asked_by": asked_by})
