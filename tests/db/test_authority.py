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
from app.consent.naming import name_other
from app.errors import Conflict, Invalid, NotAllowed
from app.extensions import db
from app.people.actions import declare_guardian, tell_majority
from app.people.authority import Act, accept_act, claim_act, refuse_act
from app.people.growing import note_what_has_come
from app.people.models import Authority, Guardian
from app.people.permissions import Role
from app.people.queries import (
    acts_to_rule,
    authority_of,
    claim_of,
    decides_about_all,
    growing_up,
    has_come,
    key_of,
    keys_to,
)
from app.people.rules import AgeBand, Basis, Relation
from app.release.facts import facts_of
from app.release.policy import verdict
from app.release.terms import Reason
from app.stories.actions import submit
from app.stories.models import Story
from tests.db.moments import shown_rows
from tests.factories.people import make_act, make_guardian, make_staff, make_storyteller, tell_for_good
from tests.factories.stories import (
    answer_by_link,
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


def places(story: Story) -> set[str]:
    """Where it is shown."""
    return set(shown_rows(story.id))


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


def test_whoever_says_that_a_court_appointed_them_keeps_a_parents_key_until_a_second_person_has_looked() -> None:
    carer, lead = make_guardian(make_storyteller(), alone=True), make_staff(Role.SAFEGUARDING_LEAD)
    parents = key_of(carer.id)
    declare_guardian(carer, "Elena Popescu", Relation.COURT_CARER)
    refused, accepted = (claim_act(carer, Act(Basis.COURT_ACT, NOTE, clock.now() + DAY)) for _ in range(2))
    assert (key_of(carer.id), claim_of(carer.id), refused.ended_at is None) == (parents, accepted, False)
    refuse_act(lead, accepted)
    assert (key_of(carer.id), claim_of(carer.id)) == (parents, None)
    act = claim_act(carer, Act(Basis.COURT_ACT, NOTE, clock.now() + DAY))
    accept_act(lead, act)
    assert (key_of(carer.id), claim_of(carer.id)) == (act, None)
    verbs = db.session.scalars(select(AuditEntry.verb).where(AuditEntry.subject == carer.id).order_by(AuditEntry.seq))
    noted = ["act.noted", "act.ended", "act.noted", "act.refused", "act.noted", "act.ended", "act.accepted"]
    assert verbs.all() == ["parent.declared", *noted]


def test_what_a_parent_claims_lifts_no_no_of_theirs_and_their_yes_counts_no_longer() -> None:
    story = make_shown(["gallery", "press"], guardians=0)
    mother, father = (make_guardian(story.storyteller) for _ in range(2))
    guardian_says(story, mother, yes_to(["gallery", "press"]))
    guardian_says(story, father, yes_to(["gallery", "press"]))
    save()
    assert places(story) == {"gallery", "press"}
    act = claim_act(mother, Act(Basis.COURT_ACT, NOTE, clock.now() + DAY))
    save()
    assert places(story) == {"gallery"}  # by the father's yes alone: nobody knows what the mother decides by
    guardian_says(story, mother, {"gallery": "no"})
    save()
    assert places(story) == set()
    refuse_act(make_staff(Role.SAFEGUARDING_LEAD), act)
    save()
    assert places(story) == {"press"}  # as before the claim, but for what she said since


def test_who_wrote_an_act_down_does_not_accept_it(carer: Guardian) -> None:
    lead = make_staff(Role.SAFEGUARDING_LEAD)
    act = claim_act(carer, Act(Basis.COURT_ACT, NOTE, clock.now() + 100 * DAY), lead.id)
    with pytest.raises(NotAllowed):
        accept_act(lead, act)
    assert keys(carer) == []
    accept_act(make_staff(Role.SAFEGUARDING_LEAD), act)
    assert keys(carer) == [carer.id]


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
        tell_for_good(mother, 2026, 3)
        child_says(story, yes_to(["gallery"]))
        save()
        assert reasons(story) == (Reason.COOLING_OFF, Reason.GUARDIAN_NO)
        tell_for_good(father, 2026, 5)
        child_says(story, yes_to(["gallery"]))  # they are asked anew, because their own age has passed by this month
        save()
        assert reasons(story) == (Reason.COOLING_OFF, Reason.GUARDIAN_NO)
    with clock.fixed(datetime(2026, 6, 1, tzinfo=UTC)):
        tell_for_good(mother, 2026, 5)  # what another told can be told again when it has passed
        save()
        assert reasons(story) == (Reason.GUARDIAN_NO,)  # the child was not asked as somebody who decides alone
        note_what_has_come()
        child_says(story, yes_to(["gallery"]))
        save()
        assert reasons(story) == ()
    with clock.fixed(datetime(2026, 6, 2, tzinfo=UTC)):
        make_guardian(story.storyteller)
        save()
        assert reasons(story) == ()  # it has come: nobody takes it away


def test_what_has_come_is_not_taken_away_by_a_later_month_a_claim_or_a_name() -> None:
    with clock.fixed(datetime(2026, 3, 1, tzinfo=UTC)):
        story = make_approved([], guardians=0, age_band=AgeBand.SIXTEEN_SEVENTEEN)
        mother = make_guardian(story.storyteller)
        guardian_says(story, mother, {"gallery": "no"})
        tell_for_good(mother, 2026, 5)
    with clock.fixed(datetime(2026, 7, 1, tzinfo=UTC)):
        note_what_has_come()
        child_says(story, yes_to(["gallery", "press"]))
        save()
        assert has_come(growing_up(story.storyteller)[1])
    with clock.fixed(datetime(2026, 8, 1, tzinfo=UTC)):
        with pytest.raises(Invalid, match="majority_month"):
            tell_majority(story.storyteller, mother, 2027, 1, clock.now())
        make_guardian(story.storyteller, declared=False)
        claim_act(mother, Act(Basis.COURT_ACT, NOTE, clock.now() + DAY))
        save()
        assert reasons(story) == ()
        assert not decides_about_all(mother)


def test_whoever_is_named_in_the_place_of_another_stands_against_a_month_as_they_did() -> None:
    with clock.fixed(datetime(2026, 3, 1, tzinfo=UTC)):
        story = make_approved([], guardians=0, age_band=AgeBand.SIXTEEN_SEVENTEEN)
        mother = make_guardian(story.storyteller)
        father = name_other(mother, mother.locale, "wrong@example.org")
        guardian_says(story, mother, {"gallery": "no"})
        tell_for_good(mother, 2026, 5)
    with clock.fixed(datetime(2026, 7, 1, tzinfo=UTC)):
        child_says(story, yes_to(["gallery"]))
    with clock.fixed(datetime(2026, 8, 1, tzinfo=UTC)):
        name_other(mother, mother.locale, "right@example.org", father)
        save()
        assert reasons(story) == (Reason.GUARDIAN_NO,)


def test_whoever_was_named_before_stands_against_a_month_whenever_they_say_so() -> None:
    with clock.fixed(datetime(2026, 3, 1, tzinfo=UTC)):
        story = make_approved([], guardians=0, age_band=AgeBand.SIXTEEN_SEVENTEEN)
        mother, father = make_guardian(story.storyteller), make_guardian(story.storyteller, declared=False)
        tell_for_good(mother, 2026, 5)
    with clock.fixed(datetime(2026, 7, 1, tzinfo=UTC)):
        child_says(story, yes_to(["gallery"]))
        declare_guardian(father, "Ion Popescu", Relation.FATHER, alone=False)
        guardian_says(story, father, {"gallery": "no"})
        save()
        assert growing_up(story.storyteller) == (None, None)
    with clock.fixed(datetime(2026, 7, 2, tzinfo=UTC)):
        tell_for_good(father, 2026, 8)
        tell_for_good(mother, 2026, 8)
        save()
        assert reasons(story) == (Reason.GUARDIAN_NO,)


def test_a_claim_that_ran_out_meanwhile_ends_no_key() -> None:
    mother = make_guardian(make_storyteller())
    act = claim_act(mother, Act(Basis.COURT_ACT, NOTE, clock.now() + DAY))
    with clock.fixed(clock.now() + 2 * DAY), pytest.raises(Conflict):
        accept_act(make_staff(Role.SAFEGUARDING_LEAD), act)
    assert key_of(mother.id) is not None


def test_a_no_stands_behind_a_yes_of_another_key() -> None:
    """A carer says no, then yes by one link, then that they are the father, by the same link."""
    story = make_shown(["gallery"], guardians=0)
    mother, other = make_guardian(story.storyteller), make_guardian(story.storyteller, declared=False)
    guardian_says(story, mother, yes_to(["gallery"]))
    make_act(other, clock.now() + 100 * DAY)
    link_made_at = clock.now()
    for word in ("no", "yes"):
        answer_by_link(story, other, {"gallery": word}, link_made_at)
    declare_guardian(other, "Ion Popescu", Relation.FATHER, alone=True)
    save()
    assert places(story) == set()


def test_a_month_that_was_told_once_takes_no_no_away() -> None:
    """Whoever finds a link, or was given one to hand over, could tell it."""
    with clock.fixed(datetime(2026, 3, 1, tzinfo=UTC)):
        story = make_approved(["gallery"], guardians=0, age_band=AgeBand.SIXTEEN_SEVENTEEN)
        teller, mother = story.storyteller, make_guardian(story.storyteller)
        guardian_says(story, mother, {"gallery": "no"})
    link_made_at = datetime(2026, 4, 1, tzinfo=UTC)
    for moment, link in ((link_made_at, link_made_at), (link_made_at + 3 * DAY, link_made_at)):
        with clock.fixed(moment):
            tell_majority(teller, mother, 2026, 6, link)  # the same old link, twice
            child_says(story, yes_to(["gallery"]))
            save()
            assert reasons(story) == (Reason.GUARDIAN_NO,)
    with clock.fixed(link_made_at + 4 * DAY):
        tell_majority(teller, mother, 2026, 6, clock.now())
        save()
        assert reasons(story) == (Reason.GUARDIAN_NO,)
        child_says(story, yes_to(["gallery"]))
        save()
        assert reasons(story) == ()


def test_what_was_said_while_the_clock_was_ahead_counts_from_that_day_on() -> None:
    with clock.fixed(datetime(2026, 3, 1, tzinfo=UTC)):
        story = make_approved([], guardians=0, age_band=AgeBand.THIRTEEN_TO_FIFTEEN)
        mother = make_guardian(story.storyteller)
        guardian_says(story, mother, {"gallery": "no"})
        tell_for_good(mother, 2030, 5)
    with clock.fixed(datetime(2029, 1, 1, tzinfo=UTC)):
        child_says(story, yes_to(["gallery"]))
        save()
        assert reasons(story) == ()
    with clock.fixed(datetime(2026, 3, 5, tzinfo=UTC)):
        assert reasons(story) == (Reason.NO_KEY,)


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
    assert refused_by_database(Authority(guardian_id=carer.id, basis=Basis.PARENT, accepted_at=clock.now()))
    claim_act(carer, Act(Basis.INSTITUTION, NOTE, None))
    assert refused_by_database(Authority(guardian_id=carer.id, basis=Basis.INSTITUTION))
    other = make_guardian(make_storyteller(), declared=False)
    assert refused_by_database(Authority(guardian_id=other.id, basis=Basis.COURT_ACT))
    assert refused_by_database(Authority(guardian_id=other.id, basis=Basis.YOUNG_PERSON))
    assert refused_by_database(Authority(guardian_id=other.id, basis=Basis.INSTITUTION, accepted_at=clock.now()))
    assert not refused_by_database(Authority(guardian_id=other.id, basis=Basis.INSTITUTION))
