"""Which settings the showcase follows; why a review was taken over, sealed; and who vouched for a lost card."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ANOTHER = "approved_by IS NULL OR (vouched_by IS NOT NULL AND vouched_by <> approved_by)"


def upgrade() -> None:
    phases = sa.Enum("suspected", "rest", "done", name="phase", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "policy_fingerprint",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("phase", phases, nullable=False),
        sa.Column("after", sa.String(length=22), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_policy_fingerprint_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_fingerprint")),
    )
    # Nobody wrote down what it was made under until now: it is looked through once.
    op.execute("INSERT INTO policy_fingerprint (id, digest, phase, after) VALUES (1, '', 'suspected', '')")
    op.create_table(
        "takeover",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("story_id", sa.String(length=22), nullable=False),
        sa.Column("staff_id", sa.String(length=22), nullable=False),
        sa.Column("claimed_by", sa.String(length=22), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_takeover_story_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_takeover_staff_id")),
        sa.ForeignKeyConstraint(["claimed_by"], ["staff.id"], name=op.f("fk_takeover_claimed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_takeover")),
    )
    op.create_index(op.f("ix_takeover_story_id_at"), "takeover", ["story_id", "at"])
    make_card_requests(
        sa.Column("vouched_by", sa.String(length=22), nullable=True),
        sa.CheckConstraint(ANOTHER, name=op.f("ck_card_request_approved_by_another")),
        sa.ForeignKeyConstraint(["vouched_by"], ["staff.id"], name=op.f("fk_card_request_vouched_by")),
    )


def downgrade() -> None:
    make_card_requests()
    op.drop_table("takeover")
    op.drop_table("policy_fingerprint")


def make_card_requests(*more: sa.schema.SchemaItem) -> None:
    """Make the table anew and empty: a request waits for an hour, and those of before were approved by one person."""
    op.drop_table("card_request")
    op.create_table(
        "card_request",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("storyteller_id", sa.String(length=22), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.String(length=22), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(approved_at IS NULL) = (approved_by IS NULL)", name=op.f("ck_card_request_approved_by_somebody")
        ),
        sa.ForeignKeyConstraint(["approved_by"], ["staff.id"], name=op.f("fk_card_request_approved_by")),
        sa.ForeignKeyConstraint(
            ["storyteller_id"], ["storyteller.id"], name=op.f("fk_card_request_storyteller_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_card_request")),
        *more,
    )
    op.create_index("ix_card_request_storyteller_id", "card_request", ["storyteller_id"], unique=False)
    op.create_index("ix_card_request_code", "card_request", ["code"], unique=False)
