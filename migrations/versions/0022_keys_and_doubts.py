"""Reminders, doubts and claims of guardians; what was shown when they answered; since when a campaign is called so."""

from datetime import UTC, date, datetime, time, timedelta

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
KEPT = (
    "CREATE TRIGGER answer_refuses_update BEFORE UPDATE ON answer "
    "BEGIN SELECT RAISE(ABORT, 'answer is append-only'); END"
)
LEDGER = {
    "sqlite": ("DROP TRIGGER answer_refuses_update", KEPT),
    "postgresql": (
        "ALTER TABLE answer DISABLE TRIGGER answer_refuses_change",
        "ALTER TABLE answer ENABLE TRIGGER answer_refuses_change",
    ),
}
"""How the ledger is opened for a moment, and closed again as it was."""
AT = sa.DateTime(timezone=True)
SILENCE_LASTS = timedelta(days=90)
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
        for name in ("storyteller_id", "relation", "doubted_at", "left_out_at", "email_sealed", "created_at")
    ),
    sa.column("told_majority", sa.Date()),
    *(sa.column(name, AT) for name in COLUMNS["guardian"]),
)

CREATE_ORDER = """
CREATE TEMPORARY TABLE said_before
(guardian_id VARCHAR(22), moment {moment}, entered_at {moment}, number INTEGER, PRIMARY KEY (guardian_id, moment))
"""
FILL_ORDER = """
INSERT INTO said_before (guardian_id, moment, entered_at, number)
SELECT guardian_id, moment, min(entered_at), 1 - row_number() OVER (PARTITION BY guardian_id ORDER BY moment DESC)
  FROM (SELECT answer.guardian_id, coalesce(taken_at, answered_at) AS moment, answered_at AS entered_at
          FROM answer LEFT JOIN evidence ON evidence.id = answer.evidence_id WHERE answer.guardian_id IS NOT NULL
        UNION ALL SELECT guardian_id, taken_at, NULL FROM evidence WHERE state = 'waiting') AS said
 GROUP BY guardian_id, moment
"""
"""What each guardian said until now, the last of it 0, what came before -1, and so on: the log counts on from 1.

A form says it when it is taken, and enters the ledger later, if at all."""
ORDER_ANSWERS = """
UPDATE answer SET said_seq = (
    SELECT number FROM said_before WHERE said_before.guardian_id = answer.guardian_id AND moment = coalesce(
        (SELECT taken_at FROM evidence WHERE evidence.id = answer.evidence_id), answered_at))
 WHERE guardian_id IS NOT NULL
"""
ORDER_EVIDENCE = """
UPDATE evidence SET taken_seq = (
    SELECT number FROM said_before WHERE said_before.guardian_id = evidence.guardian_id AND moment = taken_at)
 WHERE state = 'waiting'
"""
ORDER_GUARDIANS = """
UPDATE guardian SET declared_seq = (
    SELECT coalesce(max(CASE WHEN entered_at IS NOT NULL THEN number END), min(number) - 1)
      FROM said_before WHERE guardian_id = guardian.id)
 WHERE id IN (SELECT guardian_id FROM said_before)
"""
"""Whoever answered had said who they are; a form that was taken before does not say it anew."""
ORDER_PARENTS = """
UPDATE authority SET said_seq = coalesce(
    (SELECT max(number) + 1 FROM said_before
      WHERE said_before.guardian_id = authority.guardian_id AND entered_at < authority.created_at),
    (SELECT min(number) FROM said_before WHERE said_before.guardian_id = authority.guardian_id
        AND (entered_at IS NOT NULL OR moment >= authority.created_at)),
    1)
 WHERE basis = 'parent' AND guardian_id IN (SELECT guardian_id FROM said_before)
"""
"""No yes from before somebody said that they are a parent counts for that; what they said since does."""
GROWN = """
SELECT storyteller.id, own_age_from, majority_from, answered_at FROM storyteller
  JOIN story ON story.storyteller_id = storyteller.id JOIN answer ON answer.story_id = story.id
 WHERE majority_from IS NOT NULL AND own_age_from IS NOT NULL AND party = 'child'
   AND scope <> 'keep_private' AND value NOT IN ('no', 'unsure', 'none', 'never', 'transcript')
   AND NOT EXISTS (SELECT 1 FROM answer AS newer WHERE newer.story_id = answer.story_id AND newer.party = 'child'
                   AND newer.scope = answer.scope AND newer.seq > answer.seq)
   AND NOT EXISTS (
       SELECT 1 FROM guardian WHERE guardian.storyteller_id = storyteller.id AND (
           (relation IS NULL AND left_out_at IS NULL)
           OR ((told_majority IS NULL OR told_majority <> majority_from) AND EXISTS (
               SELECT 1 FROM authority WHERE guardian_id = guardian.id
               AND ended_at IS NULL AND accepted_at IS NOT NULL))))
"""
"""What children said last of whom everybody who decides has told the same month."""


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
    # A month counts when it is told once more.
    op.execute(sa.update(GUARDIAN).where(GUARDIAN.c.told_majority.is_not(None)).values(told_majority_at=now))
    _keep_asking_who_grew_up(now - SILENCE_LASTS)
    _put_in_order(moment)
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


def _keep_asking_who_grew_up(until: datetime) -> None:
    """Who was asked again because they grew up, and was silent, closed what they had said before: it stays closed.

    So their month goes on counting, as it did; were it forgotten until it is told once more, what closed would open.
    """
    rows = op.get_bind().execute(
        sa.text(GROWN).columns(own_age_from=sa.Date(), majority_from=sa.Date(), answered_at=AT)
    )
    silent = {
        (row.id, row.own_age_from, row.majority_from)
        for row in rows
        if any(_utc(row.answered_at) < day <= until for day in map(_begin, (row.own_age_from, row.majority_from)))
    }
    for child, own_age_from, majority_from in silent:
        told = (GUARDIAN.c.storyteller_id == child, GUARDIAN.c.told_majority == majority_from)
        op.execute(sa.update(GUARDIAN).where(*told).values(majority_holds_from=_begin(own_age_from)))


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _put_in_order(moment: str) -> None:
    """Until now moments told what was said after what: a form that waits must undo nothing newer, and nothing older it.

    The ledger is written in its new column only.
    """
    open_ledger, close_ledger = LEDGER[op.get_bind().dialect.name]
    op.execute(CREATE_ORDER.format(moment=moment))
    op.execute(FILL_ORDER)
    op.execute(open_ledger)
    op.execute(ORDER_ANSWERS)
    op.execute(close_ledger)
    for statement in (ORDER_EVIDENCE, ORDER_GUARDIANS, ORDER_PARENTS):
        op.execute(statement)
    op.execute("DROP TABLE said_before")


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
