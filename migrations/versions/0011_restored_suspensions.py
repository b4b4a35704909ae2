"""What was taken back of a story, and suspensions that a restore asks for."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BEFORE = "'child', 'guardian', 'carer'"
AFTER = f"{BEFORE}, 'restore'"


def upgrade() -> None:
    op.create_table(
        "withdrawal",
        sa.Column("story_id", sa.String(length=22), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_withdrawal_story_id")),
        sa.PrimaryKeyConstraint("story_id", name=op.f("pk_withdrawal")),
    )
    change_askers(BEFORE, AFTER)


def downgrade() -> None:
    # An older program does not know who asked; the stories stay as dark as if a carer had.
    op.execute("UPDATE suspension SET asked_by = 'carer' WHERE asked_by = 'restore'")
    change_askers(AFTER, BEFORE)
    op.drop_table("withdrawal")


def change_askers(old: str, new: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        change_check_in_place("suspension", f"asked_by IN ({old})", f"asked_by IN ({new})")
        return
    op.drop_constraint(op.f("ck_suspension_asker"), "suspension")
    op.create_check_constraint(op.f("ck_suspension_asker"), "suspension", f"asked_by IN ({new})")


def change_check_in_place(table: str, old: str, new: str) -> None:
    """Change a CHECK without copying the table: https://www.sqlite.org/lang_altertable.html, the simpler procedure."""
    connection = op.get_bind()
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    changed = connection.exec_driver_sql(
        "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ? AND instr(sql, ?)",
        (old, new, table, old),
    )
    connection.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema=RESET")
    if changed.rowcount != 1:
        raise RuntimeError(f"{table} has no CHECK that reads {old}")
