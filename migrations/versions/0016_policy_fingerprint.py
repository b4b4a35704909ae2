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
    op.execute("DELETE FROM card_request")  # each was approved by one person, and lives no longer than an hour
    with op.batch_alter_table("card_request") as card_request:
        card_request.add_column(sa.Column("vouched_by", sa.String(length=22), nullable=True))
        card_request.create_foreign_key(op.f("fk_card_request_vouched_by"), "staff", ["vouched_by"], ["id"])
        card_request.create_check_constraint(op.f("ck_card_request_approved_by_another"), ANOTHER)


def downgrade() -> None:
    with op.batch_alter_table("card_request") as card_request:
        card_request.drop_constraint(op.f("ck_card_request_approved_by_another"), type_="check")
        card_request.drop_constraint(op.f("fk_card_request_vouched_by"), type_="foreignkey")
        card_request.drop_column("vouched_by")
    op.drop_table("takeover")
    op.drop_table("policy_fingerprint")
