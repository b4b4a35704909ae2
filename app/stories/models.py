"""A story, its immutable versions, the approvals of a version, and the messages with the child.

Words are sealed with the story's data key; public copies of them exist only in `showing`.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import clock
from app.extensions import Base, Id, new_id, one_of, where
from app.people.models import Staff, Storyteller
from app.people.rules import Help, Helper, Locale
from app.stories.lifecycle import State
from app.stories.rules import Author, Beside


class Story(Base):
    """One contribution of one child. Nothing here says "published": that is computed."""

    __tablename__ = "story"
    __table_args__ = (
        CheckConstraint("state <> 'draft' OR submitted_at IS NULL", name="a_draft_was_not_submitted"),
        CheckConstraint("state IN ('draft', 'erased') OR submitted_at IS NOT NULL", name="submitted_has_a_moment"),
        CheckConstraint("state <> 'approved' OR approved_at IS NOT NULL", name="approved_has_a_moment"),
        CheckConstraint("state <> 'erased' OR erase_after IS NOT NULL", name="erased_has_a_moment"),
        CheckConstraint("erase_asked_by IS NULL OR erase_after IS NOT NULL", name="who_asked_has_a_moment"),
        Index("ix_story_queue", "state", "submitted_at", "id"),
        Index("ix_story_erase_after", "erase_after", postgresql_where=text("erase_after IS NOT NULL")),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    storyteller_id: Mapped[str] = mapped_column(ForeignKey("storyteller.id"), index=True)
    client_id: Mapped[str] = mapped_column(String(64), unique=True)
    """Made by the child's browser, so that a repeated submission finds the first one."""
    state: Mapped[State] = mapped_column(one_of(State), default=State.DRAFT)
    locale: Mapped[Locale] = mapped_column(one_of(Locale))
    current: Mapped[int] = mapped_column(default=1)
    """The number of the newest version."""
    themes: Mapped[list[str]] = mapped_column(default=list)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    worked_at: Mapped[datetime | None]
    """When its child last came back to the draft, to the hour."""
    submitted_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    erase_after: Mapped[datetime | None]
    """Somebody asked to erase: nothing is shown from now on, and at this moment the key is destroyed."""
    erase_asked_by: Mapped[str | None] = mapped_column(String(64))
    """Who asked, as in the audit log: `child`, `guardian:<id>` or a staff id. They alone can undo it."""
    storyteller: Mapped[Storyteller] = relationship()


class Version(Base):
    """What a story said at one moment. A draft's version is still written to; afterwards it never changes."""

    __tablename__ = "version"
    __table_args__ = (
        UniqueConstraint("story_id", "number"),
        CheckConstraint("number >= 1", name="counts_from_one"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id", ondelete="CASCADE"))
    number: Mapped[int]
    title_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    text_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    helper: Mapped[Helper | None] = mapped_column(one_of(Helper))
    help: Mapped[Help | None] = mapped_column(one_of(Help))
    digest: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of the words and files, set when the version is handed in."""
    differs: Mapped[bool] = mapped_column(default=False)
    """Whether somebody other than the child changed it, so that the child must accept it first."""
    accepted_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    """The child looked at it and said no: it is never shown."""
    derived_from: Mapped[int | None]
    """The number of the version that somebody else made this one from."""
    made_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class VersionAsset(Base):
    """A file that belongs to a version, in its place."""

    __tablename__ = "version_asset"

    version_id: Mapped[str] = mapped_column(ForeignKey("version.id", ondelete="CASCADE"), primary_key=True)
    asset_id: Mapped[str] = mapped_column(ForeignKey("asset.id", ondelete="CASCADE"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(default=0)


class Approval(Base):
    """One reviewer's yes to one version; void when the story was reopened."""

    __tablename__ = "approval"
    __table_args__ = (
        Index(
            "uq_approval_one_each",
            "story_id",
            "version_number",
            "staff_id",
            unique=True,
            **where("void_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id", ondelete="CASCADE"))
    version_number: Mapped[int]
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    void_at: Mapped[datetime | None]
    staff: Mapped[Staff] = relationship()


class Message(Base):
    """A few words between the child and the people who look after the story."""

    __tablename__ = "message"
    __table_args__ = (
        Index(None, "story_id", "at"),
        Index("ix_message_urgent", "at", **where("urgent")),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id", ondelete="CASCADE"))
    author: Mapped[Author] = mapped_column(one_of(Author))
    body_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    urgent: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The child asks for help: it is read before every story, and waits until somebody has written back."""
    at: Mapped[datetime] = mapped_column(default=clock.now)


class Wording(Base):
    """Words that somebody of the team put beside one version of a story, in one language.

    They are printed once a second person has checked them, for as long as that version is the newest, and not after
    the child said no. There is at most one printed and one unchecked of each.
    """

    __tablename__ = "wording"
    __table_args__ = (
        CheckConstraint("(reviewed_at IS NULL) = (reviewed_by IS NULL)", name="reviewed_by_somebody"),
        CheckConstraint("reviewed_by IS NULL OR reviewed_by <> written_by", name="reviewed_by_another"),
        CheckConstraint("(returned_at IS NULL) = (reason_sealed IS NULL)", name="returned_says_why"),
        CheckConstraint("returned_at IS NULL OR reviewed_at IS NULL", name="returned_was_not_reviewed"),
        CheckConstraint("(kind IN ('caption', 'transcript')) = (length(about) = 22)", name="about_a_file"),
        *(
            Index(
                f"uq_wording_one_{name}",
                *("story_id", "version_number", "kind", "about", "locale"),
                unique=True,
                **where(condition),
            )
            for name, condition in (("checked", "reviewed_at IS NOT NULL"), ("unchecked", "reviewed_at IS NULL"))
        ),
        Index(
            "ix_wording_waiting",
            "written_at",
            **where("reviewed_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id", ondelete="CASCADE"))
    version_number: Mapped[int]
    kind: Mapped[Beside] = mapped_column(one_of(Beside))
    about: Mapped[str] = mapped_column(Id, default="")
    """The picture or the recording; empty for words about the whole story."""
    locale: Mapped[Locale] = mapped_column(one_of(Locale))
    words_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """JSON: see `wordings`."""
    written_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    written_at: Mapped[datetime] = mapped_column(default=clock.now)
    reviewed_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    reviewed_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]
    """Somebody looked at them, and asked for others."""
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    refused_at: Mapped[datetime | None]
    """The child said no."""


class Erasure(Base):
    """What was erased. The sweeper sees to it that the ledger outside the data knows it too. Nobody is identified."""

    __tablename__ = "erasure"

    story_id: Mapped[str] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
