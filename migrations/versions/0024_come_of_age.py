"""Since when a young person decides, written down once it has come."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

# As SQL, because both databases add a column in place with it, and SQLite would otherwise copy the table.
MOMENT = {"sqlite": "DATETIME", "postgresql": "TIMESTAMP WITH TIME ZONE"}
COLUMNS = ("decides_from", "decides_all_from")


def upgrade() -> None:
    for name in COLUMNS:
        op.execute(f"ALTER TABLE storyteller ADD COLUMN {name} {MOMENT[op.get_bind().dialect.name]}")


def downgrade() -> None:
    for name in reversed(COLUMNS):
        op.drop_column("storyteller", name)
