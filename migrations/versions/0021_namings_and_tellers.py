"""Who doubts that a guardian was named rightly, and who left them out; numbers count children; AVIF."""

import sqlalchemy as sa
from alembic import op

from migrations.checks import change_check

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# Written as SQL, because both databases add a column in place with it, and SQLite would otherwise copy the table.
TYPES = {
    "sqlite": {"moment": "DATETIME", "bytes": "BLOB"},
    "postgresql": {"moment": "TIMESTAMP WITH TIME ZONE", "bytes": "BYTEA"},
}
COLUMNS = {
    "named_by": "VARCHAR(22)",
    "disclaimed_at": "{moment}",
    "doubt_sealed": "{bytes}",
    "doubted_by": "VARCHAR(22) CONSTRAINT fk_guardian_doubted_by REFERENCES staff (id)",
    "left_out_at": "{moment}",
    "left_out_by": "VARCHAR(22) CONSTRAINT fk_guardian_left_out_by REFERENCES staff (id)"
    " CONSTRAINT ck_guardian_a_second_person_leaves_out CHECK (left_out_by <> doubted_by)",
}
BEFORE = "purpose IN ('image-320', 'image-800', 'image-1600', 'image-jpeg', 'sound-opus', 'sound-aac', 'peaks')"
NOTICES = "kind IN ('confirm', 'runs_out', 'new_version', 'new_text', 'own_age')"
MORE_NOTICES = NOTICES.replace(")", ", 'unheard')")
NOW = BEFORE.replace("'image-jpeg', ", "'image-jpeg', 'image-avif-320', 'image-avif-800', ")


def upgrade() -> None:
    types = TYPES[op.get_bind().dialect.name]
    for name, kind in COLUMNS.items():
        op.execute(f"ALTER TABLE guardian ADD COLUMN {name} {kind.format(**types)}")
    unheard = sa.text("relation IS NULL")
    op.create_index("ix_guardian_unheard", "guardian", ["created_at"], sqlite_where=unheard, postgresql_where=unheard)
    op.execute("ALTER TABLE showing ADD COLUMN teller VARCHAR(22) DEFAULT '' NOT NULL")
    _index("country", "teller", "visible_from", "visible_until")
    change_check("purpose", BEFORE, NOW, "rendition")
    change_check("notice", NOTICES, MORE_NOTICES, "guardian_notice")


def downgrade() -> None:
    op.execute("DELETE FROM rendition WHERE purpose IN ('image-avif-320', 'image-avif-800')")
    change_check("purpose", NOW, BEFORE, "rendition")
    op.execute("DELETE FROM guardian_notice WHERE kind = 'unheard'")
    change_check("notice", MORE_NOTICES, NOTICES, "guardian_notice")
    _index("country", "visible_from", "visible_until")
    op.drop_column("showing", "teller")
    op.drop_index("ix_guardian_unheard", "guardian")
    for name in reversed(COLUMNS):
        op.drop_column("guardian", name)


def _index(*columns: str) -> None:
    """The map counts by it."""
    here = sa.text("place = 'counts'")
    op.drop_index("ix_showing_voices", "showing")
    op.create_index("ix_showing_voices", "showing", list(columns), sqlite_where=here, postgresql_where=here)
