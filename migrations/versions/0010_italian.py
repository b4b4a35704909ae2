"""Children, guardians, stories and staff may have Italian as their language."""

import sqlalchemy as sa
from alembic import op

from migrations.checks import change_check

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = ("storyteller", "guardian", "staff", "story", "embedding_site")
THREE = "locale IN ('en', 'zh', 'ro')"
FOUR = "locale IN ('en', 'zh', 'ro', 'it')"


def upgrade() -> None:
    change_check("locale", THREE, FOUR, *TABLES)


def downgrade() -> None:
    """Who reads Italian reads English again, and an Italian story is listed among the English ones."""
    for name in (*TABLES, "showing"):
        table = sa.table(name, sa.column("locale"))
        op.execute(sa.update(table).where(table.c.locale == "it").values(locale="en"))
    change_check("locale", FOUR, THREE, *TABLES)
