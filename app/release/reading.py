"""Reading the showcase beside the session: a question is compiled once, and its answer is rows and nothing more.

A wall is one short question. A session, its transaction and the objects of a result take five times as long as the
database's answer, and a public page needs none of them: it reads what is committed, and writes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Dialect, Select
from sqlalchemy.exc import DBAPIError

from app.extensions import db

Convert = Callable[[Any], Any]


class _Compiled:
    """A statement as one database's driver takes it, and what its types do to values on the way in and out."""

    def __init__(self, statement: Select[Any], dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        self.text = str(compiled)
        self._order: list[str] | None = compiled.positiontup
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        types = {name: bind.type.dialect_impl(dialect) for name, bind in compiled.binds.items()}
        self._writers = {name: write for name, kind in types.items() if (write := kind.bind_processor(dialect))}
        columns = [column.type.dialect_impl(dialect) for column in statement.selected_columns]
        self._readers = [kind.result_processor(dialect, None) for kind in columns]

    def values(self, given: Mapping[str, Any]) -> Any:
        """The values in the form and order that the driver wants."""
        written = {
            name: self._writers[name](value) if name in self._writers else value for name, value in given.items()
        }
        named = self._fixed | written
        return named if self._order is None else [named[name] for name in self._order]

    def rows(self, found: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Rows as the models hold their values."""
        for place, read in enumerate(self._readers):
            if read is not None:
                found = [(*row[:place], read(row[place]), *row[place + 1 :]) for row in found]
        return list(found)


class Question:
    """A statement that public pages ask again and again; only its bound values differ."""

    def __init__(self, statement: Select[Any]) -> None:
        self.statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def ask(self, **values: Any) -> list[tuple[Any, ...]]:
        """All rows of what is committed now. Raises what SQLAlchemy raises when the database does not answer."""
        engine = db.engine
        dialect = engine.dialect
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = _Compiled(self.statement, dialect)
        connection = None
        try:
            connection = engine.raw_connection()
            cursor = connection.cursor()
            cursor.execute(compiled.text, compiled.values(values))
            return compiled.rows(cursor.fetchall())
        except dialect.loaded_dbapi.Error as error:
            if connection is not None:
                connection.invalidate(error)
            raise DBAPIError.instance(compiled.text, None, error, dialect.loaded_dbapi.Error) from error
        finally:
            if connection is not None:
                connection.close()
