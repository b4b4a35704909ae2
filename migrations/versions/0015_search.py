"""What a story in the gallery is found by: an entry for each, with an index of its words; and is counted by."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.release.indexing import entry_of, first_number
from app.release.models import Tokens

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BATCH = 1_000
FACETS = ("shown_on", "locale", "country", "age_band", "theme_mask", "medium_mask")
SHOWING = sa.table(
    "showing",
    *(sa.column(name) for name in ("place", "story_id", "locale", "country", "age_band", "theme_mask", "medium_mask")),
    sa.column("shown_on", sa.Date),
    sa.column("body", sa.JSON),
)

# `words` are tokens already: FTS5 has only to part them, and no phrase is ever looked for. The longest beginning that
# is asked for is one letter shorter than the longest token.
SQLITE = (
    """
CREATE VIRTUAL TABLE search_index USING fts5(
    words, content='search_entry', content_rowid='number', detail=none, columnsize=0, prefix='3 4 5 6 7',
    tokenize="ascii tokenchars '_-'"
)""",
    """
CREATE TRIGGER search_entry_comes AFTER INSERT ON search_entry BEGIN
    INSERT INTO search_index (rowid, words) VALUES (new.number, new.words);
END""",
    """
CREATE TRIGGER search_entry_goes AFTER DELETE ON search_entry BEGIN
    INSERT INTO search_index (search_index, rowid, words) VALUES ('delete', old.number, old.words);
END""",
)


def upgrade() -> None:
    gallery = {f"{dialect}_where": sa.text("place = 'gallery'") for dialect in ("sqlite", "postgresql")}
    op.create_index("ix_showing_voices", "showing", ["country", "visible_from", "visible_until"], **gallery)
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    entry = op.create_table(
        "search_entry",
        sa.Column("number", number, autoincrement=False, nullable=False),
        sa.Column("story_id", sa.String(length=22), nullable=False),
        sa.Column("words", Tokens(), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_search_entry_story_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_search_entry")),
        sa.UniqueConstraint("story_id", name=op.f("uq_search_entry_story_id")),
    )
    fill(entry)
    if op.get_bind().dialect.name == "sqlite":
        for statement in SQLITE:
            op.execute(statement)
        op.execute("INSERT INTO search_index (search_index) VALUES ('rebuild')")
        return
    op.create_index(
        "search_index",
        "search_entry",
        ["words"],
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )


def fill(entry: sa.Table) -> None:
    """An entry for everything in the gallery. Its words are what today's search takes them to be, not what it did when
    this was written: otherwise `flask release check` would find every one of them wrong."""
    for rows in pages():
        op.bulk_insert(entry, rows)


def pages() -> Iterator[list[dict[str, Any]]]:
    """The entries, the oldest first, some at a time."""
    columns = SHOWING.c
    page = sa.select(columns.story_id, columns.body, *(columns[name] for name in FACETS))
    page = page.where(columns.place == "gallery").order_by(columns.shown_on, columns.story_id).limit(BATCH)
    further = sa.tuple_(columns.shown_on, columns.story_id)
    day, number, rows = None, 0, op.get_bind().execute(page).mappings().all()
    while rows:
        made = []
        for row in rows:
            number = number + 1 if row["shown_on"] == day else first_number(row["shown_on"])
            day = row["shown_on"]
            made.append({"number": number, "story_id": row["story_id"], "words": entry_of(row).words})
        yield made
        rows = op.get_bind().execute(page.where(further > sa.tuple_(day, rows[-1]["story_id"]))).mappings().all()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_index")
    op.drop_table("search_entry")
    op.drop_index("ix_showing_voices", "showing")
