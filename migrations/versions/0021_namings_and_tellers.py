"""Who doubts that a guardian was named rightly, and who left them out; numbers count children; AVIF."""

import sqlalchemy as sa
from alembic import op

from migrations.checks import change_check

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# Written as SQL, because both databases add a column in place with it, and SQLite would otherwise copy the table.
MOMENTS = {"sqlite": "DATETIME", "postgresql": "TIMESTAMP WITH TIME ZONE"}
COLUMNS = {
    "doubted_by": "VARCHAR(22) CONSTRAINT fk_guardian_doubted_by REFERENCES staff (id)",
    "left_out_at": "{moment}",
    "left_out_by": "VARCHAR(22) CONSTRAINT fk_guardian_left_out_by REFERENCES staff (id)"
    " CONSTRAINT ck_guardian_a_second_person_leaves_out CHECK (left_out_by <> doubted_by)",
}
BEFORE = "purpose IN ('image-320', 'image-800', 'image-1600', 'image-jpeg', 'sound-opus', 'sound-aac', 'peaks')"
NOW = BEFORE.replace("'image-jpeg', ", "'image-jpeg', 'image-avif-320', 'image-avif-800', ")


def upgrade() -> None:
    moment = MOMENTS[op.get_bind().dialect.name]
    for name, kind in COLUMNS.items():
        op.execute(f"ALTER TABLE guardian ADD COLUMN {name} {kind.format(moment=moment)}")
    op.execute("ALTER TABLE showing ADD COLUMN teller VARCHAR(22) DEFAULT '' NOT NULL")
    _index("country", "teller", "visible_from", "visible_until")
    change_check("purpose", BEFORE, NOW, "rendition")


def downgrade() -> None:
    op.execute("DELETE FROM rendition WHERE purpose IN ('image-avif-320', 'image-avif-800')")
    change_check("purpose", NOW, BEFORE, "rendition")
    _index("country", "visible_from", "visible_until")
    op.drop_column("showing", "teller")
    for name in reversed(COLUMNS):
        op.drop_column("guardian", name)


def _index(*columns: str) -> None:
    """The map counts by it."""
    here = sa.text("place = 'counts'")
    op.drop_index("ix_showing_voices", "showing")
    op.create_index("ix_showing_voices", "showing", list(columns), sqlite_where=here, postgresql_where=here)
