"""Sites that embed, with their contacts, and what they were told about stories that were taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

OPEN = sa.text("acknowledged_at IS NULL AND closed_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "embedding_site",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("webhook", sa.String(length=500), nullable=True),
        sa.Column(
            "locale",
            sa.Enum("en", "zh", "ro", name="locale", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_embedding_site")),
        sa.UniqueConstraint("origin", name=op.f("uq_embedding_site_origin")),
    )
    op.create_table(
        "takedown_notice",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("story_id", sa.String(length=22), nullable=False),
        sa.Column("site_id", sa.String(length=22), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("token_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("chases", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("letter_id", sa.String(length=22), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "next_attempt_at IS NULL OR (acknowledged_at IS NULL AND closed_at IS NULL)",
            name=op.f("ck_takedown_notice_over_is_over"),
        ),
        sa.ForeignKeyConstraint(
            ["story_id"], ["story.id"], name=op.f("fk_takedown_notice_story_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["site_id"], ["embedding_site.id"], name=op.f("fk_takedown_notice_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_takedown_notice")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_takedown_notice_token_hash")),
    )
    op.create_index("ix_takedown_notice_due", "takedown_notice", ["next_attempt_at"])
    op.create_index(op.f("ix_takedown_notice_story_id"), "takedown_notice", ["story_id"])
    op.create_index(
        "uq_takedown_notice_one_open",
        "takedown_notice",
        ["story_id", "site_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_table(
        "expiry_watch",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_until", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_expiry_watch_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expiry_watch")),
    )
    op.execute("INSERT INTO expiry_watch (id, seen_until) VALUES (1, CURRENT_TIMESTAMP)")
    op.create_index("ix_showing_ends", "showing", ["visible_until"])


def downgrade() -> None:
    op.drop_index("ix_showing_ends", "showing")
    op.drop_table("expiry_watch")
    op.drop_table("takedown_notice")
    op.drop_table("embedding_site")
