"""How often stories were looked at, by day, place, site and language."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

PLACES = ("gallery", "campaign", "embed", "print", "press")


def upgrade() -> None:
    place = sa.Enum(*PLACES, name="place", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "reach",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("place", place, nullable=False),
        sa.Column("subject", sa.String(length=22), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.CheckConstraint("views > 0", name=op.f("ck_reach_somebody_looked")),
        sa.PrimaryKeyConstraint("day", "place", "subject", "host", "language", name=op.f("pk_reach")),
    )
    op.create_index("ix_reach_subject", "reach", ["subject", "day"])


def downgrade() -> None:
    op.drop_index("ix_reach_subject", table_name="reach")
    op.drop_table("reach")
