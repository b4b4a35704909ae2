"""Numbers and archives become places; what left the gallery, who noted an act, and what a campaign was called."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

# Written as SQL, because both databases add a column in place with it, and SQLite would otherwise copy the table.
NOTED_BY = (
    "VARCHAR(22) CONSTRAINT fk_authority_noted_by REFERENCES staff (id)"
    " CONSTRAINT ck_authority_a_second_person_accepts CHECK (noted_by <> accepted_by)"
)


def upgrade() -> None:
    op.create_table(
        "unhung",
        sa.Column("story_id", sa.String(length=22), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("story_id", name=op.f("pk_unhung")),
    )
    op.execute(
        "INSERT INTO unhung (story_id, at) SELECT story_id, MAX(since) FROM archive_record"
        " WHERE story_id NOT IN (SELECT story_id FROM showing WHERE place = 'gallery') GROUP BY story_id"
    )
    op.execute(f"ALTER TABLE authority ADD COLUMN noted_by {NOTED_BY}")
    op.execute("ALTER TABLE answer ADD COLUMN campaign_title TEXT")
    _index("counts")


def downgrade() -> None:
    _index("gallery")
    op.drop_column("answer", "campaign_title")
    op.drop_column("authority", "noted_by")
    op.drop_table("unhung")


def _index(place: str) -> None:
    """The map counts at this place."""
    here = sa.text(f"place = '{place}'")
    op.drop_index("ix_showing_voices", "showing")
    op.create_index(
        "ix_showing_voices",
        "showing",
        ["country", "visible_from", "visible_until"],
        sqlite_where=here,
        postgresql_where=here,
    )
