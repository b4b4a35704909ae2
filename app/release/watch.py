"""Knowing at every moment, almost for free, which state of the showcase is committed (docs/adr/0008).

A cache of public answers asks before each one. On SQLite the look is `PRAGMA data_version`, which says in microseconds
whether anybody committed anything; on PostgreSQL it is one tiny query. At most twenty looks a second, whoever asks.
"""

import socket
from contextlib import suppress
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import Any, NamedTuple

from sqlalchemy import Engine, event, func, select
from sqlalchemy.exc import SQLAlchemyError

from app import clock
from app.campaigns.models import Campaign
from app.config import LOOPBACK
from app.extensions import only_reading
from app.release.models import Showing
from app.release.terms import FOREVER

EVERY = 0.05
"""Seconds that a look holds good."""
TRUSTED = 4.0
"""Seconds that the last look is believed while the database does not answer: a withdrawal is obeyed in five."""
TIMEOUT = 2
POSTGRES_PORT = 5432
MOMENTS = (Showing.visible_from, Showing.visible_until, Campaign.opens_at, Campaign.closes_at)
"""Every moment at which time alone changes what a public page prints."""


class Edition(NamedTuple):
    """A state of the showcase: what was made of it may be shown again from `since` until `until`, and in no other."""

    number: int
    epoch: int
    since: datetime
    until: datetime

    def holds(self, now: datetime) -> bool:
        """Whether time has not opened or closed anything since."""
        return self.since <= now < self.until


class Watch:
    """Looks at the release epoch through a connection of its own. Threads may share it."""

    def __init__(self, engine: Engine, every: float = EVERY, trusted: float = TRUSTED, *, direct: bool = False) -> None:
        """`direct` says that nothing stands between this process and the database's own server."""
        self.every, self.trusted, self.direct = every, trusted, direct
        self._engine = engine
        self._lock = Lock()
        self._connection: Any = None
        self._version = -1
        self._edition: Edition | None = None
        self._looked = self._confirmed = float("-inf")
        event.listen(engine, "engine_disposed", lambda _engine: self.close())

    def edition(self) -> Edition | None:
        """What is committed now; None when that is not known, and then nothing kept may be shown."""
        if monotonic() - self._looked >= self.every:
            with self._lock:
                if monotonic() - self._looked >= self.every:
                    self._look()
        edition = self._edition
        known = edition is not None and monotonic() - self._confirmed < self.trusted and edition.holds(clock.now())
        return edition if known else None

    def close(self) -> None:
        """Let the connection go; the next look opens another."""
        if self._connection is not None:
            with suppress(self._engine.dialect.loaded_dbapi.Error):
                self._connection.close()
        self._connection = None
        self._version = -1

    def _look(self) -> None:
        began = monotonic()
        try:
            epoch, now = self._epoch(), clock.now()
            last = self._edition
            if last is None or last.epoch != epoch or not last.holds(now):
                self._edition = Edition(last.number + 1 if last else 1, epoch, now, self._next_change(now))
            self._confirmed = began
        except (SQLAlchemyError, self._engine.dialect.loaded_dbapi.Error):
            self.close()
            if self.direct and nobody_listens(self._engine):
                self._confirmed = began
        finally:
            self._looked = began

    def _next_change(self, now: datetime) -> datetime:
        """The first moment after `now` at which time alone opens or closes something."""
        with only_reading(), self._engine.connect() as connection:
            found = [connection.scalar(select(func.min(moment)).where(moment > now)) for moment in MOMENTS]
        return min((moment for moment in found if moment is not None), default=FOREVER)

    def _epoch(self) -> int:
        """The committed epoch. The version is read before it, so that no commit falls between the two."""
        if self._connection is None:
            self._connection = self._connect()
        if self._engine.dialect.name == "sqlite":
            (version,) = self._connection.execute("PRAGMA data_version").fetchone()
            if self._edition is not None and version == self._version:
                return self._edition.epoch
            self._version = version
        (epoch,) = self._connection.execute("SELECT value FROM release_epoch").fetchone()
        return int(epoch)

    def _connect(self) -> Any:
        """A connection outside the pool and outside any transaction, that never waits long."""
        dialect = self._engine.dialect
        arguments, options = dialect.create_connect_args(self._engine.url)
        if dialect.name == "sqlite":
            return dialect.loaded_dbapi.connect(*arguments, **options)
        brakes: dict[str, Any] = {"connect_timeout": TIMEOUT, "tcp_user_timeout": TIMEOUT * 1000, "autocommit": True}
        connection = dialect.loaded_dbapi.connect(*arguments, **{**options, **brakes})
        connection.execute(f"SET statement_timeout = {TIMEOUT * 1000}")
        return connection


def nobody_listens(engine: Engine) -> bool:
    """Whether the database is known to be down, not only out of reach: its address is on this machine and is shut.

    What is down commits no withdrawal, so what was kept stays true. A server elsewhere, or behind a proxy that died
    (hence `direct`), may be well and only hidden from us, and a file that cannot be read may be written by others: of
    those nothing is known.
    """
    url = engine.url
    host, port = str(url.query.get("host") or url.host or ""), url.port or POSTGRES_PORT
    if engine.dialect.name == "sqlite" or not (host.startswith("/") or host in LOOPBACK):
        return False
    try:
        if host.startswith("/"):
            with socket.socket(socket.AF_UNIX) as door:
                door.connect(f"{host}/.s.PGSQL.{port}")
        else:
            socket.create_connection((host, port), timeout=TIMEOUT).close()
    except (ConnectionRefusedError, FileNotFoundError):
        return True
    except OSError:
        return False
    return False
