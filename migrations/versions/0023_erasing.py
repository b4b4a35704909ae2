"""Who asked to erase a story, and why a lead did."""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# As SQL, because both databases add a column in place with it, and SQLite would otherwise copy the table.
BYTES = {"sqlite": "BLOB", "postgresql": "BYTEA"}
WHO_ASKED = (
    "VARCHAR(64) CONSTRAINT ck_story_who_asked_has_a_moment CHECK (erase_asked_by IS NULL OR erase_after IS NOT NULL)"
)


def upgrade() -> None:
    op.execute(f"ALTER TABLE story ADD COLUMN erase_asked_by {WHO_ASKED}")
    op.execute(f"ALTER TABLE safeguarding_case ADD COLUMN erasure_sealed {BYTES[op.get_bind().dialect.name]}")
    # Only a child could ask so far.
    op.execute("UPDATE story SET erase_asked_by = 'child' WHERE erase_after IS NOT NULL AND state <> 'erased'")


def downgrade() -> None:
    op.drop_column("safeguarding_case", "erasure_sealed")
    op.drop_column("story", "erase_asked_by")
