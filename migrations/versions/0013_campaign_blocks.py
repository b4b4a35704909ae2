"""Campaigns that a curator builds: blocks, languages, a hero, a call to action, partners, and an announcement."""

import secrets
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KINDS = ("stories", "quote", "text", "numbers", "map", "action", "partners")
CAMPAIGN_YES = sa.text("scope LIKE 'campaign:%' AND value = 'yes'")

CAMPAIGN = sa.table(
    "campaign",
    *(sa.column(name) for name in ("id", "announced_at", "created_at")),
    *(sa.column(name, sa.JSON) for name in ("title", "appeal", "languages")),
)
BLOCK = sa.table(
    "campaign_block",
    *(sa.column(name) for name in ("id", "campaign_id", "position", "kind")),
    sa.column("content", sa.JSON),
)
ITEM = sa.table("campaign_item", *(sa.column(name) for name in ("campaign_id", "story_id", "position", "block_id")))


def upgrade() -> None:
    # The defaults stay: SQLite could only take them away by writing the whole table anew.
    op.add_column("campaign", sa.Column("languages", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("campaign", sa.Column("hero_id", sa.String(length=22), nullable=True))
    op.add_column("campaign", sa.Column("action_link", sa.String(length=500), nullable=True))
    op.add_column("campaign", sa.Column("action_until", sa.Date(), nullable=True))
    op.add_column("campaign", sa.Column("partners", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("campaign", sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("campaign", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.create_table(
        "campaign_block",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("campaign_id", sa.String(length=22), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind", sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=32), nullable=False
        ),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_block_campaign_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_block")),
        sa.UniqueConstraint("campaign_id", "position", name=op.f("uq_campaign_block_campaign_id_position")),
    )
    items = take_items()
    op.drop_table("campaign_item")
    create_items(with_block=True)
    build(items)
    op.create_index(
        "ix_answer_campaign_yes",
        "answer",
        ["scope", "story_id"],
        sqlite_where=CAMPAIGN_YES,
        postgresql_where=CAMPAIGN_YES,
    )


def take_items() -> list[dict[str, Any]]:
    """Every chosen story."""
    columns = ITEM.c.campaign_id, ITEM.c.story_id, ITEM.c.position
    return [dict(row) for row in op.get_bind().execute(sa.select(*columns)).mappings()]


def create_items(*, with_block: bool) -> None:
    """The table of chosen stories; nothing refers to it, so it is made anew rather than changed."""
    block = (
        sa.Column("block_id", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(
            ["block_id"], ["campaign_block.id"], name=op.f("fk_campaign_item_block_id"), ondelete="CASCADE"
        ),
    )
    op.create_table(
        "campaign_item",
        sa.Column("campaign_id", sa.String(length=22), nullable=False),
        sa.Column("story_id", sa.String(length=22), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *(block if with_block else ()),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_item_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_campaign_item_story_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("campaign_id", "story_id", name=op.f("pk_campaign_item")),
        sa.UniqueConstraint("campaign_id", "position", name=op.f("uq_campaign_item_campaign_id_position")),
    )
    op.create_index(op.f("ix_campaign_item_story_id"), "campaign_item", ["story_id"])
    if with_block:
        op.create_index(op.f("ix_campaign_item_block_id"), "campaign_item", ["block_id"])


def build(items: list[dict[str, Any]]) -> None:
    """What a campaign's page showed before: its stories, then its appeal. It was public, so it was announced."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(CAMPAIGN.c.id, CAMPAIGN.c.title, CAMPAIGN.c.appeal)).all():
        kinds = ["stories", "action"] if any(row.appeal.values()) else ["stories"]
        blocks = [
            {"id": secrets.token_urlsafe(16), "campaign_id": row.id, "position": position, "kind": kind, "content": {}}
            for position, kind in enumerate(kinds)
        ]
        connection.execute(sa.insert(BLOCK), blocks)
        told = {
            "languages": [code for code, words in row.title.items() if words],
            "announced_at": CAMPAIGN.c.created_at,
        }
        connection.execute(sa.update(CAMPAIGN).where(CAMPAIGN.c.id == row.id).values(told))
        chosen = [item | {"block_id": blocks[0]["id"]} for item in items if item["campaign_id"] == row.id]
        if chosen:
            connection.execute(sa.insert(ITEM), chosen)


def downgrade() -> None:
    op.drop_index("ix_answer_campaign_yes", "answer")
    items = take_items()
    op.drop_table("campaign_item")
    create_items(with_block=False)
    if items:
        op.get_bind().execute(sa.insert(ITEM), items)
    op.drop_table("campaign_block")
    # An older program knows no drafts: what was not announced must not become public by going back.
    op.execute("DELETE FROM campaign_item WHERE campaign_id IN (SELECT id FROM campaign WHERE announced_at IS NULL)")
    op.execute("DELETE FROM campaign WHERE announced_at IS NULL")
    for name in ("version", "announced_at", "partners", "action_until", "action_link", "hero_id", "languages"):
        op.drop_column("campaign", name)
