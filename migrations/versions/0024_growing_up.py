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
SEQS = ("own_age_clear_seq", "majority_clear_seq", "own_age_came_seq", "majority_came_seq")
AT = sa.DateTime(timezone=True)
CHILD = sa.table(
    "storyteller",
    sa.column("id"),
    sa.column("own_age_from", sa.Date()),
    sa.column("majority_from", sa.Date()),
    sa.column("asked_anew", sa.JSON()),
)
GUARDIAN = sa.table(
    "guardian",
    sa.column("storyteller_id"),
    sa.column("told_majority", sa.Date()),
    sa.column("majority_holds_from", AT),
)
INDEXES = {
    f"ix_storyteller_{name}_coming": (f"{name}_from", f"{name}_from IS NOT NULL AND {name}_came_seq IS NULL")
    for name in ("own_age", "majority")
}


def upgrade() -> None:
    for name in SEQS:
        op.execute(f"ALTER TABLE storyteller ADD COLUMN {name} INTEGER")
    op.execute("ALTER TABLE storyteller ADD COLUMN asked_anew JSON DEFAULT '[]' NOT NULL")
    for index, (column, rows) in INDEXES.items():
        where = sa.text(rows)
        op.create_index(index, "storyteller", [column], sqlite_where=where, postgresql_where=where)
    told = (
        sa.select(
            CHILD.c.id,
            CHILD.c.own_age_from,
            CHILD.c.majority_from,
            GUARDIAN.c.told_majority,
            GUARDIAN.c.majority_holds_from,
        )
        .join(GUARDIAN, GUARDIAN.c.storyteller_id == CHILD.c.id)
        .where(CHILD.c.own_age_from.is_not(None), GUARDIAN.c.told_majority.is_not(None))
        .where(CHILD.c.majority_from.is_not(None), GUARDIAN.c.majority_holds_from.is_not(None))
    )
    anew: dict[str, dict[date, datetime]] = {}
    for row in op.get_bind().execute(told).all():
        since, years = _utc(row.majority_holds_from), row.majority_from.year - row.own_age_from.year
        for day in (row.told_majority.replace(year=row.told_majority.year - years), row.told_majority):
            moment, known = max(_begin(day), since), anew.setdefault(row.id, {})
            known[day] = min(moment, known.get(day, moment))
    for child, moments in anew.items():
        asked = [[day.isoformat(), moment.isoformat()] for day, moment in sorted(moments.items())]
        op.execute(sa.update(CHILD).where(CHILD.c.id == child).values(asked_anew=asked))


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _utc(moment: datetime) -> datetime:
    """SQLite keeps no time zone."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def downgrade() -> None:
    for index in INDEXES:
        op.drop_index(index, "storyteller")
    for name in (*SEQS, "asked_anew"):
        op.drop_column("storyteller", name)
