"""What archives are told of each story, in the order of the days on which it was told."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "archive_record",
        sa.Column("story_id", sa.String(length=22), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("story_id", "since", name=op.f("pk_archive_record")),
    )
    fill()
    op.create_index("ix_archive_record_told", "archive_record", ["told_on", "story_id"])


def fill() -> None:
    """A story that the gallery and other sites may show is there from one moment on, and gone from another."""
    later, earlier = ("max", "min") if op.get_bind().dialect.name == "sqlite" else ("greatest", "least")
    opens, closes = (f"{later}(g.visible_from, e.visible_from)", f"{earlier}(g.visible_until, e.visible_until)")
    for moment, gone in ((opens, "false"), (closes, "true")):
        op.execute(
            f"INSERT INTO archive_record (story_id, since, told_on, gone) "  # noqa: S608  (our own words only)
            f"SELECT g.story_id, {moment}, {day(moment)}, {gone} FROM showing g "
            f"JOIN showing e ON e.story_id = g.story_id AND e.place = 'embed' "
            f"WHERE g.place = 'gallery' AND {opens} < {closes}"
        )


def day(moment: str) -> str:
    return f"date({moment})" if op.get_bind().dialect.name == "sqlite" else f"({moment} AT TIME ZONE 'UTC')::date"


def downgrade() -> None:
    op.drop_index("ix_archive_record_told", "archive_record")
    op.drop_table("archive_record")
