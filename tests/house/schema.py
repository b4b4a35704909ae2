"""What a database really holds, read from its own catalogue, so that two of them can be compared."""

from collections import Counter

from sqlalchemy import Engine, text

SQLITE = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"

POSTGRES = """
SELECT format('column %s.%s %s null=%s default=%s', table_name, column_name,
              coalesce(character_maximum_length::text, '') || ' ' || data_type, is_nullable, column_default)
  FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL
SELECT format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
UNION ALL
SELECT format('index %s', indexdef) FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT format('trigger %s %s', tgname, pg_get_triggerdef(oid)) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT format('function %s %s', proname, prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""

ALEMBIC = "alembic_version"


def catalogue(engine: Engine) -> Counter[str]:
    """One line for each thing in the schema: tables, columns, constraints, indexes, triggers and functions."""
    with engine.connect() as connection:
        lines = connection.scalars(text(SQLITE if engine.dialect.name == "sqlite" else POSTGRES)).all()
    return Counter(" ".join(line.split()) for line in lines if ALEMBIC not in line)
