"""Storytellers, guardians and staff, made by the real actions wherever those are quick enough for a test."""

from datetime import datetime, timedelta
from functools import cache
from itertools import count

from argon2 import PasswordHasher

from app import clock
from app.extensions import db, new_id
from app.people.actions import add_guardian, add_storyteller, declare_guardian, describe, tell_majority
from app.people.authority import Act, accept_act, claim_act
from app.people.cards import approve_card
from app.people.models import Authority, Guardian, Organisation, Staff, Storyteller
from app.people.passwords import seal_totp
from app.people.permissions import Role
from app.people.rules import AgeBand, Basis, Locale, Relation

PASSWORD = "correct horse battery staple"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
INVENTED_NAME = "Firefly"

_numbers = count(1)


@cache
def password_hash() -> str:
    """A hash of `PASSWORD` that is quick to check, as the product's own is not: a hash says how it was made."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def make_storyteller(
    *,
    age_band: AgeBand | None = AgeBand.TEN_TO_TWELVE,
    country: str = "RO",
    locale: Locale = Locale.EN,
    invented_name: str = INVENTED_NAME,
    region: str = "Vaslui",
) -> Storyteller:
    """A child who said who they are; with `age_band=None` one who has not."""
    storyteller = add_storyteller(locale)
    if age_band is not None:
        describe_child(storyteller, age_band, country, invented_name, region)
    db.session.flush()
    return storyteller


def describe_child(
    storyteller: Storyteller,
    age_band: AgeBand,
    country: str,
    invented_name: str = INVENTED_NAME,
    region: str = "Vaslui",
) -> None:
    """What the child says about themselves."""
    describe(storyteller, invented_name=invented_name, age_band=age_band, country=country, region=region)


def make_guardian(
    storyteller: Storyteller,
    *,
    declared: bool = True,
    alone: bool = True,
    relation: Relation = Relation.MOTHER,
    name: str = "Elena Popescu",
    email: str = "",
    until: datetime | None = None,
) -> Guardian:
    """A guardian of a child; a declared parent holds a key, and so does somebody with an act `until` a moment."""
    guardian = add_guardian(storyteller.id, storyteller.locale, email)
    if declared:
        declare_guardian(guardian, name, relation, alone=alone)
    if until is not None:
        make_act(guardian, until)
    return guardian


def make_act(guardian: Guardian, until: datetime, scopes: list[str] | None = None) -> Authority:
    """A court's act that somebody accepted: the guardian holds a key by it, until it runs out."""
    guardian.relation = guardian.relation or Relation.COURT_CARER
    act = claim_act(guardian, Act(Basis.COURT_ACT, "A court's decision, made up.", until, scopes))
    accept_act(make_staff(Role.SAFEGUARDING_LEAD), act)
    return act


def tell_for_good(guardian: Guardian, year: int, month: int) -> None:
    """A guardian told the month of the child's 18th birthday a day ago, and tells it again by a link made now."""
    teller = db.session.get_one(Storyteller, guardian.storyteller_id)
    now = clock.now()
    with clock.fixed(now - timedelta(days=1)):
        tell_majority(teller, guardian, year, month)
    tell_majority(teller, guardian, year, month, now)


def make_organisation(name: str = "") -> Organisation:
    """A partner organisation."""
    organisation = Organisation(name=name or f"Organisation {next(_numbers)}", country="RO")
    db.session.add(organisation)
    db.session.flush()
    return organisation


def make_staff(role: Role = Role.MODERATOR, *, email: str = "", organisation: Organisation | None = None) -> Staff:
    """A member of staff who logs in with `PASSWORD` and `TOTP_SECRET`."""
    staff = Staff(
        id=new_id(),
        organisation_id=(organisation or make_organisation()).id,
        email=email or f"{role.value}-{next(_numbers)}@example.org",
        display_name=role.value.replace("_", " ").title(),
        role=role,
        password_hash=password_hash(),
    )
    staff.totp_sealed = seal_totp(staff.id, TOTP_SECRET)
    db.session.add(staff)
    db.session.flush()
    return staff


def approve_together(staff: Staff, code: str, reference: str) -> None:
    """A colleague says that it is this child, and `staff` says so too."""
    organisation = db.session.get_one(Organisation, staff.organisation_id)
    assert not approve_card(make_staff(Role.FACILITATOR, organisation=organisation), code, reference)
    assert approve_card(staff, code, reference)
