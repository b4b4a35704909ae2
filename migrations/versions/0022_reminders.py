"""When whoever has not said who they are was asked, is reminded, and was doubted; acts that wait are found at once."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

# As SQL, because both databases add a column in place with it, and SQLite would otherwise copy the table.
MOMENT = {"sqlite": "DATETIME", "postgresql": "TIMESTAMP WITH TIME ZONE"}
GUARDIAN = sa.table(
    "guardian",
    *(sa.column(name) for name in ("relation", "doubted_at", "left_out_at", "email_sealed", "created_at")),
    *(sa.column(name, sa.DateTime(timezone=True)) for name in ("asked_at", "remind_at")),
)


def upgrade() -> None:
    here = op.get_bind().dialect.name
    for column in ("asked_at", "remind_at"):
        op.execute(f"ALTER TABLE guardian ADD COLUMN {column} {MOMENT[here]}")
    op.execute("ALTER TABLE guardian RENAME COLUMN disclaimed_at TO doubted_at")
    op.execute("UPDATE guardian SET doubted_at = created_at WHERE doubted_at IS NULL AND doubted_by IS NOT NULL")
    # Whoever is waited for was asked when they were named, as far as anybody can tell; they are left a week in peace.
    waited_for = [GUARDIAN.c[name].is_(None) for name in ("relation", "doubted_at", "left_out_at")]
    asked = sa.update(GUARDIAN).where(*waited_for, GUARDIAN.c.email_sealed.is_not(None))
    op.execute(asked.values(asked_at=GUARDIAN.c.created_at, remind_at=datetime.now(UTC) + timedelta(days=7)))
    op.drop_index("ix_guardian_unheard", "guardian")
    _index("guardian", "ix_guardian_remind_at", ["remind_at"], "remind_at IS NOT NULL")
    _index("guardian", "ix_guardian_doubted", ["doubted_at", "id"], "doubted_at IS NOT NULL")
    _index("authority", "ix_authority_waiting", ["created_at", "id"], "ended_at IS NULL AND accepted_at IS NULL")


def downgrade() -> None:
    op.drop_index("ix_authority_waiting", "authority")
    for name in ("ix_guardian_doubted", "ix_guardian_remind_at"):
        op.drop_index(name, "guardian")
    _index("guardian", "ix_guardian_unheard", ["created_at"], "relation IS NULL")
    op.execute("UPDATE guardian SET doubted_at = NULL WHERE doubted_by IS NOT NULL")
    op.execute("ALTER TABLE guardian RENAME COLUMN doubted_at TO disclaimed_at")
    for column in ("remind_at", "asked_at"):
        op.drop_column("guardian", column)


def _index(table: str, name: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
