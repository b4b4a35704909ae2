"""The showcase: what the public may see, a projection that can be rebuilt at any time; and whom its ends were told."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.extensions import Base, Id, new_id, one_of, where
from app.release.rules import Phase


class Showing(Base):
    """One story at one place, with everything a public page prints, visible from one moment until another."""

    __tablename__ = "showing"
    __table_args__ = (
        CheckConstraint("visible_from < visible_until", name="a_window"),
        Index("ix_showing_wall", "place", "shown_on", "story_id"),
        Index("ix_showing_country", "place", "country", "shown_on", "story_id"),
        Index("ix_showing_language", "place", "locale", "shown_on", "story_id"),
        Index("ix_showing_age", "place", "age_band", "shown_on", "story_id"),
        Index(
            "ix_showing_voices",
            "country",
            "teller",
            "visible_from",
            "visible_until",
            **where("place = 'counts'"),
        ),
        Index("ix_showing_opening", "visible_from"),
        Index("ix_showing_ends", "visible_until"),
    )

    place: Mapped[str] = mapped_column(String(40), primary_key=True)
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id", ondelete="CASCADE"), primary_key=True, index=True)
    visible_from: Mapped[datetime]
    visible_until: Mapped[datetime]
    shown_on: Mapped[date]
    """The sort key of the wall: a day, so that no address tells the exact time of an approval."""
    position: Mapped[int] = mapped_column(default=0)
    """The place in a campaign's order."""
    locale: Mapped[str] = mapped_column(String(8))
    country: Mapped[str] = mapped_column(String(2))
    age_band: Mapped[str] = mapped_column(String(8))
    teller: Mapped[str] = mapped_column(Id, server_default="")
    """Who told it, where numbers are made: they count children. Empty at every other place."""
    theme_mask: Mapped[int]
    medium_mask: Mapped[int]
    body: Mapped[dict[str, Any]]
    tile: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    """The part of `body` that a list prints: a wall of long texts costs no more than one of short ones."""


class ShowingMedia(Base):
    """A public address of a file, and what it takes to answer for it without opening the story."""

    __tablename__ = "showing_media"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id", ondelete="CASCADE"), index=True)
    media_type: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))


class Tokens(TypeDecorator[str]):
    """Tokens in alphabetical order with spaces between; on PostgreSQL a `tsvector` whose own parser is not asked."""

    impl = Text().with_variant(TSVECTOR(), "postgresql")
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or dialect.name != "postgresql":
            return value
        return " ".join(f"'{token}'" for token in value.split())

    def process_result_value(self, value: str | None, _dialect: Dialect) -> str | None:
        return None if value is None else " ".join(sorted(value.replace("'", "").split()))


class SearchEntry(Base):
    """What a story in the gallery is found by. `number` sorts by day: see `indexing.first_number`.

    Its index is `search_index` on both databases: on SQLite a table of FTS5, which follows by triggers.
    """

    __tablename__ = "search_entry"
    __table_args__ = (
        Index("search_index", "words", postgresql_using="gin", postgresql_with={"fastupdate": "off"}).ddl_if(
            dialect="postgresql"
        ),
    )

    number: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id", ondelete="CASCADE"), unique=True)
    words: Mapped[str] = mapped_column(Tokens)


class Departed(Base):
    """A story that was shown once and then was shown nowhere: while that is so, its addresses answer 410."""

    __tablename__ = "departed"

    story_id: Mapped[str] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)


class Unhung(Base):
    """A story that left the gallery: while it is not back, it is gone there and for programs, whoever shows it."""

    __tablename__ = "unhung"

    story_id: Mapped[str] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)


class Unframed(Base):
    """A story that other sites could hold in a frame and then could not: while that is so, its frame answers 410."""

    __tablename__ = "unframed"

    story_id: Mapped[str] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)


class LeftCampaign(Base):
    """A story that was taken back from a campaign that had chosen it: while it is not back, its page there is gone."""

    __tablename__ = "left_campaign"

    place: Mapped[str] = mapped_column(String(40), primary_key=True)
    story_id: Mapped[str] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)


class ArchiveRecord(Base):
    """What archives are told of a story from a moment on: that it is there, new or changed, or that it is gone.

    They may take it while everybody said yes to that, and both the gallery and other sites may show it. Of what was
    told once, the newest row stays for good; rows of later moments say what time alone will change.
    """

    __tablename__ = "archive_record"
    __table_args__ = (Index("ix_archive_record_told", "told_on", "story_id"),)

    story_id: Mapped[str] = mapped_column(Id, primary_key=True)
    since: Mapped[datetime] = mapped_column(primary_key=True)
    told_on: Mapped[date]
    """The day of `since`: all that is told of the moment, and the order of a harvest."""
    gone: Mapped[bool]


class Withdrawal(Base):
    """Something that could be shown of a story was taken back, at the newest such moment.

    A backup of this table tells what the backup knows: whatever the ledger outside the data says of later moments was
    lost with the database. The sweeper sees to it that the ledger says no less than this table.
    """

    __tablename__ = "withdrawal"

    story_id: Mapped[str] = mapped_column(ForeignKey("story.id"), primary_key=True)
    at: Mapped[datetime]


class ReleaseEpoch(Base):
    """One counter, made by the migration, that moves with every change of the showcase; caches are keyed by it."""

    __tablename__ = "release_epoch"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[int]


class PolicyFingerprint(Base):
    """Which settings the showcase is, or is being, brought in line with; one row, made by the migration."""

    __tablename__ = "policy_fingerprint"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(String(64))
    phase: Mapped[Phase] = mapped_column(one_of(Phase))
    after: Mapped[str] = mapped_column(Id)
    """The last story that was done in this phase."""


class ExpiryWatch(Base):
    """Until when the sweeper has looked for showings that ran out; one row, made by the migration."""

    __tablename__ = "expiry_watch"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seen_until: Mapped[datetime]


OPEN = text("acknowledged_at IS NULL AND closed_at IS NULL")


class TakedownNotice(Base):
    """One site to be told that it must not show one story any more. Only ids, so that it can outlive an erasure."""

    __tablename__ = "takedown_notice"
    __table_args__ = (
        CheckConstraint(
            "next_attempt_at IS NULL OR (acknowledged_at IS NULL AND closed_at IS NULL)", name="over_is_over"
        ),
        Index(
            "uq_takedown_notice_one_open",
            "story_id",
            "site_id",
            unique=True,
            **where(OPEN),
        ),
        Index("ix_takedown_notice_due", "next_attempt_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id", ondelete="CASCADE"), index=True)
    site_id: Mapped[str] = mapped_column(ForeignKey("embedding_site.id"))
    places: Mapped[list[str]]
    """Where it could show the story until then: `embed`, `campaign:<id>`."""
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """What the link in its letters ends with, once there was one; sealed as well until it is answered."""
    token_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    attempts: Mapped[int] = mapped_column(default=0)
    chases: Mapped[int] = mapped_column(default=0)
    """How many letters asked again."""
    next_attempt_at: Mapped[datetime | None] = mapped_column(default=clock.now)
    """None once it is over, or was asked about for long enough."""
    told_at: Mapped[datetime | None]
    """Its webhook took the call."""
    mailed_at: Mapped[datetime | None]
    """Its last letter went into the outbox."""
    letter_id: Mapped[str | None] = mapped_column(Id)
    """Its first letter."""
    acknowledged_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    """There is nothing to take away any more: the story may be shown there again, or a newer notice says it all."""
