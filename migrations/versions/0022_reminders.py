"""When whoever has not said who they are was asked, and is reminded."""

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
    *(sa.column(name) for name in ("relation", "disclaimed_at", "left_out_at", "email_sealed", "created_at")),
    *(sa.column(name, sa.DateTime(timezone=True)) for name in ("asked_at", "remind_at")),
)


def upgrade() -> None:
    here = op.get_bind().dialect.name
    for column in ("asked_at", "remind_at"):
        op.execute(f"ALTER TABLE guardian ADD COLUMN {column} {MOMENT[here]}")
    # Whoever is waited for was asked when they were named, as far as anybody can tell; they are left a week in peace.
    waited_for = [GUARDIAN.c[name].is_(None) for name in ("relation", "disclaimed_at", "left_out_at")]
    asked = sa.update(GUARDIAN).where(*waited_for, GUARDIAN.c.email_sealed.is_not(None))
    op.execute(asked.values(asked_at=GUARDIAN.c.created_at, remind_at=datetime.now(UTC) + timedelta(days=7)))
    op.drop_index("ix_guardian_unheard", "guardian")
    _index("ix_guardian_remind_at", "remind_at", "remind_at IS NOT NULL")


def downgrade() -> None:
    op.drop_index("ix_guardian_remind_at", "guardian")
    _index("ix_guardian_unheard", "created_at", "relation IS NULL")
    for column in ("remind_at", "asked_at"):
        op.drop_column("guardian", column)


def _index(name: str, column: str, condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, "guardian", [column], sqlite_where=where, postgresql_where=where)
