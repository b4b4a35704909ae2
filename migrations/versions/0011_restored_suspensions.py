"""What was taken back of a story, and suspensions that a restore asks for."""

import sqlalchemy as sa
from alembic import op

from migrations.checks import change_check

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BEFORE = "asked_by IN ('child', 'guardian', 'carer')"
AFTER = "asked_by IN ('child', 'guardian', 'carer', 'restore')"


def upgrade() -> None:
    op.create_table(
        "withdrawal",
        sa.Column("story_id", sa.String(length=22), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_withdrawal_story_id")),
        sa.PrimaryKeyConstraint("story_id", name=op.f("pk_withdrawal")),
    )
    change_check("asker", BEFORE, AFTER, "suspension")


def downgrade() -> None:
    # An older program does not know who asked; the stories stay as dark as if a carer had.
    op.execute("UPDATE suspension SET asked_by = 'carer' WHERE asked_by = 'restore'")
    change_check("asker", AFTER, BEFORE, "suspension")
    op.drop_table("withdrawal")
