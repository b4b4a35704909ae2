"""A table as lines of JSON, the same for SQLite and PostgreSQL: the names of the columns, then one array for each row.

Tables are taken as the database describes them, not as the models do, so that an archive of an older revision is
loaded into tables of that revision.
"""

import base64
import json
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Date,
    DateTime,
    ForeignKeyConstraint,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    delete,
    func,
    inspect,
    select,
    text,
)
from sqlalchemy.engine.interfaces import ReflectedForeignKeyConstraint
from sqlalchemy.types import TypeEngine

from app.adapters.archive import Unusable
from app.release.indexing import is_of_index

BATCH = 500
VERSIONS = "alembic_version"

Row = dict[str, Any]


def tables(connection: Connection, only: Container[str] | None = None) -> list[Table]:
    """Every table the database has, or each of `only`, after those it refers to; not Alembic's own, nor an index's.

    Asked for is what a row needs: columns, keys, and who refers to whom. All that a database can say takes three times
    as long.
    """
    seen, metadata = inspect(connection), MetaData()
    names = [
        name
        for name in seen.get_table_names()
        if name != VERSIONS and not is_of_index(name) and (only is None or name in only)
    ]
    columns = seen.get_multi_columns(filter_names=names)
    keys = seen.get_multi_pk_constraint(filter_names=names)
    references = seen.get_multi_foreign_keys(filter_names=names)
    for name in names:
        Table(
            name,
            metadata,
            *(Column(each["name"], kind_of(each["type"])) for each in columns[None, name]),
            PrimaryKeyConstraint(*keys[None, name]["constrained_columns"]),
            *(reference(each) for each in references[None, name] if each["referred_table"] in names),
        )
    return metadata.sorted_tables


def reference(found: ReflectedForeignKeyConstraint) -> ForeignKeyConstraint:
    """A reference from one table to another, which decides what is loaded first."""
    there = [f"{found['referred_table']}.{column}" for column in found["referred_columns"]]
    return ForeignKeyConstraint(found["constrained_columns"], there)


def kind_of(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    """The type of a column; where it holds JSON, nothing is NULL and not the word null."""
    return JSON(none_as_null=True) if isinstance(kind, JSON) else kind


def dump(connection: Connection, table: Table) -> Iterator[bytes]:
    """The lines of a table, by its primary key, in handfuls."""
    writers = [writer(column) for column in table.columns]
    yield line([column.name for column in table.columns])
    statement = select(table).order_by(*table.primary_key).execution_options(yield_per=BATCH)
    with connection.execute(statement) as rows:
        for handful in rows.partitions():
            yield b"".join(
                line([value if value is None else write(value) for write, value in zip(writers, row, strict=True)])
                for row in handful
            )


def line(values: list[Any]) -> bytes:
    """One line."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def parse(chunks: Iterable[bytes]) -> Iterator[Row]:
    """The rows of a table by column, as JSON holds them. Raises `Unusable`."""
    lines = lines_of(chunks)
    try:
        columns = json.loads(next(lines, b"[]"))
        for each in lines:
            yield dict(zip(columns, json.loads(each), strict=True))
    except (TypeError, ValueError) as error:
        raise Unusable("the archive holds a row that is none") from error


def lines_of(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The lines in a stream of bytes."""
    held = b""
    for chunk in chunks:
        *whole, held = (held + chunk).split(b"\n")
        yield from whole
    if held:
        yield held


def load(connection: Connection, table: Table, rows: Iterable[Row]) -> int:
    """Put rows into a table in place of those a migration made; how many. Raises `Unusable`."""
    if connection.scalar(select(func.count()).select_from(table)):  # an append-only table refuses even an idle DELETE
        connection.execute(delete(table))
    readers = {column.name: reader(column, connection.dialect.name) for column in table.columns}
    count = 0
    batch: list[Row] = []
    for row in rows:
        if row.keys() != readers.keys():
            raise Unusable(f"the archive's table {table.name} has other columns than its revision")
        batch.append(read(row, readers))
        if len(batch) == BATCH:
            connection.execute(table.insert(), batch)
            count, batch = count + BATCH, []
    if batch:
        connection.execute(table.insert(), batch)
    return count + len(batch)


def read(row: Row, readers: Mapping[str, Callable[[Any], Any]]) -> Row:
    """A row as the database takes it. Raises `Unusable`."""
    try:
        return {name: value if value is None else readers[name](value) for name, value in row.items()}
    except (TypeError, ValueError) as error:
        raise Unusable("the archive holds a value of the wrong kind") from error


def writer(column: Column[Any]) -> Callable[[Any], Any]:
    """How a value of this column is written as JSON."""
    if isinstance(column.type, LargeBinary):
        return lambda value: base64.b64encode(value).decode()
    if isinstance(column.type, DateTime):
        return lambda value: (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    if isinstance(column.type, Date):
        return lambda value: value.isoformat()
    return lambda value: value


def reader(column: Column[Any], dialect: str) -> Callable[[Any], Any]:
    """How a value of this column is read from JSON for this database."""
    if isinstance(column.type, LargeBinary):
        return binary
    if isinstance(column.type, DateTime):
        return moment_for(dialect)
    if isinstance(column.type, Date):
        return date.fromisoformat
    return lambda value: value


def binary(value: str) -> bytes:
    """Bytes from JSON. Raises ValueError."""
    return base64.b64decode(value, validate=True)


def moment_for(dialect: str) -> Callable[[str], datetime]:
    """SQLite keeps moments without their zone, always UTC."""
    if dialect == "sqlite":
        return lambda value: datetime.fromisoformat(value).replace(tzinfo=None)
    return datetime.fromisoformat


def continue_counting(connection: Connection, table: Table) -> None:
    """Let the numbers that PostgreSQL gives out go on after those that were loaded; SQLite does so by itself."""
    column = table.autoincrement_column
    if column is None or connection.dialect.name != "postgresql":
        return
    sequence = connection.scalar(text("SELECT pg_get_serial_sequence(:t, :c)"), {"t": table.name, "c": column.name})
    highest = connection.scalar(select(func.max(column)))
    if sequence is not None and highest is not None:
        connection.execute(text("SELECT setval(:sequence, :highest)"), {"sequence": sequence, "highest": highest})
