"""Finding people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import ColumnElement, Row, and_, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from app import clock
from app.audit.models import AuditEntry
from app.audit.rules import Verb
from app.extensions import db
from app.people.hashes import hash_card, hash_token
from app.people.models import Authority, CardRequest, Guardian, GuardianLink, Staff, Storyteller
from app.people.permissions import Permission, may
from app.people.rules import Asking, CardNumber, Since


def by_card(card: CardNumber) -> Storyteller | None:
    """The storyteller whose card this is; takes as long when there is none."""
    return db.session.scalar(select(Storyteller).where(Storyteller.card_hash == hash_card(card)))


def by_link(token: str) -> GuardianLink | None:
    """The guardian's link of this token, whether or not it has run out."""
    return db.session.get(GuardianLink, hash_token(token))


def was_reached(story_id: str, guardian_id: str, since: datetime) -> bool:
    """Whether a guardian was given a link to a story after a moment."""
    newer = exists().where(
        GuardianLink.story_id == story_id, GuardianLink.guardian_id == guardian_id, GuardianLink.created_at > since
    )
    return bool(db.session.scalar(select(newer)))


def guardians_of(storyteller_id: str) -> list[Guardian]:
    """Everybody who was named for a storyteller and not left out since, oldest first."""
    return [guardian for guardian in ever_named(storyteller_id) if guardian.left_out_at is None]


def ever_named(storyteller_id: str) -> list[Guardian]:
    """The same with those who were left out."""
    statement = select(Guardian).where(Guardian.storyteller_id == storyteller_id).order_by(Guardian.created_at)
    return list(db.session.scalars(statement))


def ever_named_for(storyteller_ids: Iterable[str]) -> list[tuple[str, str]]:
    """The ids of the same for many children, each with its child's, in the order in which they were named."""
    statement = select(Guardian.id, Guardian.storyteller_id).where(Guardian.storyteller_id.in_(storyteller_ids))
    return [(row.id, row.storyteller_id) for row in db.session.execute(statement.order_by(Guardian.created_at))]


def is_unheard(guardian: Guardian) -> bool:
    """Whether somebody was named who has not said who they are, and is not left out."""
    return guardian.relation is None and guardian.left_out_at is None


def unheard() -> ColumnElement[bool]:
    """The same of a `Guardian` in a query."""
    return and_(Guardian.relation.is_(None), Guardian.left_out_at.is_(None))


def is_doubted(guardian: Guardian) -> bool:
    """Whether they, or somebody beside the family, say that they were named by mistake."""
    return guardian.doubted_at is not None


def doubted_guardians(limit: int = 100) -> list[tuple[Guardian, str]]:
    """Who is said not to decide, with the child's reference, the longest waiting first."""
    statement = (
        select(Guardian, Storyteller.reference)
        .join(Storyteller, Storyteller.id == Guardian.storyteller_id)
        .where(Guardian.doubted_at.is_not(None), Guardian.left_out_at.is_(None), Storyteller.reference.is_not(None))
        .order_by(Guardian.doubted_at, Guardian.id)
        .limit(limit)
    )
    return [(row.Guardian, row.reference) for row in db.session.execute(statement)]


def key_of(guardian_id: str) -> Authority | None:
    """By what a guardian decides; None when nothing was accepted, or when it has ended."""
    return db.session.scalar(select(Authority).where(Authority.guardian_id == guardian_id, is_key(Authority)))


def claim_of(guardian_id: str) -> Authority | None:
    """What a guardian says they decide by, and a second person has not looked at yet."""
    return db.session.scalar(select(Authority).where(Authority.guardian_id == guardian_id, _is_claim(Authority)))


def authority_of(guardian_id: str) -> Authority | None:
    """What a guardian said last that they decide by, accepted or not; not what can only be refused by now."""
    claim = claim_of(guardian_id)
    return claim if claim is not None and claim.can_be_accepted else key_of(guardian_id)


def is_put_aside(guardian_id: str) -> bool:
    """Whether a lead has still to refuse what they claimed, because it ran out or was taken back."""
    claim = claim_of(guardian_id)
    return claim is not None and not claim.can_be_accepted


def is_key(one: type[Authority]) -> ColumnElement[bool]:
    """Whether an `Authority` in a query gives its guardian a key now."""
    return one.ended_at.is_(None) & one.accepted_at.is_not(None)


def _is_claim(one: type[Authority]) -> ColumnElement[bool]:
    return one.ended_at.is_(None) & one.accepted_at.is_(None)


def left_out_after(guardian_id: str) -> int:
    """After which entry of the audit log a guardian was last left out; 0 for who never was."""
    return db.session.scalar(select(Guardian.left_out_seq).where(Guardian.id == guardian_id)) or 0


def ran_out(guardian_id: str) -> datetime | None:
    """When the newest act of a guardian ran out, if it did."""
    newest = select(Authority.closes_at).where(Authority.guardian_id == guardian_id)
    closes_at = db.session.scalar(newest.order_by(Authority.created_at.desc()).limit(1))
    return closes_at if closes_at is not None and closes_at <= clock.now() else None


_CLAIM = aliased(Authority)
_NAMED = (
    select(Guardian, Authority, _CLAIM.created_at.label("claimed_at"))
    .outerjoin(Authority, (Authority.guardian_id == Guardian.id) & is_key(Authority))
    .outerjoin(_CLAIM, (_CLAIM.guardian_id == Guardian.id) & _is_claim(_CLAIM))
    .where(Guardian.storyteller_id == bindparam("storyteller"))
    .order_by(Guardian.created_at, Guardian.id)
)


@dataclass(frozen=True)
class Deciders:
    """Who decides about a child's stories, the oldest guardian first."""

    keys: list[Authority]
    """By what those decide who hold a key."""
    claimed: frozenset[str]
    """The guardians who say that they decide by something else, which nobody has looked at yet."""
    unheard: bool
    """Whether somebody may decide who is not known to: they never said who they are, or their claim waits."""


def who_decides(storyteller_id: str) -> Deciders:
    """Everybody who decides, and whoever may."""
    rows = named_for(storyteller_id)
    return Deciders(
        keys=[row.Authority for row in rows if row.Authority],
        claimed=frozenset(row.Guardian.id for row in rows if row.claimed_at),
        unheard=any(row.claimed_at or is_unheard(row.Guardian) for row in rows),
    )


def named_for(storyteller_id: str) -> Sequence[Row[Guardian, Authority, datetime]]:
    """Everybody who was ever named, each with the key they hold and since when they claim another, or None."""
    return db.session.execute(_NAMED, {"storyteller": storyteller_id}).all()


def keys_to(storyteller_id: str) -> list[Authority]:
    """The keys alone."""
    return who_decides(storyteller_id).keys


def growing_up(teller: Storyteller) -> tuple[Since | None, Since | None]:
    """From when a young person decides alone where nobody could recognise them, and from when about everything.

    What they said before `seq`, while somebody stood against it, was not asked of somebody who decides alone.
    """
    own_age = _alone(teller.own_age_from, teller.own_age_clear_seq)
    return own_age, _alone(teller.majority_from, teller.majority_clear_seq)


def _alone(day: date | None, seq: int | None) -> Since | None:
    return None if day is None or seq is None else Since(begin_of(day), seq)


def has_come(alone: Since | None) -> bool:
    """Whether they decide alone now."""
    return alone is not None and alone.begins <= clock.now()


def askings(teller: Storyteller) -> list[Asking]:
    """When they were or will be asked everything anew: what they said before holds for a while only."""
    return [Asking.read(kept) for kept in teller.asked_anew]


def asked_anew(teller: Storyteller) -> tuple[Since, ...]:
    """What an answer of theirs must be later than, for each time."""
    return tuple(asking.since for asking in askings(teller))


def coming() -> ColumnElement[bool]:
    """Whether a day of a `Storyteller` has come and was not seen to."""
    today = clock.now().date()
    return or_(
        Storyteller.asked_next <= clock.now(),
        and_(Storyteller.own_age_from <= today, Storyteller.own_age_came_seq.is_(None)),
        and_(Storyteller.majority_from <= today, Storyteller.majority_came_seq.is_(None)),
    )


def begin_of(day: date) -> datetime:
    """Its first moment (UTC)."""
    return datetime.combine(day, time.min, UTC)


def is_of_age(teller: Storyteller) -> bool:
    """Whether a young person decides alone about everything."""
    return has_come(growing_up(teller)[1])


def is_surely_of_age(teller: Storyteller) -> bool:
    """The same by a clock that was sure: for what cannot be undone."""
    return is_of_age(teller) and teller.majority_came_seq is not None


def decides_about_all(guardian: Guardian) -> bool:
    """Whether a guardian holds a key now that reaches as far as there is something to decide.

    An act that is limited to some scopes does not, nor who says that they decide by something else, which nobody has
    looked at; and from majority on nobody else's does.
    """
    held, now = key_of(guardian.id), clock.now()
    if held is None or held.scopes is not None or claim_of(guardian.id) is not None:
        return False
    if held.closes_at is not None and held.closes_at <= now:
        return False
    return not is_of_age(db.session.get_one(Storyteller, guardian.storyteller_id))


def acts_to_rule(limit: int = 100) -> list[Authority]:
    """The acts that wait for somebody to accept them, the longest waiting first."""
    statement = select(Authority).where(_is_claim(Authority)).order_by(Authority.created_at, Authority.id).limit(limit)
    return list(db.session.scalars(statement))


def dead_acts() -> list[str]:
    """The ids of the acts that ran out and were not ended.

    One that nobody has accepted waits on: a lead refuses it. Until then the *no* of the key beside it binds.
    """
    claimed = select(_CLAIM.guardian_id).where(_is_claim(_CLAIM))
    dead = select(Authority.id).where(is_key(Authority), Authority.closes_at <= clock.now())
    return list(db.session.scalars(dead.where(Authority.guardian_id.not_in(claimed)).order_by(Authority.id)))


def by_reference(reference: str) -> Storyteller | None:
    """The storyteller a reference names."""
    return db.session.scalar(select(Storyteller).where(Storyteller.reference == reference))


def is_card_approved(token: str) -> bool:
    """Whether the screen that holds this token can take a new card now."""
    asked = db.session.get(CardRequest, hash_token(token))
    return asked is not None and asked.approved_at is not None and asked.taken_at is None


def link_to_hand_over(story_id: str, guardian_id: str = "") -> GuardianLink | None:
    """The newest link of a story, or of one guardian about it, whose token may still be shown to be handed over."""
    statement = select(GuardianLink).where(GuardianLink.story_id == story_id, GuardianLink.token_sealed.is_not(None))
    if guardian_id:
        statement = statement.where(GuardianLink.guardian_id == guardian_id)
    return db.session.scalar(statement.order_by(GuardianLink.created_at.desc()).limit(1))


def staff_names(ids: set[str]) -> dict[str, str]:
    """Display names by staff id."""
    rows = db.session.execute(select(Staff.id, Staff.display_name).where(Staff.id.in_(ids)))
    return {row.id: row.display_name for row in rows}


def home_of(storyteller_id: str) -> str | None:
    """The organisation whose staff first looked this child up at the desk; None where nobody ever did."""
    statement = (
        select(Staff.organisation_id)
        .join(AuditEntry, AuditEntry.actor == Staff.id)
        .where(AuditEntry.subject == storyteller_id, AuditEntry.verb == Verb.REFERENCE_LOOKED_UP.value)
        .order_by(AuditEntry.seq)
    )
    return db.session.scalars(statement).first()


def knows(staff: Staff, storyteller_id: str) -> bool:
    """Whether a child is at home with this person's organisation, or with none yet. Leads answer for all."""
    if may(staff.role, Permission.CASE_HANDLE):
        return True
    home = home_of(storyteller_id)
    return home is None or home == staff.organisation_id


@dataclass(frozen=True)
class Reissue:
    """That a card was made anew, when, and who said that it was this child."""

    at: datetime
    helpers: tuple[str, str]


def last_reissue(storyteller_id: str) -> Reissue | None:
    """The last time a child's card was made anew."""
    statement = (
        select(CardRequest)
        .where(CardRequest.storyteller_id == storyteller_id, CardRequest.taken_at.is_not(None))
        .order_by(CardRequest.taken_at.desc())
    )
    row = db.session.scalars(statement).first()
    if row is None or row.taken_at is None:
        return None
    one, other = row.vouched_by or "", row.approved_by or ""
    names = staff_names({one, other})
    return Reissue(row.taken_at, (names.get(one, ""), names.get(other, "")))
