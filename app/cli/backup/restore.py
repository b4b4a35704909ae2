"""The way back: both archives are read and checked whole, then everything happens in one transaction.

Until its commit the database is as empty as it was, so nobody can be served what was erased or taken back since the
data archive was made. After it there is nothing erased left to serve, and a story of which something was taken back is
suspended until a lead has asked, even where it was given again later: the archive does not know that either. The data
keys are wrapped anew on the way, so that the keyring that comes out of a restore opens no older copy of the database.

A restore writes into the keyring, the ledger of revocations and the checkpoints too. Where these are there already,
they are either what survived of this deployment, or those of a living one, and somebody only practises: after a signed
line "restored" its log could be cut and nothing would show. Only the operator knows which, and has to say so.
"""

from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, inspect, select

from app.adapters import outside
from app.adapters.archive import Kind, Unusable, read_secret
from app.adapters.keyring import Keyring, Keys
from app.adapters.revocations import Broken, Revocations
from app.audit.actions import checkpoint_of_restore, record
from app.audit.queries import verify
from app.audit.rules import Verb
from app.cli.backup.check import Archive, Keychain, check_data, check_keys, check_pair
from app.cli.backup.manifest import FILES, ROWS, Manifest
from app.cli.backup.rows import continue_counting, load, parse, tables
from app.cli.database import make_room, upgrade_within
from app.cli.ending import hear_nothing, undone_when_ended
from app.cli.writing import transaction
from app.consent.publishing import publish_first
from app.extensions import db
from app.media.queries import vault_names
from app.people.keys import adopt_keys
from app.people.permissions import Role
from app.release.check import rebuild
from app.release.withdrawals import withdrawals
from app.safeguarding.actions import suspend_restored
from app.stories.actions import erase
from app.stories.lifecycle import State
from app.stories.models import Story


@dataclass(frozen=True)
class Restored:
    """What a restore did; `lost` files are named by rows and were not there when the backup was made."""

    manifest: Manifest
    rows: int
    erased: int
    suspended: int
    lost: int
    files: int
    shown: int


def restore(data: Path, keys: Path, *, here: bool) -> Restored:
    """Bring a deployment back from its two archives. Raises `Unusable`, and then nothing was changed.

    `here` says that keyring, ledger and checkpoints at the places of the settings are what survived of it.
    """
    secret = read_secret(outside().settings.backup_key_file)
    refuse_unless_empty()
    if not here:
        refuse_survivors()
    manifest, keychain = check_data(data, secret), check_keys(keys, secret)
    check_pair(manifest, keychain)
    revoked = Revocations.of((*keychain.revoked, *known_revocations()))
    placed: list[str] = []
    with undone_when_ended(), fresh_keyring(keychain.keys):
        try:
            with transaction():
                done = bring_back(Archive(data, Kind.DATA, secret), manifest, keychain, revoked, placed)
        except BaseException:
            for name in placed:
                outside().vault.delete(name)
            raise
    return done


def refuse_unless_empty() -> None:
    """Raises `Unusable` when anything could be overwritten."""
    make_room()
    if inspect(db.engine).get_table_names():
        raise Unusable("the database is not empty: restore into a new one")
    if next(iter(outside().vault.names()), None) is not None:
        raise Unusable(
            f"the vault {outside().settings.vault_place} is not empty: restore into a new one; "
            "if a restore that was killed left these files, empty it and run again"
        )


def refuse_survivors() -> None:
    """Raises `Unusable` when keyring, ledger or checkpoints of a deployment are there: it may be a living one."""
    there = outside().settings.survivors()
    if there:
        raise Unusable(
            f"{' and '.join(map(str, there))} would be changed, and may be those of a living deployment. To practise, "
            "set EYES_KEYRING, EYES_REVOCATION_LEDGER and EYES_AUDIT_CHECKPOINTS to new places as well (the runbook "
            "has the block). If they are what survived of the deployment that comes back here, or what a killed "
            "restore into this place left, say --here"
        )


def known_revocations() -> Revocations:
    """What this machine remembers, whatever the archives say."""
    try:
        return outside().revocations.read()
    except Broken as error:
        where = outside().settings.revocation_file
        raise Unusable(
            f"the ledger of revocations {where} breaks at line {error.line}: see what happened to it"
        ) from error


@contextmanager
def fresh_keyring(archived: Keys) -> Iterator[None]:
    """A fresh key-encryption key, in the keyring of this machine or in a new one, which goes if the block fails."""
    keyring = outside().keyring
    new = not keyring.path.exists()
    if new:
        Keyring.create(keyring.path, archived.master)
    elif keyring.secret("deployment") != archived.secret("deployment"):
        raise Unusable(f"the keyring {keyring.path} belongs to another deployment: move it away")
    else:
        keyring.rotate()
    try:
        yield
    except BaseException:
        if new:
            keyring.path.unlink(missing_ok=True)
        raise


def bring_back(
    archive: Archive, manifest: Manifest, keychain: Keychain, revoked: Revocations, placed: list[str]
) -> Restored:
    """Everything that a restore writes, in the current transaction; `placed` names the files as they come."""
    connection = db.session.connection()
    upgrade_within(connection, manifest.revision)
    rows = read_in(archive, connection, revoked.erased, placed)
    upgrade_within(connection, "head")
    publish_first()
    if verify() != manifest.audit_breaks_at:
        raise Unusable("the audit chain does not hold as it did when the backup was made")
    brought_back = checkpoint_of_restore()
    adopt_keys(keychain.data_keys)
    erased = erase_again(revoked.erased, keychain.data_keys.keys())
    suspended = suspend_again(revoked)
    shown = rebuild()
    record("cli", Verb.BACKUP_RESTORED, manifest.made_at, erased=erased, suspended=suspended)
    done = Restored(manifest, rows, erased, suspended, len(vault_names() - set(placed)), len(placed), shown)
    hear_nothing()  # whether it is committed is the database's to say now
    outside().revocations.append(keychain.revoked)
    outside().checkpoints.append(brought_back)  # last: a restore that failed must leave no such line
    return done


def read_in(archive: Archive, connection: Connection, erased: Container[str], placed: list[str]) -> int:
    """Load the tables and put the files back, but for those of erased stories; how many rows."""
    found = {ROWS + table.name: table for table in tables(connection)}
    count = 0
    for name, chunks in archive.members():
        if name in found:
            count += load(connection, found[name], parse(chunks))
        elif not name.startswith(FILES):
            raise Unusable(f"the archive's revision has no table for {name}")
        elif name.split("/")[1] not in erased:
            placed.append(name.removeprefix(FILES))
            outside().vault.put(placed[-1], chunks)
    for table in found.values():
        continue_counting(connection, table)
    return count


def erase_again(erased: Container[str], has_key: Container[str]) -> int:
    """Erase what is known to be erased, and what has no key any more: it was erased too. How many stories."""
    living = db.session.scalars(select(Story.id).where(Story.state != State.ERASED)).all()
    ids = [story_id for story_id in living if story_id in erased or story_id not in has_key]
    for story_id in ids:
        erase(db.session.get_one(Story, story_id), Role.CLOCK)
    return len(ids)


def suspend_again(revoked: Revocations) -> int:
    """Suspend every story of which the archive does not know for sure what was taken back last. How many."""
    known = {each.story_id: each.at for each in withdrawals()}
    living = db.session.scalars(select(Story.id).where(Story.state != State.ERASED)).all()
    last, latest = revoked.withdrawn, revoked.latest
    ids = [one for one in living if one in last and {known.get(one)} != {last[one], latest[one]}]
    for story_id in ids:
        suspend_restored(db.session.get_one(Story, story_id))
    return len(ids)
