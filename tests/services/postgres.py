"""A PostgreSQL cluster of the tests' own: in a temporary folder, on a Unix socket only, without fsync."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Composed, Identifier

from tests.services.memory import temporary_root
from tests.services.processes import Server, find_program

DEBIAN = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
SPEED = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "shared_buffers=64MB",
    "max_connections=60",
    "dynamic_shared_memory_type=mmap",
)
USER = "eyes"

_numbers = count(1)


class Postgres:
    """A running cluster; each test takes databases of its own from it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._kept: psycopg.Connection[Any] | None = None
        self._as = ordinary_user(folder)
        initdb = (find_program("initdb", *DEBIAN), "-D", str(folder / "data"), "-U", USER, "-E", "UTF8", "-A", "trust")
        subprocess.run([*initdb, "--no-locale", "--no-sync"], check=True, stdout=subprocess.DEVNULL, **self._as)
        self.start()

    def start(self) -> None:
        """Serve until `stop`; can be started again."""
        options = [part for setting in (*SPEED, "listen_addresses=") for part in ("-c", setting)]
        command = [find_program("postgres", *DEBIAN), "-D", str(self.folder / "data"), "-k", str(self.folder), *options]
        self.server = Server(command, log=self.folder / "log", **self._as)
        self.server.wait_until(self.answers)

    def stop(self) -> None:
        """End every session and stop; SIGTERM would wait for idle clients for ever."""
        self.hang_up()
        self.server.stop(signal.SIGINT)

    def hang_up(self) -> None:
        """Close the connection that is kept."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    def answers(self) -> bool:
        """Whether the cluster accepts connections."""
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def url(self, name: str) -> str:
        """The SQLAlchemy address of a database."""
        return f"postgresql+psycopg://{USER}@/{name}?host={self.folder}"

    def create(self, template: str = "template0") -> str:
        """The name of a new database that equals `template`, which nobody may be connected to."""
        name = f"test_{next(_numbers)}"
        statement = SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        self._run(statement.format(Identifier(name), Identifier(template)))
        return name

    def drop(self, name: str) -> None:
        """Throw a database away, whoever is still connected to it."""
        self._run(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))

    def _run(self, statement: Composed) -> None:
        """Execute one over a connection that is kept: to open one anew for each takes a third of the time."""
        self._kept = self._kept or self._connect()
        self._kept.execute(statement)

    def _connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(host=str(self.folder), user=USER, dbname="postgres", autocommit=True)


def ordinary_user(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as Debian's `postgres`, who must own the folder."""
    start: dict[str, Any] = {"cwd": folder, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}}
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        start |= {"user": "postgres", "group": "postgres", "extra_groups": []}
    return start


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One cluster for this process of the test run; a short folder name, because a socket's path is limited."""
    folder = Path(tempfile.mkdtemp(prefix="eyes-pg-", dir=temporary_root()))
    cluster = Postgres(folder)
    try:
        yield cluster
    finally:
        cluster.hang_up()
        cluster.server.kill()
        shutil.rmtree(folder)


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """The address of an empty database, thrown away after the test."""
    name = postgres.create()
    yield postgres.url(name)
    postgres.drop(name)
