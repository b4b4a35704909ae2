"""Growing up: each asking says itself after which entry of the log it was seen to have come.

And who was left out and came back begins anew: a yes from before is not theirs. By an act any yes counted, so far.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

CHILD = sa.table(
    "storyteller",
    sa.column("id"),
    sa.column("own_age_from", sa.Date()),
    sa.column("majority_from", sa.Date()),
    sa.column("own_age_came_seq"),
    sa.column("majority_came_seq"),
    sa.column("asked_anew", sa.JSON()),
    sa.column("asked_next", sa.DateTime(timezone=True)),
)
GUARDIAN = sa.table("guardian", sa.column("id"), sa.column("left_out_seq"))
ACT = sa.table(
    "authority",
    sa.column("guardian_id"),
    sa.column("basis"),
    sa.column("said_seq"),
    sa.column("created_at", sa.DateTime(timezone=True)),
)
AUDIT = sa.table(
    "audit_entry",
    sa.column("seq"),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("verb"),
    sa.column("detail", sa.JSON()),
)
INDEX = "ix_storyteller_asked_next"


def upgrade() -> None:
    moment = "TIMESTAMP WITH TIME ZONE" if op.get_bind().dialect.name == "postgresql" else "DATETIME"
    op.execute(f"ALTER TABLE storyteller ADD COLUMN asked_next {moment}")
    op.execute("ALTER TABLE guardian ADD COLUMN left_out_seq INTEGER DEFAULT '0' NOT NULL")
    _begin_anew()
    where = sa.text("asked_next IS NOT NULL")
    op.create_index(INDEX, "storyteller", ["asked_next"], sqlite_where=where, postgresql_where=where)
    for row in _asked():
        came = {str(row.own_age_from): row.own_age_came_seq, str(row.majority_from): row.majority_came_seq}
        asked = [[day, begins, came.get(day, _of_another_month(begins))] for day, begins, *_ in row.asked_anew]
        coming = [datetime.fromisoformat(begins).astimezone(UTC) for _day, begins, seq in asked if seq is None]
        _write(row.id, asked_anew=asked, asked_next=min(coming, default=None))


def _of_another_month(begins: str) -> int | None:
    """A day that is none of the child's any more: where it had passed, whatever was said after it is an answer."""
    return 0 if datetime.fromisoformat(begins) <= datetime.now(UTC) else None


def _begin_anew() -> None:
    """By an act any yes counted: let it be from when its holder was left out before, as the audit log knows."""
    op.execute("UPDATE authority SET said_seq = 0 WHERE basis <> 'parent'")
    left_out = sa.select(AUDIT.c.seq, AUDIT.c.at, AUDIT.c.detail)
    left_out = left_out.where(AUDIT.c.verb.in_(["guardian.left_out", "guardian.replaced"])).order_by(AUDIT.c.seq)
    for row in op.get_bind().execute(left_out).all():
        guardian = row.detail["guardian"]
        later_acts = (ACT.c.guardian_id == guardian, ACT.c.basis != "parent", ACT.c.created_at >= row.at)
        op.execute(sa.update(GUARDIAN).where(GUARDIAN.c.id == guardian).values(left_out_seq=row.seq))
        op.execute(sa.update(ACT).where(*later_acts).values(said_seq=row.seq))


def downgrade() -> None:
    for row in _asked():
        _write(row.id, asked_anew=[[day, begins] for day, begins, _seq in row.asked_anew])
    op.drop_index(INDEX, "storyteller")
    op.drop_column("guardian", "left_out_seq")
    op.drop_column("storyteller", "asked_next")


def _asked() -> list[sa.Row]:
    rows = op.get_bind().execute(sa.select(CHILD).where(CHILD.c.majority_from.is_not(None))).all()
    return [row for row in rows if row.asked_anew]


def _write(child: str, **values: object) -> None:
    op.execute(sa.update(CHILD).where(CHILD.c.id == child).values(**values))
