"""What each original is called in the vault: two uploads under one id no longer write to one file."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("asset", sa.Column("original", sa.String(length=40), server_default="original", nullable=False))


def downgrade() -> None:
    """Files that lie under a name of their own are not found again: the originals since then are lost to what was
    made before."""
    op.drop_column("asset", "original")
