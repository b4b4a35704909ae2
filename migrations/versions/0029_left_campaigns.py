"""Which stories a campaign showed once, and does not now."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "left_campaign",
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("story_id", sa.String(length=22), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("place", "story_id", name=op.f("pk_left_campaign")),
    )


def downgrade() -> None:
    op.drop_table("left_campaign")
