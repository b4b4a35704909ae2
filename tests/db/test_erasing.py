"""Erasing by a guardian who decides and by a lead: who may ask, who may stop it, and what the child still can."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.adapters import outside
from app.adapters.queue import commit
from app.audit.models import AuditEntry
from app.cli.sweeper import erase_due, round_of
from app.consent.actions import hide
from app.consent.naming import doubt, leave_out
from app.consent.rules import Party
from app.errors import Conflict, Gone, Invalid, NotAllowed
from app.extensions import db
from app.people.actions import declare_guardian
from app.people.authority import Act, claim_act
from app.people.growing import note_what_has_come, settle
from app.people.models import Authority, Guardian, Staff
from app.people.permissions import STAFF_ROLES, Role
from app.people.queries import decides_about_all, guardians_of
from app.people.rules import Basis, Relation
from app.release.models import Showing
from app.safeguarding.actions import close_case, erase_story, open_case
from app.safeguarding.models import Case
from app.safeguarding.queries import erasure_reason
from app.safeguarding.rules import Level
from app.stories import actions
from app.stories.actions import ask_erasure, ask_erasure_as_guardian, can_undo_erasure, undo_erasure
from app.stories.lifecycle import State
from app.stories.models import Story
from app.stories.queries import leaving_among
from app.stories.rules import ERASE_UNDO_DAYS
from tests.factories.people import make_act, make_guardian, make_staff
from tests.factories.stories import begin_story, make_shown, make_submitted

WEEK = timedelta(days=ERASE_UNDO_DAYS)
DAY = timedelta(days=1)
REASON = "The family was found by it, and asks us to."


def save() -> None:
    commit(outside().queue)


def shown() -> list[str]:
    return list(db.session.scalars(select(Showing.story_id)))


def mother_of(story: Story) -> Guardian:
    return guardians_of(story.storyteller_id)[0]


def actor(guardian: Guardian) -> str:
    return f"guardian:{guardian.id}"


def acts(story: Story) -> list[tuple[str, str]]:
    """Who asked, stopped and erased, as the audit log says."""
    about = select(AuditEntry).where(AuditEntry.subject == story.id, AuditEntry.verb.startswith("story.erase"))
    return [(entry.actor, entry.verb) for entry in db.session.scalars(about.order_by(AuditEntry.seq))]


@pytest.fixture
def story() -> Story:
    """Everybody sees it, with a yes of the child and of the mother."""
    story = make_shown()
    save()
    assert shown() == [story.id]
    return story


@pytest.fixture
def lead() -> Staff:
    return make_staff(Role.SAFEGUARDING_LEAD)


@pytest.fixture
def case(story: Story, lead: Staff) -> Case:
    return open_case(lead.id, story, Level.AMBER, "A bruise, drawn twice.")


def unaccepted(guardian: Guardian) -> None:
    declare_guardian(guardian, "Ana Ionescu", Relation.COURT_CARER)
    claim_act(guardian, Act(Basis.COURT_ACT, "A court's decision, made up.", clock.now() + 90 * DAY))


def ran_out(guardian: Guardian) -> None:
    with clock.fixed(clock.now() - 90 * DAY):
        make_act(guardian, clock.now() + 30 * DAY)


def limited(guardian: Guardian) -> None:
    make_act(guardian, clock.now() + 90 * DAY, ["gallery"])


def ended(guardian: Guardian) -> None:
    make_act(guardian, clock.now() + 90 * DAY).ended_at = clock.now()


def unheard(_guardian: Guardian) -> None:
    """Nothing was said."""


def test_whoever_does_not_decide_about_all_of_it_cannot_ask(story: Story) -> None:
    for make in (unheard, unaccepted, ran_out, limited, ended):
        guardian = make_guardian(story.storyteller, declared=False)
        make(guardian)
        db.session.flush()
        assert not decides_about_all(guardian), make
        with pytest.raises(NotAllowed):
            ask_erasure_as_guardian(story, guardian)
    assert (story.erase_after, acts(story)) == (None, [])


def test_a_guardian_of_another_child_cannot_ask(story: Story) -> None:
    stranger = make_guardian(make_submitted().storyteller)
    assert decides_about_all(stranger)
    with pytest.raises(NotAllowed):
        ask_erasure_as_guardian(story, stranger)


def test_a_court_act_over_everything_and_an_institution_decide_as_a_parent_does(story: Story) -> None:
    carer, office = (make_guardian(story.storyteller, declared=False) for _ in range(2))
    make_act(carer, clock.now() + 90 * DAY)
    office.relation = Relation.INSTITUTION
    db.session.add(
        Authority(
            guardian_id=office.id,
            basis=Basis.INSTITUTION,
            accepted_at=clock.now(),
            accepted_by=make_staff(Role.SAFEGUARDING_LEAD).id,
        )
    )
    db.session.flush()
    assert decides_about_all(mother_of(story))
    assert decides_about_all(carer)
    assert decides_about_all(office)


def of_age(story: Story, on: date) -> None:
    """Everybody who decides has told this month."""
    mother, teller = mother_of(story), story.storyteller
    mother.told_majority = teller.majority_from = on
    mother.majority_holds_from = clock.now()
    settle(teller)


def test_from_majority_on_no_guardian_asks_and_what_one_asked_before_is_the_young_persons_to_stop(story: Story) -> None:
    mother, today = mother_of(story), clock.now().date()
    of_age(story, today + DAY)
    ask_erasure_as_guardian(story, mother)
    with pytest.raises(Conflict):
        undo_erasure(story)
    with clock.fixed(clock.now() + DAY):
        assert not decides_about_all(mother)
        with pytest.raises(Conflict):
            undo_erasure(story)  # the clock may be ahead
        note_what_has_come()
        undo_erasure(story)
        with pytest.raises(NotAllowed):
            ask_erasure_as_guardian(story, mother)
    assert acts(story) == [(actor(mother), "story.erase_asked"), ("child", "story.erase_undone")]


def test_nobody_but_the_child_says_now(story: Story) -> None:
    for role in (Role.GUARDIAN, Role.SAFEGUARDING_LEAD, Role.CLOCK):
        with pytest.raises(NotAllowed):
            ask_erasure(story, role, now=True)
    assert story.state is State.APPROVED


def test_others_of_the_team_neither_ask_nor_stop(story: Story, lead: Staff, case: Case) -> None:
    colleagues = [make_staff(role) for role in STAFF_ROLES if role is not Role.SAFEGUARDING_LEAD]
    for colleague in colleagues:
        with pytest.raises(NotAllowed):
            erase_story(colleague, case, REASON)
    erase_story(lead, case, REASON)
    for colleague in colleagues:
        with pytest.raises(Conflict):
            undo_erasure(story, colleague.role, colleague.id)
    assert leaving_among([story.id]) == {story.id}


def test_a_guardians_erasure_is_dark_at_once_and_due_in_a_week(story: Story) -> None:
    mother = mother_of(story)
    ask_erasure_as_guardian(story, mother)
    first = story.erase_after
    save()
    assert shown() == []
    with clock.fixed(clock.now() + DAY):
        ask_erasure_as_guardian(story, mother)
        assert (story.erase_after, len(acts(story))) == (first, 1)
    with clock.fixed(clock.now() + WEEK - timedelta(minutes=1)):
        erase_due()
        assert story.state is State.APPROVED
    with clock.fixed(clock.now() + WEEK):
        erase_due()
    assert (story.state, story.erase_asked_by) == (State.ERASED, actor(mother))
    assert acts(story) == [(actor(mother), "story.erase_asked"), ("clock", "story.erased")]
    with pytest.raises(Conflict):
        undo_erasure(story, Role.GUARDIAN, actor(mother))


def test_only_the_guardian_who_asked_stops_it(story: Story, lead: Staff) -> None:
    mother, father = mother_of(story), make_guardian(story.storyteller, name="Ion Popescu", alone=False)
    ask_erasure_as_guardian(story, mother)
    with pytest.raises(Conflict):
        ask_erasure_as_guardian(story, father)
    for role, who in ((Role.CHILD, ""), (Role.GUARDIAN, actor(father)), (lead.role, lead.id)):
        assert not can_undo_erasure(story, role, who)
        with pytest.raises(Conflict):
            undo_erasure(story, role, who)
    undo_erasure(story, Role.GUARDIAN, actor(mother))
    assert (story.erase_after, story.erase_asked_by) == (None, None)
    with pytest.raises(Conflict):
        undo_erasure(story, Role.GUARDIAN, actor(mother))
    assert acts(story) == [(actor(mother), "story.erase_asked"), (actor(mother), "story.erase_undone")]


def test_after_a_stop_it_is_shown_where_the_answers_allow_it_and_nowhere_else(story: Story) -> None:
    mother = mother_of(story)
    ask_erasure_as_guardian(story, mother)
    save()
    undo_erasure(story, Role.GUARDIAN, actor(mother))
    save()
    assert shown() == [story.id]
    ask_erasure_as_guardian(story, mother)
    hide(story, Party.CHILD)
    save()
    undo_erasure(story, Role.GUARDIAN, actor(mother))
    save()
    assert shown() == []


def test_the_child_cannot_make_somebody_elses_erasure_their_own_but_can_say_now(story: Story) -> None:
    mother = mother_of(story)
    ask_erasure_as_guardian(story, mother)
    with pytest.raises(Conflict):
        ask_erasure(story, Role.CHILD, now=False)
    assert story.erase_asked_by == actor(mother)
    ask_erasure(story, Role.CHILD, now=True)
    assert (story.state, story.erase_asked_by) == (State.ERASED, "child")
    assert acts(story)[1:] == [("child", "story.erase_asked"), ("child", "story.erased")]


def test_what_the_child_asked_is_nobody_elses_to_stop_or_to_ask_again(story: Story, lead: Staff, case: Case) -> None:
    mother = mother_of(story)
    ask_erasure(story, Role.CHILD, now=False)
    with pytest.raises(Conflict):
        ask_erasure_as_guardian(story, mother)
    with pytest.raises(Conflict):
        erase_story(lead, case, REASON)
    for role, who in ((Role.GUARDIAN, actor(mother)), (lead.role, lead.id)):
        with pytest.raises(Conflict):
            undo_erasure(story, role, who)
    undo_erasure(story)
    assert story.erase_after is None


def test_a_lead_says_why_and_any_lead_can_stop_it(story: Story, lead: Staff, case: Case) -> None:
    for nothing in (" ", "x" * 4_001):
        with pytest.raises(Invalid, match="note_length"):
            erase_story(lead, case, nothing)
    erase_story(lead, case, f" {REASON} ")
    assert story.erase_after is not None
    assert story.erase_after - clock.now() <= WEEK
    assert erasure_reason(case) == REASON
    assert REASON.encode() not in (case.erasure_sealed or b"")
    with pytest.raises(Conflict):
        erase_story(lead, case, "Again, with other words.")
    other = make_staff(Role.SAFEGUARDING_LEAD)
    undo_erasure(story, other.role, other.id)
    assert acts(story) == [(lead.id, "story.erase_asked"), (other.id, "story.erase_undone")]


def test_what_a_guardian_asked_for_waits_while_a_case_is_open(story: Story, lead: Staff, case: Case) -> None:
    """It is dark; but a parent does not destroy what a lead has to look at."""
    ask_erasure_as_guardian(story, mother_of(story))
    save()
    with clock.fixed(clock.now() + WEEK):
        erase_due()
        assert (story.state, story.erase_after is None) == (State.APPROVED, False)
        close_case(lead.id, case, "The county office was told within the day.")
        save()
        erase_due()
        assert (story.state, leaving_among([story.id])) == (State.ERASED, set())


def test_an_open_case_does_not_keep_what_the_child_asked_for(story: Story, lead: Staff, case: Case) -> None:
    ask_erasure(story, Role.CHILD, now=False)
    save()
    with clock.fixed(clock.now() + WEEK):
        erase_due()
        assert story.state is State.ERASED
        close_case(lead.id, case, "The county office was told within the day.")


def test_what_somebody_asked_for_who_does_not_decide_is_not_done(story: Story, lead: Staff) -> None:
    father = make_guardian(story.storyteller)
    ask_erasure_as_guardian(story, father)
    save()
    doubt(make_staff(Role.FACILITATOR), father, "A stranger; made up.")
    save()
    with clock.fixed(clock.now() + WEEK):
        erase_due()  # a lead has not looked yet
    assert story.state is State.APPROVED
    leave_out(lead, father)
    save()
    assert (story.erase_after, story.erase_asked_by) == (None, None)
    carer = make_guardian(story.storyteller, declared=False, until=clock.now() + DAY)
    ask_erasure_as_guardian(story, carer)
    save()
    with clock.fixed(clock.now() + WEEK):
        erase_due()
    assert (story.state, story.erase_after, story.erase_asked_by) == (State.APPROVED, None, None)


def test_the_reason_of_a_lead_goes_with_the_story(story: Story, lead: Staff, case: Case) -> None:
    erase_story(lead, case, REASON)
    save()
    with clock.fixed(clock.now() + WEEK):
        erase_due()
    with pytest.raises(Gone):
        erasure_reason(case)


def test_the_database_keeps_no_name_of_an_eraser_without_a_moment(
    story: Story, refused_by_database: Callable[[Story], bool]
) -> None:
    story.erase_asked_by = "child"
    assert refused_by_database(story)


def test_a_draft_is_left_only_after_its_child_was_there_last() -> None:
    with clock.fixed(clock.now() - timedelta(days=20)):
        worked_at, left = begin_story(), begin_story()
        commit(outside().queue)
    with clock.fixed(clock.now() - timedelta(days=10)):
        actions.write(actions.working_version(worked_at), "Still", "I go on with this.")
        commit(outside().queue)
    round_of(erase_due)
    assert [story.state for story in (worked_at, left)] == [State.DRAFT, State.ERASED]
    with clock.fixed(clock.now() + timedelta(days=5)):
        round_of(erase_due)
    assert worked_at.state is State.ERASED
