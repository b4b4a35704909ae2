"""What happens to people: staff are added, storytellers get cards, guardians get links."""

import secrets
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta

from sqlalchemy import select

from app import clock
from app.adapters import outside
from app.audit.actions import order, record
from app.audit.rules import Verb
from app.errors import Conflict, Invalid, NotAllowed
from app.extensions import db, new_id
from app.people import authority
from app.people.growing import grew_up, settle
from app.people.hashes import hash_card, hash_token
from app.people.keys import create_key, destroy_key, seal, seal_all
from app.people.letters import forget_letters
from app.people.line import lock_stories_of
from app.people.models import Guardian, GuardianLink, Organisation, Staff, Storyteller
from app.people.passwords import hash_password, new_totp, seal_totp
from app.people.permissions import Permission, Role, may
from app.people.queries import claim_of, ever_named, key_of
from app.people.rules import (
    BASIS_OF_RELATION,
    NAME_MAX,
    REGION_MAX,
    AgeBand,
    Basis,
    CardNumber,
    Locale,
    Relation,
    first_of_next_month,
    fits_band,
    is_address_like,
    new_card,
)
from app.people.sessions import close_all_sessions

TOKEN_BYTES = 32
MONTHS = 12
GROWING = 12
"""Years from the youngest child's story to majority."""


def add_storyteller(locale: Locale) -> Storyteller:
    """A new storyteller with a data key and nothing else known."""
    storyteller = Storyteller(id=new_id(), locale=locale)
    db.session.add(storyteller)
    create_key(storyteller.id)
    return storyteller


def describe(storyteller: Storyteller, *, invented_name: str, age_band: AgeBand, country: str, region: str) -> None:
    """What a child says about themselves: an invented name, a band, a country (or none of ours), a region."""
    name, place = invented_name.strip(), region.strip()
    if len(name) > NAME_MAX:
        raise Invalid("name_too_long", "invented_name")
    if is_address_like(name):
        raise Invalid("name_like_address", "invented_name")
    if len(place) > REGION_MAX:
        raise Invalid("region_too_long", "region")
    storyteller.age_band, storyteller.country = age_band, country
    sealed = seal_all(storyteller.id, {"invented_name": name, "region": place})
    storyteller.invented_name_sealed, storyteller.region_sealed = sealed.values()


def tell_majority(
    storyteller: Storyteller, guardian: Guardian, year: int, month: int, link_made_at: datetime | None = None
) -> None:
    """A guardian tells the month of the child's 18th birthday; only the days that follow from it are kept.

    They count when everybody who holds a key has told the same (`growing.settle`), each twice, the second time by a
    link that was made a day later: whoever finds one cannot take a guardian's no away. A month that has passed since
    the child told a story can be told too. Raises `Invalid("majority_month")` for a month in which no child of ours
    comes of age, `Invalid("majority_band")` for one that does not fit the age band that this child told us.
    """
    if not (1 <= month <= MONTHS and MINYEAR <= year < MAXYEAR):
        raise Invalid("majority_month", "majority")
    now, birthday, band = clock.now(), date(year, month, 1), storyteller.age_band
    first, majority = storyteller.created_at.date(), first_of_next_month(birthday)
    is_known = majority == storyteller.majority_from
    if not is_known and not (first.year, first.month) <= (year, month) <= (now.year + GROWING, now.month):
        raise Invalid("majority_month", "majority")
    if band is not None and not fits_band(band, first, birthday):
        raise Invalid("majority_band", "majority")
    lock_stories_of(storyteller.id)
    if majority != storyteller.majority_from:
        if grew_up(storyteller):
            raise Invalid("majority_month", "majority")  # it has come: nobody takes it away
        storyteller.own_age_came_seq = storyteller.majority_came_seq = None
    storyteller.majority_from = majority
    if guardian.told_majority != majority or guardian.told_majority_at is None or guardian.told_majority_at > now:
        guardian.told_majority, guardian.told_majority_at, guardian.majority_holds_from = majority, now, None
    elif may_tell_again(guardian, link_made_at):
        guardian.majority_holds_from = now
    db.session.flush()
    record(guardian.actor, Verb.MAJORITY_TOLD, storyteller.id)
    settle(storyteller)
    db.session.flush()


def may_tell_again(guardian: Guardian, link_made_at: datetime | None) -> bool:
    """Whether a month that was told once may be told for good, by a link that was made then."""
    if link_made_at is None or guardian.told_majority_at is None or guardian.majority_holds_from is not None:
        return False
    wait = outside().settings.confirm_after
    return link_made_at >= guardian.told_majority_at + wait


def issue_card(storyteller: Storyteller) -> CardNumber:
    """Give a storyteller a card; it stays readable only until `forget_card`."""
    card = new_card()
    storyteller.card_hash = hash_card(card)
    storyteller.card_sealed = seal(storyteller.id, "card", card.digits)
    return card


def forget_card(storyteller: Storyteller) -> None:
    """The child has the card: from now on only its hash exists."""
    storyteller.card_sealed = None


def add_guardian(storyteller_id: str, locale: Locale, email: str = "", named_by: str | None = None) -> Guardian:
    """A guardian whom the child named, or the guardian `named_by`; whether they hold a key is theirs to declare."""
    guardian = Guardian(id=new_id(), storyteller_id=storyteller_id, locale=locale, named_by=named_by)
    readdress_guardian(guardian, locale, email)
    db.session.add(guardian)
    db.session.flush()
    return guardian


def name_guardian(staff: Staff, storyteller: Storyteller, locale: Locale) -> Guardian:
    """A helper beside the family names somebody else who may decide; who they are is theirs to declare."""
    if not may(staff.role, Permission.CONSENT_TAKE):
        raise NotAllowed
    guardian = add_guardian(storyteller.id, locale)
    record(staff.id, Verb.GUARDIAN_NAMED, storyteller.id, guardian=guardian.id)
    return guardian


def readdress_guardian(guardian: Guardian, locale: Locale, email: str = "") -> None:
    """Whoever named a guardian says how they can be reached: by letter, or by a link to hand over."""
    guardian.locale = locale
    guardian.email_sealed = seal(guardian.storyteller_id, f"email:{guardian.id}", email) if email else None


def declare_guardian(
    guardian: Guardian,
    name: str,
    relation: Relation,
    *,
    alone: bool = False,
    said_seq: int | None = None,
    yes_since: int | None = None,
    claim_is: authority.Claim = authority.Claim.TAKEN_BACK,
) -> None:
    """A guardian says who they are, and whether they decide alone. Only a parent holds a key by saying so.

    `said_seq`: after which entry of the audit log they said it, where that was not now; `yes_since`: after which a yes
    of theirs counts by it, where that is not the same; `claim_is`: what becomes of what a parent claimed before.
    """
    if guardian.relation is None or guardian.left_out_at is not None:
        _hear(guardian)
    guardian.name_sealed = seal(guardian.storyteller_id, f"name:{guardian.id}", name)
    guardian.relation = relation
    if guardian.doubted_by is None:
        guardian.doubted_at = None  # it was only they themselves who said that they do not decide
    guardian.declared_seq = order() if said_seq is None else said_seq
    if BASIS_OF_RELATION[relation] is Basis.PARENT:
        since = guardian.declared_seq if yes_since is None else yes_since
        authority.declare_parent(guardian, since, alone=alone, claim_is=claim_is)


def introduce(
    guardian: Guardian,
    name: str,
    relation: Relation,
    *,
    alone: bool,
    act: authority.Act | None,
    said_seq: int | None = None,
    noted_by: str | None = None,
) -> None:
    """Who somebody is, as they said beside an answer that is older than the story or the questions.

    A parent's no has a parent's key by it, which takes the place of an act they decided by; and it loosens nothing. No
    yes from before counts by that key, and what they claimed before is only waited for. What they have said of
    themselves since `said_seq` stands, but for that another parent decides beside them, and that who has no parent's
    key has one. Raises `Conflict` for what is from before they were left out, `Invalid` as `claim_act` does.
    """
    seq = order() if said_seq is None else said_seq
    if guardian.left_out_at is not None and seq < guardian.left_out_seq:
        raise Conflict("left_out")
    held, has_said_since = key_of(guardian.id), guardian.declared_seq > seq
    stands = has_said_since or claim_of(guardian.id) is not None
    if BASIS_OF_RELATION[relation] is Basis.PARENT:
        if held is not None and held.basis is Basis.PARENT:
            if not alone:
                authority.decide_together(guardian)
            if not has_said_since:
                authority.take_back_claim(guardian)
        elif not stands:
            declare_guardian(guardian, name, relation, alone=alone, said_seq=seq, yes_since=order())
        else:
            claim_is = authority.Claim.STAYS if has_said_since else authority.Claim.TAKEN_BACK
            authority.declare_parent(guardian, order(), alone=alone, claim_is=claim_is)
    elif act is not None and not stands:
        declare_guardian(guardian, name, relation, said_seq=seq, yes_since=order())
        authority.claim_act(guardian, act, noted_by)


def _hear(guardian: Guardian) -> None:
    """Whoever was waited for, or left out, is heard. A doubt that nobody has decided about stays.

    Who was left out begins anew: it may have been somebody else who said yes, or told the month, in their name.
    """
    guardian.remind_at = None
    if guardian.left_out_at is not None:
        guardian.doubted_at = guardian.left_out_at = None
        guardian.doubted_by = guardian.doubt_sealed = guardian.left_out_by = None
        guardian.told_majority = guardian.told_majority_at = guardian.majority_holds_from = None


def issue_link(guardian: Guardian, story_id: str, *, keep_readable: bool) -> str:
    """A fresh private link token for `guardian` about one story; older links keep working until they expire.

    With `keep_readable` the token stays sealed beside its hash, for a child who hands the link over.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = GuardianLink(
        token_hash=hash_token(token),
        guardian_id=guardian.id,
        story_id=story_id,
        token_sealed=seal(guardian.storyteller_id, f"link:{guardian.id}", token) if keep_readable else None,
        expires_at=clock.now() + timedelta(days=outside().settings.link_days),
    )
    db.session.add(link)
    db.session.flush()
    return token


def erase_storyteller(storyteller: Storyteller) -> None:
    """Forget a storyteller: key, card and everything that was sealed; guardians and links go with it."""
    destroy_key(storyteller.id)
    forget_letters(storyteller.id)
    storyteller.card_hash = storyteller.card_sealed = None
    storyteller.invented_name_sealed = storyteller.region_sealed = None
    storyteller.age_band, storyteller.country, storyteller.reference = None, "", None
    storyteller.own_age_from = storyteller.majority_from = None
    storyteller.own_age_clear_seq = storyteller.majority_clear_seq = None
    storyteller.own_age_came_seq = storyteller.majority_came_seq = None
    storyteller.asked_anew, storyteller.asked_next = [], None
    for guardian in ever_named(storyteller.id):
        guardian.email_sealed = guardian.name_sealed = guardian.doubt_sealed = guardian.told_majority = None
        guardian.told_majority_at = guardian.majority_holds_from = None
        guardian.remind_at = None


def add_staff(organisation: Organisation, email: str, display_name: str, role: Role) -> tuple[Staff, str, str]:
    """A new staff account: the row, its random password and its TOTP secret, both shown once.

    Raises `Conflict("account_exists")` where the address has one, active or not.
    """
    address = email.strip().lower()
    if db.session.scalar(select(Staff.id).where(Staff.email == address)) is not None:
        raise Conflict("account_exists")
    password, totp = secrets.token_urlsafe(15), new_totp()
    staff = Staff(
        id=new_id(),
        organisation_id=organisation.id,
        email=address,
        display_name=display_name,
        role=role,
        password_hash=hash_password(password),
    )
    staff.totp_sealed = seal_totp(staff.id, totp)
    db.session.add(staff)
    db.session.flush()
    record("cli", Verb.STAFF_CREATED, staff.id, role=role.value)
    return staff, password, totp


def deactivate_staff(staff: Staff) -> None:
    """Somebody does not work here any more: no log-in works, and what was logged in is out."""
    staff.active = False
    close_all_sessions(staff.id)
    record("cli", Verb.STAFF_DEACTIVATED, staff.id)


def reset_second_factor(staff: Staff) -> str:
    """A new TOTP secret, shown once, for somebody who lost theirs; what was logged in with the old one is out."""
    totp = new_totp()
    staff.totp_sealed, staff.totp_last_step = seal_totp(staff.id, totp), 0
    close_all_sessions(staff.id)
    record("cli", Verb.STAFF_FACTOR_RESET, staff.id)
    return totp
