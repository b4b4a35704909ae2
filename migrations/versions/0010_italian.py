"""Children, guardians, stories and staff may have Italian as their language."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = ("storyteller", "guardian", "staff", "story", "embedding_site")
THREE = "locale IN ('en', 'zh', 'ro')"
FOUR = "locale IN ('en', 'zh', 'ro', 'it')"


def upgrade() -> None:
    allow(FOUR, instead_of=THREE)


def downgrade() -> None:
    """Who reads Italian reads English again, and an Italian story is listed among the English ones."""
    for name in (*TABLES, "showing"):
        table = sa.table(name, sa.column("locale"))
        op.execute(sa.update(table).where(table.c.locale == "it").values(locale="en"))
    allow(THREE, instead_of=FOUR)


def allow(check: str, *, instead_of: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        rewrite_schema(check, instead_of)
        return
    for table in TABLES:
        op.drop_constraint(op.f(f"ck_{table}_locale"), table, type_="check")
        op.create_check_constraint(op.f(f"ck_{table}_locale"), table, check)


# SQLite can change a CHECK only by copying the table, which loses triggers and upsets foreign keys. For a change that
# leaves the stored rows as they are, its manual has the way below: https://www.sqlite.org/lang_altertable.html#otheralter
def rewrite_schema(check: str, instead_of: str) -> None:
    connection = op.get_bind()
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    for table in TABLES:
        changed = connection.execute(
            sa.text(
                "UPDATE sqlite_master SET sql = replace(sql, :before, :after) "
                "WHERE type = 'table' AND name = :table AND instr(sql, :before) > 0"
            ),
            {"before": f"CHECK ({instead_of})", "after": f"CHECK ({check})", "table": table},
        )
        if changed.rowcount != 1:
            raise RuntimeError(f"{table} does not say CHECK ({instead_of})")
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
    found = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    if found != ["ok"]:
        raise RuntimeError("; ".join(found))
