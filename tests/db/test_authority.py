"""By what a guardian decides: a parent's word, a court's act that somebody accepted, and its end."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app import clock
from app.adapters import outside
from app.adapters.queue import commit
from app.audit.models import AuditEntry
from app.audit.rules import Verb
from app.cli.sweeper import end_dead_acts
from app.errors import Conflict, Invalid, NotAllowed
from app.extensions import db
from app.people.actions import declare_guardian, tell_majority
from app.people.authority import Act, accept_act, claim_act, refuse_act
from app.people.models import Authority, Guardian
from app.people.permissions import Role
from app.people.queries import acts_to_rule, authority_of, keys_to
from app.people.rules import AgeBand, Basis, Relation
from app.release.facts import facts_of
from app.release.policy import verdict
from app.release.terms import Reason
from app.stories.actions import submit
from app.stories.models import Story
from tests.factories.people import make_act, make_guardian, make_staff, make_storyteller
from tests.factories.stories import (
    approve,
    begin_story,
    child_says,
    guardian_says,
    make_approved,
    make_shown,
    yes_to,
)

NOTE = "District court, 12 February 2026, number 7/2026; made up."
DAY = timedelta(days=1)


def save() -> None:
    commit(outside().queue)


@pytest.fixture
def carer() -> Guardian:
    """Somebody whom a court appointed, as they say."""
    guardian = make_guardian(make_storyteller(), declared=False)
    declare_guardian(guardian, "Ana Ionescu", Relation.COURT_CARER)
    return guardian


def keys(guardian: Guardian) -> list[str]:
    return [held.guardian_id for held in keys_to(guardian.storyteller_id)]


def test_a_parent_holds_a_key_by_saying_so_and_can_say_anew_who_else_decides() -> None:
    mother = make_guardian(make_storyteller(), alone=True)
    declare_guardian(mother, "Elena Popescu", Relation.MOTHER, alone=False)
    held = authority_of(mother.id)
    assert held is not None
    assert (held.basis, held.alone, keys(mother)) == (Basis.PARENT, False, [mother.id])


def test_a_court_act_gives_a_key_once_a_second_person_accepted_it(carer: Guardian) -> None:
    assert keys(carer) == []
    act = claim_act(carer, Act(Basis.COURT_ACT, NOTE, clock.now() + 100 * DAY))
    assert (keys(carer), acts_to_rule()) == ([], [act])
    accept_act(make_staff(Role.SAFEGUARDING_LEAD), act)
    assert (keys(carer), acts_to_rule()) == ([carer.id], [])
    with pytest.raises(Conflict):
        refuse_act(make_staff(Role.SAFEGUARDING_LEAD), act)


def test_a_refused_act_gives_none(carer: Guardian) -> None:
    act = claim_act(carer, Act(Basis.COURT_ACT, NOTE, clock.now() + 100 * DAY))
    refuse_act(make_staff(Role.SAFEGUARDING_LEAD), act)
    assert (keys(carer), authority_of(carer.id)) == ([], None)


def test_whoever_says_that_a_court_appointed_them_holds_no_parents_key_any_more() -> None:
    carer = make_guardian(make_storyteller(), alone=True)
    assert keys(carer) == [carer.id]
    declare_guardian(carer, "Elena Popescu", Relation.COURT_CARER)
    assert (keys(carer), authority_of(carer.id)) == ([], None)
    assert db.session.scalars(select(AuditEntry.verb).where(AuditEntry.subject == carer.id)).all() == ["act.ended"]


def test_who_wrote_an_act_down_does_not_accept_it(carer: Guardian) -> None:
    lead = make_staff(Role.SAFEGUARDING_LEAD)
    act = claim_act(carer, Act(Basis.COURT_ACT, NOTE, clock.now() + 100 * DAY), lead.id)
    with pytest.raises(NotAllowed):
        accept_act(lead, act)
    assert keys(carer) == []
    accept_act(make_staff(Role.SAFEGUARDING_LEAD), act)
    assert keys(carer) == [carer.id]


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.CURATOR, Role.ADMINISTRATOR])
def test_only_who_rules_about_consent_accepts_an_act(carer: Guardian, role: Role) -> None:
    act = claim_act(carer, Act(Basis.COURT_ACT, NOTE, clock.now() + 100 * DAY))
    for rule in (accept_act, refuse_act):
        with pytest.raises(NotAllowed):
            rule(make_staff(role), act)


@pytest.mark.parametrize(
    ("basis", "note", "until", "field"),
    [
        (Basis.COURT_ACT, " ", DAY, "act_note"),
        (Basis.COURT_ACT, "x" * 401, DAY, "act_note"),
        (Basis.COURT_ACT, NOTE, None, "act_until"),
        (Basis.COURT_ACT, NOTE, -DAY, "act_until"),
        (Basis.INSTITUTION, NOTE, -DAY, "act_until"),
    ],
)
def test_an_act_says_who_decided_and_until_when(
    carer: Guardian, basis: Basis, note: str, until: timedelta | None, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        claim_act(carer, Act(basis, note, None if until is None else clock.now() + until))
    assert refused.value.field == field
    assert authority_of(carer.id) is None


def test_a_new_act_ends_the_old_one(carer: Guardian) -> None:
    first, second = (make_act(carer, clock.now() + days * DAY) for days in (10, 20))
    assert first.ended_at is not None
    assert (authority_of(carer.id), keys(carer)) == (second, [carer.id])


def test_a_key_dies_with_its_act_and_its_holders_no_binds_nobody_then() -> None:
    with clock.fixed(clock.now() - 30 * DAY):
        story = begin_story()
        carer, mother = (make_guardian(story.storyteller, declared=declared) for declared in (False, True))
        make_act(carer, clock.now() + 10 * DAY)
        child_says(story, yes_to(["gallery"]))
        submit(story, Role.CHILD)
        guardian_says(story, carer, {"gallery": "no"})
        guardian_says(story, mother, yes_to(["gallery"]))
        approve(story)
        save()
    assert reasons(story) == (Reason.GUARDIAN_NO,)
    for _again in range(2):
        end_dead_acts()
        assert reasons(db.session.get_one(Story, story.id)) == ()
    ended = select(func.count()).where(AuditEntry.verb == Verb.ACT_ENDED)
    assert db.session.scalar(ended) == 1


def reasons(story: Story) -> tuple[Reason, ...]:
    return verdict(facts_of(story), "gallery", clock.now()).reasons


def test_a_story_goes_dark_at_the_end_of_an_act_without_any_job() -> None:
    story = make_shown(["gallery"], guardians=0)
    carer = make_guardian(story.storyteller, declared=False)
    make_act(carer, clock.now() + 5 * DAY)
    guardian_says(story, carer, yes_to(["gallery"]))
    save()
    assert reasons(story) == ()
    with clock.fixed(clock.now() + 5 * DAY):
        assert reasons(story) == (Reason.KEY_GONE,)


@pytest.mark.parametrize(("country", "own_age"), [("RO", 16), ("LV", 13), ("IT", 14), ("CN", 14)])
def test_of_the_eighteenth_birthday_only_two_days_are_kept(country: str, own_age: int) -> None:
    with clock.fixed(datetime(2026, 3, 1, tzinfo=UTC)):
        teller = make_storyteller(age_band=AgeBand.THIRTEEN_TO_FIFTEEN, country=country)
        tell_majority(teller, make_guardian(teller), 2029, 12)
    assert teller.majority_from is not None
    assert teller.own_age_from is not None
    assert teller.majority_from.isoformat() == "2030-01-01"
    assert teller.own_age_from.isoformat() == f"{2030 - (18 - own_age)}-01-01"


@pytest.mark.parametrize(("year", "month"), [(2026, 2), (2038, 4), (2030, 13), (2030, 0)])
def test_a_month_in_which_no_child_comes_of_age_is_refused(year: int, month: int) -> None:
    teller = make_storyteller()
    with clock.fixed(datetime(2026, 3, 1, tzinfo=UTC)), pytest.raises(Invalid, match="majority_month"):
        tell_majority(teller, make_guardian(teller), year, month)
    assert teller.majority_from is None


def test_one_parent_cannot_take_away_the_others_no_by_telling_a_month() -> None:
    with clock.fixed(datetime(2026, 3, 1, tzinfo=UTC)):
        story = make_approved([], guardians=0, age_band=AgeBand.SIXTEEN_SEVENTEEN)
        mother, father = (make_guardian(story.storyteller) for _ in range(2))
        guardian_says(story, father, {"gallery": "no"})
        tell_majority(story.storyteller, mother, 2026, 3)
        child_says(story, yes_to(["gallery"]))
        save()
        assert reasons(story) == (Reason.COOLING_OFF, Reason.GUARDIAN_NO)
        tell_majority(story.storyteller, father, 2026, 5)
        save()
        assert reasons(story) == (Reason.COOLING_OFF, Reason.GUARDIAN_NO)
    with clock.fixed(datetime(2026, 6, 1, tzinfo=UTC)):
        tell_majority(story.storyteller, mother, 2026, 5)  # what another told can be told again when it has passed
        save()
        assert reasons(story) == ()
        make_guardian(story.storyteller)
        save()
        assert reasons(story) == (Reason.GUARDIAN_NO,)


@pytest.mark.parametrize(("year", "month"), [(2031, 1), (2035, 4)])
def test_a_month_that_does_not_fit_what_the_child_told_is_refused(year: int, month: int) -> None:
    with clock.fixed(datetime(2026, 3, 1, tzinfo=UTC)):
        teller = make_storyteller(age_band=AgeBand.TEN_TO_TWELVE)
    with clock.fixed(datetime(2027, 3, 1, tzinfo=UTC)):  # the band is as old as the story
        with pytest.raises(Invalid, match="majority_band"):
            tell_majority(teller, make_guardian(teller), year, month)
        assert teller.majority_from is None
        tell_majority(teller, make_guardian(teller), 2034, 3)


def test_the_database_refuses_two_living_authorities_and_an_act_without_an_end(
    carer: Guardian, refused_by_database: Callable[[Authority], bool]
) -> None:
    make_act(carer, clock.now() + DAY)
    assert refused_by_database(Authority(guardian_id=carer.id, basis=Basis.INSTITUTION))
    other = make_guardian(make_storyteller(), declared=False)
    assert refused_by_database(Authority(guardian_id=other.id, basis=Basis.COURT_ACT))
    assert refused_by_database(Authority(guardian_id=other.id, basis=Basis.YOUNG_PERSON))
    assert refused_by_database(Authority(guardian_id=other.id, basis=Basis.INSTITUTION, accepted_at=clock.now()))
    assert not refused_by_database(Authority(guardian_id=other.id, basis=Basis.INSTITUTION))
