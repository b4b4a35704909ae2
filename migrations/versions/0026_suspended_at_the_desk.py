"""Whoever helps a family at the desk may suspend a story too: who it was, and what they saw.

And a child is no asker: no program ever wrote that word, because they hide their story themselves.
"""

from alembic import op

from migrations.checks import change_check

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

BEFORE = "asked_by IN ('child', 'guardian', 'carer', 'restore')"
AFTER = "asked_by IN ('guardian', 'carer', 'desk', 'restore')"
# As SQL, because both databases add a column in place with it, and SQLite would otherwise copy the table.
COLUMNS = {
    "seen_by": "VARCHAR(22) CONSTRAINT fk_suspension_seen_by REFERENCES staff (id)"
    " CONSTRAINT ck_suspension_the_desk_is_somebody CHECK ((asked_by = 'desk') = (seen_by IS NOT NULL))",
    "why": "VARCHAR(32) CONSTRAINT ck_suspension_why CHECK (why IN ('distress', 'risk'))"
    " CONSTRAINT ck_suspension_the_desk_says_why CHECK ((asked_by = 'desk') = (why IS NOT NULL))",
}


def upgrade() -> None:
    op.execute("UPDATE suspension SET asked_by = 'carer' WHERE asked_by = 'child'")
    for name, kind in COLUMNS.items():
        op.execute(f"ALTER TABLE suspension ADD COLUMN {name} {kind}")
    change_check("asker", BEFORE, AFTER, "suspension")


def downgrade() -> None:
    for name in reversed(COLUMNS):
        op.drop_column("suspension", name)
    # An older program does not know the desk; the stories stay as dark as if a carer had asked.
    op.execute("UPDATE suspension SET asked_by = 'carer' WHERE asked_by = 'desk'")
    change_check("asker", AFTER, BEFORE, "suspension")
