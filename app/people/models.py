"""Organisations and staff; storytellers and guardians; and the data keys that make them unreadable again.

Whatever could identify a child or a guardian is sealed with the storyteller's data key. What stays in clear is
what the product computes with: bands, countries, roles.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import clock
from app.extensions import Base, Id, new_id, one_of
from app.people.permissions import Role
from app.people.rules import AgeBand, Locale, Relation


class DataKey(Base):
    """A data key, wrapped by the keyring. Destroying the row is what erasure means."""

    __tablename__ = "data_key"

    owner_id: Mapped[str] = mapped_column(Id, primary_key=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    kek_id: Mapped[str] = mapped_column(String(32), index=True)
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
    __table_args__ = (CheckConstraint("length(country) IN (0, 2)", name="country_is_iso"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    locale: Mapped[Locale] = mapped_column(one_of(Locale))
    age_band: Mapped[AgeBand | None] = mapped_column(one_of(AgeBand))
    country: Mapped[str] = mapped_column(String(2), default="")
    invented_name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    region_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    card_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    card_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The digits, only until the child confirmed to have them."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Guardian(Base):
    """Somebody who may hold a key to a child's stories. Contact, name and relation are theirs, so sealed."""

    __tablename__ = "guardian"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    storyteller_id: Mapped[str] = mapped_column(ForeignKey("storyteller.id", ondelete="CASCADE"), index=True)
    locale: Mapped[Locale] = mapped_column(one_of(Locale))
    email_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    relation: Mapped[Relation | None] = mapped_column(one_of(Relation))
    holds_key: Mapped[bool] = mapped_column(default=False)
    key_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


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
