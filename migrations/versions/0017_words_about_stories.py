"""Captions, transcripts, translations and content notes, each checked by a second person."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KINDS = ("caption", "transcript", "translation", "note")
LOCALES = ("en", "zh", "ro", "it")
ONE = ("story_id", "version_number", "kind", "about", "locale")
CHECKED, UNCHECKED = sa.text("reviewed_at IS NOT NULL"), sa.text("reviewed_at IS NULL")


def one_of(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "wording",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("story_id", sa.String(length=22), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("kind", one_of("beside", *KINDS), nullable=False),
        sa.Column("about", sa.String(length=22), nullable=False),
        sa.Column("locale", one_of("locale", *LOCALES), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("written_by", sa.String(length=22), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_by", sa.String(length=22), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(reviewed_at IS NULL) = (reviewed_by IS NULL)", name=op.f("ck_wording_reviewed_by_somebody")
        ),
        sa.CheckConstraint(
            "reviewed_by IS NULL OR reviewed_by <> written_by", name=op.f("ck_wording_reviewed_by_another")
        ),
        sa.CheckConstraint(
            "(returned_at IS NULL) = (reason_sealed IS NULL)", name=op.f("ck_wording_returned_says_why")
        ),
        sa.CheckConstraint(
            "returned_at IS NULL OR reviewed_at IS NULL", name=op.f("ck_wording_returned_was_not_reviewed")
        ),
        sa.CheckConstraint(
            "(kind IN ('caption', 'transcript')) = (length(about) = 22)", name=op.f("ck_wording_about_a_file")
        ),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_wording_story_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["written_by"], ["staff.id"], name=op.f("fk_wording_written_by")),
        sa.ForeignKeyConstraint(["reviewed_by"], ["staff.id"], name=op.f("fk_wording_reviewed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording")),
    )
    for name, condition in (("checked", CHECKED), ("unchecked", UNCHECKED)):
        op.create_index(
            f"uq_wording_one_{name}",
            "wording",
            list(ONE),
            unique=True,
            sqlite_where=condition,
            postgresql_where=condition,
        )
    op.create_index("ix_wording_waiting", "wording", ["written_at"], sqlite_where=UNCHECKED, postgresql_where=UNCHECKED)


def downgrade() -> None:
    op.drop_table("wording")
