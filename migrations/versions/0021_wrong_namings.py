"""Guardians who were named by mistake: who doubts it, and who left them out."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# Written as SQL, because both databases add a column in place with it, and SQLite would otherwise copy the table.
COLUMNS = {
    "doubted_by": "VARCHAR(22) CONSTRAINT fk_guardian_doubted_by REFERENCES staff (id)",
    "left_out_at": "{moment}",
    "left_out_by": "VARCHAR(22) CONSTRAINT fk_guardian_left_out_by REFERENCES staff (id)"
    " CONSTRAINT ck_guardian_a_second_person_leaves_out CHECK (left_out_by <> doubted_by)",
}
MOMENTS = {"sqlite": "DATETIME", "postgresql": "TIMESTAMP WITH TIME ZONE"}


def upgrade() -> None:
    moment = MOMENTS[op.get_bind().dialect.name]
    for name, kind in COLUMNS.items():
        op.execute(f"ALTER TABLE guardian ADD COLUMN {name} {kind.format(moment=moment)}")


def downgrade() -> None:
    for name in reversed(COLUMNS):
        op.drop_column("guardian", name)
