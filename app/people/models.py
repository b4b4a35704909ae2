"""Organisations and staff; storytellers and guardians; and the data keys that make them unreadable again.

Whatever could identify a child or a guardian is sealed with the storyteller's data key. What stays in clear is
what the product computes with: bands, countries, roles.
"""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import clock
from app.extensions import Base, Id, new_id, one_of, where
from app.people.permissions import Role
from app.people.rules import GUARDIAN, AgeBand, Basis, Locale, Relation, new_reference


class DataKey(Base):
    """A data key, wrapped by the keyring. Destroying the row is what erasure means."""

    __tablename__ = "data_key"

    owner_id: Mapped[str] = mapped_column(Id, primary_key=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    kek_id: Mapped[str] = mapped_column(String(32), index=True)
    dies_with: Mapped[str | None] = mapped_column(Id, index=True)
    """Another owner: when that one's key is destroyed, so is this one."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Organisation(Base):
    """A partner: a school, an NGO, the platform's own team."""

    __tablename__ = "organisation"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    country: Mapped[str] = mapped_column(String(2))


class Staff(Base):
    """Somebody with an account. The second factor's secret is sealed with the keyring."""

    __tablename__ = "staff"
    __table_args__ = (CheckConstraint("role NOT IN ('child', 'guardian', 'clock')", name="role_has_account"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    display_name: Mapped[str] = mapped_column(String(80))
    role: Mapped[Role] = mapped_column(one_of(Role))
    locale: Mapped[Locale] = mapped_column(one_of(Locale), default=Locale.EN)
    password_hash: Mapped[str] = mapped_column(String(200))
    totp_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    totp_last_step: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class StaffSession(Base):
    """A log-in: the cookie holds a token, this row its hash; ending the row ends the log-in everywhere."""

    __tablename__ = "staff_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    started_at: Mapped[datetime] = mapped_column(default=clock.now)
    seen_at: Mapped[datetime] = mapped_column(default=clock.now)
    staff: Mapped[Staff] = relationship()


class Storyteller(Base):
    """A child, as little of them as a story needs. `card_hash` opens their stories; the card is never kept."""

    __tablename__ = "storyteller"
    __table_args__ = (
        CheckConstraint("length(country) IN (0, 2)", name="country_is_iso"),
        Index("uq_storyteller_reference", "reference", unique=True),
        *(
            Index(
                f"ix_storyteller_{name}_coming",
                f"{name}_from",
                **where(f"{name}_from IS NOT NULL AND {name}_came_seq IS NULL"),
            )
            for name in ("own_age", "majority")
        ),
        Index("ix_storyteller_asked_next", "asked_next", **where("asked_next IS NOT NULL")),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    reference: Mapped[str | None] = mapped_column(String(9), default=new_reference)
    """Names the child on paper and to a helper who issues a new card. It opens nothing."""
    locale: Mapped[Locale] = mapped_column(one_of(Locale))
    age_band: Mapped[AgeBand | None] = mapped_column(one_of(AgeBand))
    country: Mapped[str] = mapped_column(String(2), default="")
    invented_name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    region_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    card_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    card_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The digits, only until the child confirmed to have them."""
    own_age_from: Mapped[date | None]
    """The day from which the child's own yes is enough where nobody could recognise them; unknown: never.

    It follows from the month that was told last, and counts as `queries.growing_up` says.
    """
    majority_from: Mapped[date | None]
    """The day from which only they decide, about everything; counts as the other."""
    own_age_clear_seq: Mapped[int | None]
    """After which entry of the audit log nobody stands against the first day any more (`growing.settle`).

    None: somebody does, or nobody has told it for good.
    """
    majority_clear_seq: Mapped[int | None]
    """The same of the second."""
    own_age_came_seq: Mapped[int | None]
    """After which entry the first day was seen to have come, by a sure clock (`growing.note_what_has_come`)."""
    majority_came_seq: Mapped[int | None]
    """The same of the second."""
    asked_anew: Mapped[list[list[str | int | None]]] = mapped_column(JSON, default=list, server_default="[]")
    """When they are asked everything anew, as `rules.Asking` writes it; all of them stay."""
    asked_next: Mapped[datetime | None]
    """The first of these moments that was not seen to have come."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Guardian(Base):
    """Somebody who could hold a key to a child's stories; whether they do is said by an `Authority`.

    Contact and name are theirs, so sealed.
    """

    __tablename__ = "guardian"
    __table_args__ = (
        CheckConstraint("left_out_by <> doubted_by", name="a_second_person_leaves_out"),
        Index(
            "ix_guardian_remind_at",
            "remind_at",
            **where("remind_at IS NOT NULL"),
        ),
        Index(
            "ix_guardian_month",
            "told_majority_at",
            **where("majority_holds_from IS NULL"),
        ),
        Index(
            "ix_guardian_doubted",
            "doubted_at",
            "id",
            **where("doubted_at IS NOT NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    storyteller_id: Mapped[str] = mapped_column(ForeignKey("storyteller.id", ondelete="CASCADE"), index=True)
    locale: Mapped[Locale] = mapped_column(one_of(Locale))
    email_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    relation: Mapped[Relation | None] = mapped_column(one_of(Relation))
    told_majority: Mapped[date | None]
    """The day of the child's majority that follows from the month they told."""
    told_majority_at: Mapped[datetime | None]
    """When they first told this month."""
    majority_holds_from: Mapped[datetime | None]
    """Since when it counts: they told the same month again, by a link that was made a day later."""
    declared_seq: Mapped[int] = mapped_column(default=0, server_default="0")
    """After which entry of the audit log they last said who they are."""
    left_out_seq: Mapped[int] = mapped_column(default=0, server_default="0")
    """The same of when they were last left out: should they come back, no yes from before counts."""
    named_by: Mapped[str | None] = mapped_column(Id)
    """The guardian who named them; None where the child or a helper did."""
    doubted_at: Mapped[datetime | None]
    """Since when somebody says that they were named by mistake; a lead decides whether anybody waits for them."""
    doubted_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    """Who of the staff says so; None where they themselves say that nobody gave them the right to decide."""
    doubt_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Why; sealed with the storyteller's key."""
    left_out_at: Mapped[datetime | None]
    """Since when nobody waits for them, as a second person decided."""
    left_out_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    """Who decided so; None where whoever named them named somebody else in their place."""
    asked_at: Mapped[datetime | None]
    """When they were last asked to say who they are, by letter; reminders are not counted."""
    remind_at: Mapped[datetime | None]
    """When they are reminded, should they not have said it by then."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    @property
    def actor(self) -> str:
        """Them, as the audit log names who did something."""
        return GUARDIAN + self.id


class Authority(Base):
    """By what a guardian decides, over which scopes, until when: one that counts, and one claim beside it that waits.

    A parent's own authority counts when they declare it; a court act or an institution's when a second person
    accepted it. The key dies with the act.
    """

    __tablename__ = "authority"
    __table_args__ = (
        CheckConstraint("basis <> 'young_person'", name="a_guardian_is_somebody_else"),
        CheckConstraint("basis <> 'court_act' OR closes_at IS NOT NULL", name="a_court_act_ends"),
        CheckConstraint("opens_at < closes_at", name="begins_before_it_ends"),
        CheckConstraint(
            "basis = 'parent' OR (accepted_at IS NULL) = (accepted_by IS NULL)", name="an_act_is_accepted_by_somebody"
        ),
        CheckConstraint("noted_by <> accepted_by", name="a_second_person_accepts"),
        Index(
            "uq_authority_one_living",
            "guardian_id",
            unique=True,
            **where("ended_at IS NULL AND accepted_at IS NOT NULL"),
        ),
        Index(
            "uq_authority_one_claim",
            "guardian_id",
            unique=True,
            **where("ended_at IS NULL AND accepted_at IS NULL"),
        ),
        Index(
            "ix_authority_waiting",
            "created_at",
            "id",
            **where("ended_at IS NULL AND accepted_at IS NULL"),
        ),
        Index(
            "ix_authority_dying",
            "closes_at",
            **where("ended_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    guardian_id: Mapped[str] = mapped_column(ForeignKey("guardian.id", ondelete="CASCADE"), index=True)
    basis: Mapped[Basis] = mapped_column(one_of(Basis))
    scopes: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    """The scopes an act is limited to; None: all of them."""
    alone: Mapped[bool] = mapped_column(default=False)
    """Whether nobody else decides for the child beside them, as they say themselves."""
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Who decided, when, and the number of the act; sealed with the storyteller's key."""
    noted_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    """Who wrote the note down from a form, a recording or a call; None where the guardian did."""
    opens_at: Mapped[datetime | None]
    """Since when the act holds, where that was said: before then nobody can tell of it."""
    closes_at: Mapped[datetime | None]
    accepted_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    accepted_at: Mapped[datetime | None]
    taken_back_at: Mapped[datetime | None]
    """Its guardian has said by a link that they are a parent, before it was accepted: it can only be refused."""
    said_seq: Mapped[int] = mapped_column(default=0, server_default="0")
    """After which entry of the audit log a yes counts by it: a parent's from when they said so, by an act any."""
    ended_at: Mapped[datetime | None]
    """It ran out, was replaced, refused or given up."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    guardian: Mapped[Guardian] = relationship()

    @property
    def can_be_accepted(self) -> bool:
        """Whether it did not run out, and was not taken back."""
        return self.taken_back_at is None and (self.closes_at is None or clock.now() < self.closes_at)

    @property
    def yes_since(self) -> int | None:
        """After which entry of the audit log a yes counts by it; None: any."""
        return self.said_seq if self.basis is Basis.PARENT or self.said_seq else None


class CardRequest(Base):
    """A child who lost the card asks for a new one on some screen; two helpers say that it is this child.

    They see the code and the reference, and neither the digits nor the story.
    """

    __tablename__ = "card_request"
    __table_args__ = (
        CheckConstraint("(approved_at IS NULL) = (approved_by IS NULL)", name="approved_by_somebody"),
        CheckConstraint(
            "approved_by IS NULL OR (vouched_by IS NOT NULL AND vouched_by <> approved_by)", name="approved_by_another"
        ),
        Index("ix_card_request_code", "code"),
    )

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Of the token in the asking browser's session: only that screen can take the new card."""
    storyteller_id: Mapped[str] = mapped_column(ForeignKey("storyteller.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(String(6))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    vouched_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    """The first of the two."""
    approved_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    approved_at: Mapped[datetime | None]
    taken_at: Mapped[datetime | None]


class GuardianLink(Base):
    """A private link for one guardian; only the token's hash is kept."""

    __tablename__ = "guardian_link"
    __table_args__ = (Index(None, "guardian_id", "created_at"),)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    guardian_id: Mapped[str] = mapped_column(ForeignKey("guardian.id", ondelete="CASCADE"))
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id", ondelete="CASCADE"), index=True)
    token_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The token itself, only while the child may still need to see the link to hand over."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    guardian: Mapped[Guardian] = relationship()
