"""Which settings the showcase follows; and why a review was taken over, sealed, so that it dies with the story."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0011"
branch_labels = None
depends_on = None


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


def downgrade() -> None:
    op.drop_table("takeover")
    op.drop_table("policy_fingerprint")
