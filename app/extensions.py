"""The Flask extensions and the declarative base, created unbound; `create_app` connects them.

Also the three database habits everything relies on: times are aware UTC, enums are words checked by the
database, and SQLite runs in WAL with `synchronous=FULL` on every connection.
"""

import re
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import Any, ClassVar

from flask import current_app, request
from flask_babel import Babel
from flask_limiter import Limiter
from flask_login import LoginManager
from flask_sqlalchemy_lite import SQLAlchemy
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    Engine,
    Enum,
    MetaData,
    String,
    TextClause,
    TypeDecorator,
    event,
    text,
)
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session as OrmSession

ID_LENGTH = 22
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000", "secure_delete=ON")
"""What each SQLite connection is told; by the last, a deleted key is overwritten, not only forgotten."""


class Session(OrmSession):
    """The product's database session; the release hook listens on this class."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database; a naive value is a programming error."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime reached the database")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of every table, with predictable constraint names for the migrations."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {
        datetime: UtcDateTime(),
        dict[str, Any]: JSON(),
        list[str]: JSON(),
        list[dict[str, str]]: JSON(),
    }


def one_of(words: type[StrEnum]) -> Enum:
    """A column that holds one word of `words`, as text with a CHECK constraint."""
    return Enum(
        words,
        native_enum=False,
        create_constraint=True,
        name=words.__name__.lower(),
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


def where(condition: str | TextClause) -> dict[str, Any]:
    """The rows that a partial index holds, as both databases are told."""
    rows = text(condition) if isinstance(condition, str) else condition
    return {"sqlite_where": rows, "postgresql_where": rows}


Id = String(ID_LENGTH)


_ID = re.compile(rf"[A-Za-z0-9_-]{{{ID_LENGTH}}}")


def new_id() -> str:
    """A random, URL-safe identifier of 22 characters, just under 128 bits.

    It never begins with a hyphen: a command line would read an option, a spreadsheet a formula.
    """
    made = secrets.token_urlsafe(16)
    return new_id() if made.startswith("-") else made


def is_id(typed: str) -> bool:
    """Whether this could be an identifier of ours: nothing else is looked for."""
    return _ID.fullmatch(typed) is not None


db = SQLAlchemy(session_options={"class_": Session})
babel = Babel()
login = LoginManager()
csrf = CSRFProtect()


def network_of(address: str) -> str:
    """What counts as one visitor: an address of IPv4, the 64 bits of IPv6 that everybody is given at the least."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, IPv4Address):
        return address
    return str(ip.ipv4_mapped or IPv6Network((ip, 64), strict=False))


def visitors_network() -> str:
    """The same of whoever asks now."""
    return network_of(request.remote_addr or "")


limiter = Limiter(key_func=visitors_network, headers_enabled=False)

writing: ContextVar[bool] = ContextVar("writing", default=False)
"""Whether the transaction about to begin will write: SQLite then takes its write lock at once."""


@contextmanager
def only_reading() -> Iterator[None]:
    """Transactions that begin in the block, or in the decorated function, only read: nobody waits for them to end."""
    token = writing.set(False)
    try:
        yield
    finally:
        writing.reset(token)


def outside() -> Any:
    """The adapters the current app was connected to (`app.adapters.Outside`)."""
    return current_app.extensions["eyes"]


def prepare_engine(engine: Engine) -> None:
    """Give every SQLite connection its durability and its explicit BEGIN."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        # Straight to the driver: all of SQLAlchemy for one word would cost a public page as much as its query.
        word = "BEGIN IMMEDIATE" if writing.get() else "BEGIN"
        try:
            connection.connection.driver_connection.execute(word)
        except sqlite3.OperationalError as error:
            raise OperationalError(word, None, error) from error
