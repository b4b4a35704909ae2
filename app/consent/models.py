"""The ledger: every answer of every party, in order, never changed; and which texts they were asked with."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.consent.rules import Method, Party
from app.extensions import Base, one_of


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
    )

    seq: Mapped[int] = mapped_column(primary_key=True)
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id"))
    version_number: Mapped[int]
    party: Mapped[Party] = mapped_column(one_of(Party))
    guardian_id: Mapped[str | None] = mapped_column(ForeignKey("guardian.id"))
    scope: Mapped[str] = mapped_column(String(64))
    value: Mapped[str] = mapped_column(String(16))
    method: Mapped[Method] = mapped_column(one_of(Method))
    text_id: Mapped[str] = mapped_column(String(32))
    text_version: Mapped[int]
    text_locale: Mapped[str] = mapped_column(String(8))
    text_sha256: Mapped[str] = mapped_column(String(64))
    answered_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime | None]


class TextRelease(Base):
    """A version of a consent text that this deployment asks, or asked before a newer one.

    `digests` are the SHA-256 of what is shown, by `locale/channel`; a `major` version supersedes the answers that
    were given under older ones.
    """

    __tablename__ = "text_release"
    __table_args__ = (CheckConstraint("version > 0", name="version_counts_from_one"),)

    text_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    major: Mapped[bool]
    published_at: Mapped[datetime]
    digests: Mapped[dict[str, Any]]
