"""Whether who told of an act has said since, by a link, that they are a parent: then it can only be refused."""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kind = "TIMESTAMP WITH TIME ZONE" if op.get_bind().dialect.name == "postgresql" else "DATETIME"
    op.execute(f"ALTER TABLE authority ADD COLUMN taken_back_at {kind}")


def downgrade() -> None:
    op.drop_column("authority", "taken_back_at")
