"""Changing what a CHECK says, on both databases."""

import sqlalchemy as sa
from alembic import op


def change_check(name: str, old: str, new: str, *tables: str) -> None:
    """Let `ck_<table>_<name>` say `new` in place of `old` in each of these tables. The stored rows must fit both."""
    if op.get_bind().dialect.name == "sqlite":
        _rewrite(f"CHECK ({old})", f"CHECK ({new})", tables)
        return
    for table in tables:
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, new)


# SQLite can change a CHECK only by copying the table, which loses triggers and upsets foreign keys. For a change that
# leaves the stored rows as they are, its manual has the way below: https://www.sqlite.org/lang_altertable.html#otheralter
def _rewrite(old: str, new: str, tables: tuple[str, ...]) -> None:
    connection = op.get_bind()
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    for table in tables:
        changed = connection.execute(
            sa.text(
                "UPDATE sqlite_master SET sql = replace(sql, :old, :new) "
                "WHERE type = 'table' AND name = :table AND instr(sql, :old) > 0"
            ),
            {"old": old, "new": new, "table": table},
        )
        if changed.rowcount != 1:
            raise RuntimeError(f"{table} does not say {old}")
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")
    found = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    if found != ["ok"]:
        raise RuntimeError("; ".join(found))
