"""Since when an act of a court or an institution holds, where somebody said so."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # As SQL, because both databases add a column in place with it, and SQLite would otherwise copy the table.
    kind = "TIMESTAMP WITH TIME ZONE" if op.get_bind().dialect.name == "postgresql" else "DATETIME"
    rule = "CONSTRAINT ck_authority_begins_before_it_ends CHECK (opens_at < closes_at)"
    op.execute(f"ALTER TABLE authority ADD COLUMN opens_at {kind} {rule}")


def downgrade() -> None:
    op.drop_column("authority", "opens_at")
