"""Acts of courts and institutions: what they say, who accepts them, and from when until when they give a key."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from app import clock
from app.errors import Conflict, Invalid, NotAllowed
from app.extensions import db
from app.people.authority import Act, accept_act, claim_act, refuse_act
from app.people.models import Authority, Guardian
from app.people.permissions import Role
from app.people.queries import authority_of, claim_of, keys_to
from app.people.rules import Basis
from tests.factories.people import make_act, make_guardian, make_staff, make_storyteller

NOTE = "District court, 12 February 2026, number 7/2026; made up."
DAY = timedelta(days=1)


def keys(guardian: Guardian) -> list[str]:
    return [held.guardian_id for held in keys_to(guardian.storyteller_id)]


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


def test_an_act_is_told_of_from_its_first_day_on_so_that_what_is_decided_by_now_goes_on(carer: Guardian) -> None:
    held = make_act(carer, clock.now() + 20 * DAY)
    other = make_guardian(make_storyteller(), declared=False)
    noted = claim_act(other, Act(Basis.COURT_ACT, NOTE, clock.now() + 300 * DAY))
    noted.opens_at = clock.now() + timedelta(hours=1)  # it is that day already in the east, where it was told
    with pytest.raises(Conflict, match="act_not_yet"):
        accept_act(make_staff(Role.SAFEGUARDING_LEAD), noted)
    coming = Act(Basis.COURT_ACT, NOTE, clock.now() + 300 * DAY, opens_at=held.closes_at)
    with pytest.raises(Invalid, match="act_not_yet"):
        claim_act(carer, coming)
    assert (claim_of(carer.id), keys(carer)) == (None, [carer.id])
    assert held.closes_at is not None
    with clock.fixed(held.closes_at):
        act = claim_act(carer, coming)
        accept_act(make_staff(Role.SAFEGUARDING_LEAD), act)
        assert (keys(carer), act.opens_at, act.closes_at) == ([carer.id], coming.opens_at, coming.closes_at)


@pytest.mark.parametrize("late", [timedelta(), DAY])
def test_an_act_begins_before_it_ends(carer: Guardian, late: timedelta) -> None:
    ends = clock.now() + 100 * DAY
    with pytest.raises(Invalid, match="act_from"):
        claim_act(carer, Act(Basis.COURT_ACT, NOTE, ends, opens_at=ends + late))
    db.session.add(Authority(guardian_id=carer.id, basis=Basis.COURT_ACT, closes_at=ends, opens_at=ends + late))
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_a_new_act_ends_the_old_one(carer: Guardian) -> None:
    first, second = (make_act(carer, clock.now() + days * DAY) for days in (10, 20))
    assert first.ended_at is not None
    assert (authority_of(carer.id), keys(carer)) == (second, [carer.id])
