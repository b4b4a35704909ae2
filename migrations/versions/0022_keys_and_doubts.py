"""Reminders, doubts and claims of guardians; what was shown when they answered; since when a campaign is called so."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

# As SQL, because both databases add a column in place with it, and SQLite would otherwise copy the table.
MOMENT = {"sqlite": "DATETIME", "postgresql": "TIMESTAMP WITH TIME ZONE"}
COLUMNS = {
    "guardian": {
        "asked_at": "{moment}",
        "remind_at": "{moment}",
        "told_majority_at": "{moment}",
        "majority_holds_from": "{moment}",
        "declared_seq": "INTEGER DEFAULT 0 NOT NULL",
    },
    "authority": {"said_seq": "INTEGER DEFAULT 0 NOT NULL"},
    "answer": {"said_seq": "INTEGER DEFAULT 0 NOT NULL"},
    "evidence": {"shown_at": "{moment}", "taken_seq": "INTEGER DEFAULT 0 NOT NULL"},
    "campaign": {"titled_at": "{moment}"},
}
LIVING, ACCEPTED, WAITING = "ended_at IS NULL", "accepted_at IS NOT NULL", "accepted_at IS NULL"
INDEXES = (
    ("guardian", "ix_guardian_remind_at", ["remind_at"], "remind_at IS NOT NULL", False),
    ("guardian", "ix_guardian_doubted", ["doubted_at", "id"], "doubted_at IS NOT NULL", False),
    ("guardian", "ix_guardian_month", ["told_majority_at"], "majority_holds_from IS NULL", False),
    ("authority", "ix_authority_waiting", ["created_at", "id"], f"{LIVING} AND {WAITING}", False),
    ("authority", "uq_authority_one_living", ["guardian_id"], f"{LIVING} AND {ACCEPTED}", True),
    ("authority", "uq_authority_one_claim", ["guardian_id"], f"{LIVING} AND {WAITING}", True),
)
GUARDIAN = sa.table(
    "guardian",
    *(
        sa.column(name)
        for name in ("relation", "doubted_at", "left_out_at", "email_sealed", "created_at", "told_majority")
    ),
    *(sa.column(name, sa.DateTime(timezone=True)) for name in COLUMNS["guardian"]),
)


def upgrade() -> None:
    moment, now = MOMENT[op.get_bind().dialect.name], datetime.now(UTC)
    for table, columns in COLUMNS.items():
        for name, kind in columns.items():
            op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind.format(moment=moment)}")
    op.execute("ALTER TABLE guardian RENAME COLUMN disclaimed_at TO doubted_at")
    op.execute("UPDATE guardian SET doubted_at = created_at WHERE doubted_at IS NULL AND doubted_by IS NOT NULL")
    # Whoever is waited for was asked when they were named, as far as anybody can tell; they are left a week in peace.
    waited_for = [GUARDIAN.c[name].is_(None) for name in ("relation", "doubted_at", "left_out_at")]
    asked = sa.update(GUARDIAN).where(*waited_for, GUARDIAN.c.email_sealed.is_not(None))
    op.execute(asked.values(asked_at=GUARDIAN.c.created_at, remind_at=now + timedelta(days=7)))
    # A month counts when it is told once more; whatever was taken before says nothing against what was said until now.
    op.execute(sa.update(GUARDIAN).where(GUARDIAN.c.told_majority.is_not(None)).values(told_majority_at=now))
    op.execute(
        "UPDATE evidence SET taken_seq = -1 WHERE state = 'waiting' AND EXISTS (SELECT 1 FROM answer WHERE"
        " answer.guardian_id = evidence.guardian_id AND answer.answered_at >= evidence.taken_at)"
    )
    # No yes from before somebody said that they are a parent counts for that.
    op.execute(
        "UPDATE authority SET said_seq = 1 WHERE basis = 'parent' AND EXISTS (SELECT 1 FROM answer"
        " WHERE answer.guardian_id = authority.guardian_id AND answer.answered_at < authority.created_at)"
    )
    op.drop_index("ix_guardian_unheard", "guardian")
    op.drop_index("uq_authority_one_living", "authority")
    for index in INDEXES:
        _index(*index)
    op.create_table(
        "sweep_clock",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("patient_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sweep_clock")),
        sa.CheckConstraint("id = 1", name=op.f("ck_sweep_clock_only_one")),
    )


def downgrade() -> None:
    op.drop_table("sweep_clock")
    for table, name, *_more in INDEXES:
        op.drop_index(name, table)
    # A guardian had one authority, whether it counted or waited.
    op.execute(
        "UPDATE authority SET ended_at = created_at WHERE ended_at IS NULL AND accepted_at IS NULL AND guardian_id IN"
        " (SELECT guardian_id FROM authority WHERE ended_at IS NULL AND accepted_at IS NOT NULL)"
    )
    _index("authority", "uq_authority_one_living", ["guardian_id"], LIVING, True)
    _index("guardian", "ix_guardian_unheard", ["created_at"], "relation IS NULL", False)
    op.execute("UPDATE guardian SET doubted_at = NULL WHERE doubted_by IS NOT NULL")
    op.execute("ALTER TABLE guardian RENAME COLUMN doubted_at TO disclaimed_at")
    for table, columns in COLUMNS.items():
        for name in reversed(columns):
            op.drop_column(table, name)


def _index(table: str, name: str, columns: list[str], condition: str, unique: bool) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)
