"""The showcase: what the public may see."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "showing",
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("story_id", sa.String(length=22), nullable=False),
        sa.Column("visible_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("visible_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown_on", sa.Date(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("age_band", sa.String(length=8), nullable=False),
        sa.Column("theme_mask", sa.Integer(), nullable=False),
        sa.Column("medium_mask", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.CheckConstraint("visible_from < visible_until", name=op.f("ck_showing_a_window")),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_showing_story_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("place", "story_id", name=op.f("pk_showing")),
    )
    with op.batch_alter_table("showing", schema=None) as batch_op:
        batch_op.create_index("ix_showing_age", ["place", "age_band", "shown_on", "story_id"], unique=False)
        batch_op.create_index("ix_showing_country", ["place", "country", "shown_on", "story_id"], unique=False)
        batch_op.create_index("ix_showing_language", ["place", "locale", "shown_on", "story_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_showing_story_id"), ["story_id"], unique=False)
        batch_op.create_index("ix_showing_wall", ["place", "shown_on", "story_id"], unique=False)

    op.create_table(
        "showing_media",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("story_id", sa.String(length=22), nullable=False),
        sa.Column("media_type", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_showing_media_story_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_showing_media")),
    )
    with op.batch_alter_table("showing_media", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_showing_media_story_id"), ["story_id"], unique=False)

    op.create_table(
        "departed",
        sa.Column("story_id", sa.String(length=22), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("story_id", name=op.f("pk_departed")),
    )

    op.create_table(
        "release_epoch",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_release_epoch_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_epoch")),
    )
    op.execute("INSERT INTO release_epoch (id, value) VALUES (1, 0)")


def downgrade() -> None:
    op.drop_table("release_epoch")
    op.drop_table("departed")
    with op.batch_alter_table("showing_media", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_showing_media_story_id"))

    op.drop_table("showing_media")
    with op.batch_alter_table("showing", schema=None) as batch_op:
        batch_op.drop_index("ix_showing_wall")
        batch_op.drop_index(batch_op.f("ix_showing_story_id"))
        batch_op.drop_index("ix_showing_language")
        batch_op.drop_index("ix_showing_country")
        batch_op.drop_index("ix_showing_age")

    op.drop_table("showing")
