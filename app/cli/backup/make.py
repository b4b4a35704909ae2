"""Making the two archives, while everybody goes on writing.

The data archive is one snapshot of the database and then the vault, so that every file a row of the snapshot names is
there unless it was erased in between. The keys archive comes after it and replaces the last one: with it every older
data archive opens what is living, and nothing that was erased.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, text

from app import clock
from app.adapters import outside
from app.adapters.archive import Kind, Member, Unusable, read_secret, seal_archive
from app.adapters.keyring import Keys
from app.adapters.queue import rollback
from app.adapters.revocations import chained as chained_lines
from app.adapters.storage import LocalStore, Missing
from app.audit.actions import record
from app.audit.queries import verify
from app.audit.rules import Verb
from app.cli.backup.manifest import (
    FILES,
    IN_THE_KEYS_ARCHIVE,
    KEYRING,
    LEFT_OUT,
    REVOCATIONS,
    ROWS,
    Manifest,
    Tally,
)
from app.cli.backup.rows import dump, tables
from app.cli.writing import transaction
from app.errors import Unavailable
from app.extensions import db
from app.media.queries import vault_names
from app.people.keys import used_keks
from app.release.withdrawals import write_down_revocations

KEYS_NAME = "keys.eyes"
ABANDONED = timedelta(days=2)

T = TypeVar("T")


@dataclass(frozen=True)
class Made:
    """Where the two archives lie, and what the one of the data says of itself."""

    data: Path
    keys: Path
    manifest: Manifest


def back_up() -> Made:
    """Make both archives. Raises `Unusable`, `Unavailable`; a former archive stays until its successor is whole."""
    settings = outside().settings
    secret = read_secret(settings.backup_key_file, to_seal=True)
    name, copy = f"data-{clock.now():%Y%m%dT%H%M%SZ}.eyes", DataCopy()
    with transaction():
        record("cli", Verb.BACKUP_STARTED, name)
    data = put_away(settings.backup_dir, name, seal_archive(Kind.DATA, secret, copy.members()))
    keys = put_away(settings.backup_keys_dir, KEYS_NAME, seal_archive(Kind.KEYS, secret, key_members()))
    return Made(data, keys, copy.manifest)


def put_away(folder: Path, name: str, content: Iterator[bytes]) -> Path:
    """Write an archive, whole and durable or not at all; what a killed run left long ago goes. Raises `Unusable`."""
    store = LocalStore(folder)
    try:
        store.discard_unfinished(clock.now() - ABANDONED)
        store.put(name, content)
    except (Missing, Unavailable) as error:
        if error.code not in (Missing.code, "store"):
            raise
        raise Unusable(f"nothing can be written into the folder {folder} ({reason(error)})") from error
    return folder / name


def reason(error: Exception) -> str:
    """What the operating system said, in its words, or the kind of the error."""
    cause = error.__cause__
    return (cause.strerror if isinstance(cause, OSError) else None) or type(cause or error).__name__


@contextmanager
def snapshot() -> Iterator[Connection]:
    """The database as it is at one moment, however long the reading takes; nobody waits for it."""
    rollback()
    level = {"isolation_level": "REPEATABLE READ"} if db.engine.dialect.name == "postgresql" else {}
    try:
        yield db.session.connection(execution_options=level)
    finally:
        rollback()


def revision_of(connection: Connection) -> str:
    """The newest migration the database has seen."""
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")))


class DataCopy:
    """One data archive being made; the manifest is there when its last member is."""

    manifest: Manifest

    def members(self) -> Iterator[Member]:
        """Every table but those left out, then every file of the vault, then the manifest."""
        tally, made_at = Tally(), clock.now()
        with snapshot() as connection:
            revision, broken, named = revision_of(connection), verify(), vault_names()
            for table in tables(connection):
                if table.name not in LEFT_OUT:
                    yield tally.count((ROWS + table.name, dump(connection, table)))
        for name, chunks in files():
            named.discard(name)
            yield tally.count((FILES + name, chunks))
        self.manifest = Manifest(
            kind=Kind.DATA,
            made_at=made_at.isoformat(),
            revision=revision,
            deployment=fingerprint(Keys.parse(outside().keyring.content())),
            audit_breaks_at=broken,
            missing=sorted(named & vault_names() if named else named),  # the rest was erased in between
            tally=tally,
        )
        rollback()
        yield self.manifest.as_member()


def files() -> Iterator[Member]:
    """Every file of the vault that is still there when its turn comes."""
    vault = outside().vault
    for name in readable(vault.names()):
        try:
            chunks = vault.open(name)
            first = next(chunks, b"")
        except Missing:
            continue
        yield name, readable(chained(first, chunks))


def chained(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    """The bytes of which the first were read already."""
    yield first
    yield from rest


def readable(things: Iterator[T]) -> Iterator[T]:
    """The same. Raises `Unusable` where the vault does not give them: it is not the archive's folder that failed."""
    try:
        yield from things
    except Unavailable as error:
        raise Unusable(f"the vault {outside().settings.vault_place} cannot be read ({reason(error)})") from error


def key_members() -> Iterator[Member]:
    """The wrapped data keys, the keyring that opens them, and the ledger of revocations."""
    tally = Tally()
    with snapshot() as connection:
        made_at, revision, used = clock.now(), revision_of(connection), used_keks()
        for table in tables(connection, IN_THE_KEYS_ARCHIVE):
            yield tally.count((ROWS + table.name, dump(connection, table)))
    keyring = outside().keyring.content()
    keys = Keys.parse(keyring)
    if not used <= keys.by_id.keys():
        raise Unusable("the keys were being changed: back up again")
    yield tally.count((KEYRING, [keyring]))
    write_down_revocations()
    yield tally.count((REVOCATIONS, [chained_lines(outside().revocations.read())]))
    rollback()
    yield Manifest(Kind.KEYS, made_at.isoformat(), revision, fingerprint(keys), None, [], tally).as_member()


def fingerprint(keys: Keys) -> str:
    """Which deployment these keys are of, without saying anything about them."""
    return keys.secret("deployment").hex()
