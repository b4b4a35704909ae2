"""Growing up: since when nobody stands against a child's deciding alone, and when they are asked everything anew.

Nobody wrote down until when somebody stood against it, so whoever decided alone before is asked once more.
"""

from datetime import UTC, date, datetime, time

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

# As SQL, because both databases add a column in place with it, and SQLite would otherwise copy the table.
CLEAR = ("own_age_clear_seq", "majority_clear_seq")
AT = sa.DateTime(timezone=True)
CHILD = sa.table(
    "storyteller",
    sa.column("id"),
    sa.column("own_age_from", sa.Date()),
    sa.column("majority_from", sa.Date()),
    *(sa.column(name) for name in CLEAR),
    sa.column("asked_anew", sa.JSON()),
)
GUARDIAN = sa.table(
    "guardian",
    *(sa.column(name) for name in ("id", "storyteller_id", "relation", "left_out_at")),
    sa.column("told_majority", sa.Date()),
    sa.column("majority_holds_from", AT),
)
AUTHORITY = sa.table("authority", *(sa.column(name) for name in ("guardian_id", "accepted_at", "ended_at")))


def upgrade() -> None:
    for name in CLEAR:
        op.execute(f"ALTER TABLE storyteller ADD COLUMN {name} INTEGER")
    op.execute("ALTER TABLE storyteller ADD COLUMN asked_anew JSON DEFAULT '[]' NOT NULL")
    told = GUARDIAN.c.told_majority == CHILD.c.majority_from
    since = (
        sa.select(CHILD.c.id, CHILD.c.own_age_from, CHILD.c.majority_from, sa.func.max(GUARDIAN.c.majority_holds_from))
        .join(GUARDIAN, (GUARDIAN.c.storyteller_id == CHILD.c.id) & told)
        .where(GUARDIAN.c.majority_holds_from.is_not(None), CHILD.c.own_age_from.is_not(None))
        .group_by(CHILD.c.id, CHILD.c.own_age_from, CHILD.c.majority_from)
    )
    doubted = set(op.get_bind().scalars(sa.select(CHILD.c.id).where(_doubted()).distinct()))
    newest = op.get_bind().scalar(sa.text("SELECT max(seq) FROM audit_entry")) or 0
    for child, own_age_from, majority_from, last in op.get_bind().execute(since).all():
        clear_seq = None if child in doubted else newest
        anew = [[day.isoformat(), max(_begin(day), _utc(last)).isoformat()] for day in (own_age_from, majority_from)]
        op.execute(
            sa.update(CHILD)
            .where(CHILD.c.id == child)
            .values(asked_anew=anew, own_age_clear_seq=clear_seq, majority_clear_seq=clear_seq)
        )


def _doubted() -> sa.ColumnElement[bool]:
    """Who is waited for, claims something, or holds a key and has not told this month twice."""
    theirs = (AUTHORITY.c.guardian_id == GUARDIAN.c.id) & AUTHORITY.c.ended_at.is_(None)
    claims = sa.exists().where(theirs, AUTHORITY.c.accepted_at.is_(None))
    holds = sa.exists().where(theirs, AUTHORITY.c.accepted_at.is_not(None))
    untold = GUARDIAN.c.majority_holds_from.is_(None) | GUARDIAN.c.told_majority.is_distinct_from(CHILD.c.majority_from)
    unheard = GUARDIAN.c.relation.is_(None) & GUARDIAN.c.left_out_at.is_(None)
    return sa.exists().where(GUARDIAN.c.storyteller_id == CHILD.c.id, sa.or_(unheard, claims, holds & untold))


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _utc(moment: datetime) -> datetime:
    """SQLite keeps no time zone."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def downgrade() -> None:
    for name in (*CLEAR, "asked_anew"):
        op.drop_column("storyteller", name)
