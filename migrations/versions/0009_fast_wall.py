"""A wall that reads little: what a tile prints stands on its own, and the next opening or closing is found at once."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

EXCERPT = 151
BATCH = 1_000
SHOWING = sa.table(
    "showing",
    sa.column("place", sa.String),
    sa.column("story_id", sa.String),
    sa.column("tile", sa.JSON),
    sa.column("body", sa.JSON),
)


def upgrade() -> None:
    # The default stays: SQLite could only take it away by writing the whole table anew.
    op.add_column("showing", sa.Column("tile", sa.JSON(), server_default="{}", nullable=False))
    fill()
    op.create_index("ix_showing_opening", "showing", ["visible_from"])


def fill() -> None:
    """Write each row's tile from its body, a batch at a time."""
    connection = op.get_bind()
    columns = SHOWING.c
    key = sa.tuple_(columns.place, columns.story_id)
    last = ("", "")
    page = sa.select(columns.place, columns.story_id, columns.body).order_by(columns.place, columns.story_id)
    change = (
        sa.update(SHOWING)
        .where(columns.place == sa.bindparam("at"), columns.story_id == sa.bindparam("of"))
        .values(tile=sa.bindparam("made", type_=sa.JSON))
    )
    while rows := connection.execute(page.where(key > last).limit(BATCH)).all():
        connection.execute(change, [{"at": row.place, "of": row.story_id, "made": tile_of(row.body)} for row in rows])
        last = (rows[-1].place, rows[-1].story_id)


def tile_of(body: Any) -> dict[str, Any]:
    """As `release.projection.tile_of` said when this was written."""
    return {
        "title": body["title"],
        "text": body["text"][:EXCERPT],
        "invented_name": body["invented_name"],
        "images": body["images"][:1],
        "sounds": [{"duration_ms": sound["duration_ms"]} for sound in body.get("sounds", ())],
    }


def downgrade() -> None:
    op.drop_index("ix_showing_opening", "showing")
    op.drop_column("showing", "tile")
