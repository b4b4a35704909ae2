"""Which stories other sites could hold in a frame once, and cannot now."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unframed",
        sa.Column("story_id", sa.String(length=22), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("story_id", name=op.f("pk_unframed")),
    )


def downgrade() -> None:
    op.drop_table("unframed")
