"""Assets and what was made from them. The bytes lie in the vault, sealed with the story's data key."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import clock
from app.extensions import Base, Id, new_id, one_of, where
from app.media.rules import Alteration, Kind, Purpose, Refusal, State


class Asset(Base):
    """A file handed in. Quarantined until the decode process made renditions of it, or refused it."""

    __tablename__ = "asset"
    __table_args__ = (
        CheckConstraint("size > 0", name="size_is_positive"),
        CheckConstraint("length(sha256) = 64", name="sha256_is_whole"),
        CheckConstraint("(state = 'refused') = (refusal IS NOT NULL)", name="refused_says_why"),
        CheckConstraint(
            # A comparison with NULL would pass the check.
            "state <> 'ready'"
            " OR (kind = 'image' AND coalesce(width, 0) > 0 AND coalesce(height, 0) > 0 AND placeholder IS NOT NULL)"
            " OR (kind = 'sound' AND coalesce(duration_ms, -1) >= 0)",
            name="ready_is_measured",
        ),
        CheckConstraint("attempts >= crashes AND crashes >= 0", name="attempts_are_counted"),
        Index(None, "story_id", "created_at"),
        Index(
            "ix_asset_unfinished",
            "next_attempt_at",
            **where("state = 'quarantined'"),
        ),
        Index(None, "vault_bytes"),  # the quota sums it without touching the table
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id", ondelete="CASCADE"))
    kind: Mapped[Kind] = mapped_column(one_of(Kind))
    state: Mapped[State] = mapped_column(one_of(State), default=State.QUARANTINED)
    alteration: Mapped[Alteration] = mapped_column(one_of(Alteration), default=Alteration.NONE, server_default="none")
    refusal: Mapped[Refusal | None] = mapped_column(one_of(Refusal))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(40))
    width: Mapped[int | None]
    height: Mapped[int | None]
    duration_ms: Mapped[int | None]
    placeholder: Mapped[str | None] = mapped_column(String(400))
    original: Mapped[str] = mapped_column(String(40), server_default="original")
    """What the file is called in the vault: of two that are sent under one id, only the recorded one is read."""
    vault_bytes: Mapped[int] = mapped_column(BigInteger)
    """What the original and its renditions take in the vault."""
    attempts: Mapped[int] = mapped_column(default=0)
    crashes: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime] = mapped_column(default=clock.now)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    @property
    def vault_name(self) -> str:
        """Where the original lies in the vault; also what its ciphertext is bound to."""
        return f"{self.story_id}/{self.id}/{self.original}"


class Rendition(Base):
    """One thing made from an asset, under the random name it has wherever it is shown."""

    __tablename__ = "rendition"
    __table_args__ = (
        CheckConstraint("size > 0", name="size_is_positive"),
        CheckConstraint("length(sha256) = 64", name="sha256_is_whole"),
        CheckConstraint("(width IS NULL) = (height IS NULL)", name="both_sides_or_none"),
        Index(None, "asset_id", "purpose", unique=True),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    asset_id: Mapped[str] = mapped_column(ForeignKey("asset.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(40), unique=True)
    purpose: Mapped[Purpose] = mapped_column(one_of(Purpose))
    media_type: Mapped[str] = mapped_column(String(40))
    width: Mapped[int | None]
    height: Mapped[int | None]
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    asset: Mapped[Asset] = relationship()

    @property
    def vault_name(self) -> str:
        """Where it lies in the vault; also what its ciphertext is bound to."""
        return f"{self.asset.story_id}/{self.asset_id}/{self.name}"
