"""Which month of majority each guardian told: it counts when everybody with a key told the same."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# Where only one guardian was named, it was they who told; of all others nobody knows who did.
TOLD_BY_THE_ONLY_ONE = """
    UPDATE guardian SET told_majority = (
        SELECT majority_from FROM storyteller WHERE storyteller.id = guardian.storyteller_id
    ) WHERE (SELECT count(*) FROM guardian AS other WHERE other.storyteller_id = guardian.storyteller_id) = 1
"""


def upgrade() -> None:
    op.add_column("guardian", sa.Column("told_majority", sa.Date(), nullable=True))
    op.execute(TOLD_BY_THE_ONLY_ONE)


def downgrade() -> None:
    op.drop_column("guardian", "told_majority")
