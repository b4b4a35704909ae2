"""Which versions of the consent texts a deployment has published."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "text_release",
        sa.Column("text_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("major", sa.Boolean(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digests", sa.JSON(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_text_release_version_counts_from_one")),
        sa.PrimaryKeyConstraint("text_id", "version", name=op.f("pk_text_release")),
    )


def downgrade() -> None:
    op.drop_table("text_release")
