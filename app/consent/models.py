"""The ledger: every answer of every party, in order, never changed; and which texts they were asked with."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import clock
from app.consent.rules import EvidenceState, Method, Notice, Party
from app.extensions import Base, Id, new_id, one_of, where
from app.people.models import Guardian

CAMPAIGN_YES = text("scope LIKE 'campaign:%' AND value = 'yes'")
"""Which answers a curator's search reads: said in these very words, the databases find them by their index."""


class Answer(Base):
    """One answer, bound to the version of the story and to the exact text that was shown.

    Rows are never updated or deleted; triggers in the database refuse it. They identify nobody once the
    storyteller's key is gone.
    """

    __tablename__ = "answer"
    __table_args__ = (
        CheckConstraint("(party = 'guardian') = (guardian_id IS NOT NULL)", name="guardian_is_named"),
        CheckConstraint("length(text_sha256) = 64", name="text_is_hashed"),
        CheckConstraint(
            "scope IN ('name', 'voice', 'face', 'age', 'place') OR value IN ('yes', 'no', 'unsure')",
            name="scope_is_answered_in_words",
        ),
        CheckConstraint("value <> 'yes' OR expires_at IS NOT NULL", name="a_yes_expires"),
        Index(None, "story_id", "seq"),
        Index(None, "expires_at"),
        Index(
            "ix_answer_unconfirmed",
            "answered_at",
            **where("NOT confirmed"),
        ),
        Index(
            "ix_answer_campaign_yes",
            "scope",
            "story_id",
            **where(CAMPAIGN_YES),
        ),
    )

    seq: Mapped[int] = mapped_column(primary_key=True)
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id"))
    version_number: Mapped[int]
    party: Mapped[Party] = mapped_column(one_of(Party))
    guardian_id: Mapped[str | None] = mapped_column(ForeignKey("guardian.id"))
    scope: Mapped[str] = mapped_column(String(64))
    campaign_title: Mapped[str | None] = mapped_column(Text)
    """What the campaign that was asked about was called then, in the language of the text."""
    value: Mapped[str] = mapped_column(String(16))
    method: Mapped[Method] = mapped_column(one_of(Method))
    text_id: Mapped[str] = mapped_column(String(32))
    text_version: Mapped[int]
    text_locale: Mapped[str] = mapped_column(String(8))
    text_sha256: Mapped[str] = mapped_column(String(64))
    answered_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime | None]
    said_seq: Mapped[int] = mapped_column(default=0, server_default="0")
    """After which entry of the audit log it was said: a form or a voice says it when it is taken."""
    confirmed: Mapped[bool] = mapped_column(default=True, server_default=true())
    """False for the first of the two times that a yes by link is asked for."""
    evidence_id: Mapped[str | None] = mapped_column(ForeignKey("evidence.id"))
    """The form, recording or call the answer was taken from."""


class Evidence(Base):
    """What shows that a guardian answered: a photographed form, a recorded voice, a call that was noted.

    Everything in it is sealed under a data key of its own (`id`), and only the few people who rule about it open it.
    The answers enter the ledger when a second person, who did not take it, accepts it.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint("method IN ('paper', 'voice', 'live')", name="a_method_that_leaves_one"),
        CheckConstraint("(state = 'waiting') = (ruled_at IS NULL)", name="a_ruling_has_a_moment"),
        CheckConstraint("method = 'live' OR ruled_by IS NULL OR ruled_by <> taken_by", name="ruled_by_a_second_person"),
        CheckConstraint("(media_type IS NULL) = (sha256 IS NULL)", name="a_file_is_hashed"),
        Index("ix_evidence_waiting", "state", "taken_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id"), index=True)
    guardian_id: Mapped[str] = mapped_column(ForeignKey("guardian.id"), index=True)
    version_number: Mapped[int]
    method: Mapped[Method] = mapped_column(one_of(Method))
    state: Mapped[EvidenceState] = mapped_column(one_of(EvidenceState), default=EvidenceState.WAITING)
    text_id: Mapped[str] = mapped_column(String(32))
    text_version: Mapped[int]
    text_locale: Mapped[str] = mapped_column(String(8))
    text_sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str | None] = mapped_column(String(40))
    """Of the photograph or recording, which lies in the vault; none for a call."""
    sha256: Mapped[str | None] = mapped_column(String(64))
    witness_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    taken_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    """None where the guardian recorded it alone, by the private link."""
    taken_at: Mapped[datetime] = mapped_column(default=clock.now)
    shown_at: Mapped[datetime | None]
    """When the questions were shown that it answers."""
    taken_seq: Mapped[int] = mapped_column(default=0, server_default="0")
    """After which entry of the audit log it was taken: what its guardian said later stands against it."""
    ruled_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    ruled_at: Mapped[datetime | None]
    guardian: Mapped[Guardian] = relationship()


class GuardianNotice(Base):
    """A guardian was, or is to be, written to again; one row for each reason, so that nobody is written to twice."""

    __tablename__ = "guardian_notice"
    __table_args__ = (UniqueConstraint("guardian_id", "story_id", "kind", "about"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id", ondelete="CASCADE"), index=True)
    guardian_id: Mapped[str] = mapped_column(ForeignKey("guardian.id", ondelete="CASCADE"))
    kind: Mapped[Notice] = mapped_column(one_of(Notice))
    about: Mapped[str] = mapped_column(String(40))
    """What tells two notices of a kind apart: the day an answer runs out and how many days ahead, the moment of the
    last answer that waits, a version, a text."""
    at: Mapped[datetime] = mapped_column(default=clock.now)


class TextRelease(Base):
    """A version of a consent text that this deployment asks, or asked before a newer one.

    `digests` are the SHA-256 of what is shown, as `publishing.digests` gives them; a `major` version supersedes the
    answers that were given under older ones.
    """

    __tablename__ = "text_release"
    __table_args__ = (CheckConstraint("version > 0", name="version_counts_from_one"),)

    text_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    major: Mapped[bool]
    published_at: Mapped[datetime]
    digests: Mapped[dict[str, Any]]
