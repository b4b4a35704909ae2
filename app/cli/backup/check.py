"""Reading an archive from end to end before anything of it is used, and whether two archives belong together."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from alembic.script import ScriptDirectory
from alembic.util import CommandError

from app.adapters.archive import Kind, Member, Unusable, open_archive
from app.adapters.keyring import Keys
from app.adapters.revocations import Broken, Revocations, parse as parse_revocations
from app.adapters.sealing import Damaged
from app.adapters.storage import checked
from app.cli.backup.manifest import KEYRING, MANIFEST, REVOCATIONS, ROWS, Manifest, Tally
from app.cli.backup.rows import Row, binary, parse
from app.cli.database import alembic_config
from app.errors import Unavailable
from app.people.keys import KeptKey

MEMBERS = {Kind.DATA: re.compile(r"rows/[a-z_]+|vault/.+"), Kind.KEYS: re.compile(r"rows/data_key|keyring|revocations")}


class Archive:
    """One archive being read; its manifest is there when its last member is."""

    manifest: Manifest

    def __init__(self, path: Path, kind: Kind, secret: bytes) -> None:
        self.path, self.kind, self.secret = path, kind, secret

    def members(self) -> Iterator[Member]:
        """Every member but the manifest, which must agree with them. Raises `Unusable`, at the latest at the end."""
        seen, found = Tally(), False
        for name, chunks in open_archive(self.path, self.kind, self.secret):
            if found:
                raise Unusable(f"{self.path} goes on after its manifest")
            if name == MANIFEST:
                self.manifest, found = Manifest.parse(b"".join(chunks), self.kind, seen), True
                continue
            self._check_name(name)
            member = seen.count((name, chunks))
            yield member
            for _ in member[1]:  # what was passed over is counted too
                pass
        if not found:
            raise Unusable(f"{self.path} has no manifest")

    def _check_name(self, name: str) -> None:
        try:
            known = MEMBERS[self.kind].fullmatch(name) and checked(name)
        except ValueError:
            known = None
        if not known:
            raise Unusable(f"{self.path} holds a member of a forbidden name")


def check_data(path: Path, secret: bytes) -> Manifest:
    """Read a whole data archive; what it says of itself. Raises `Unusable`."""
    archive = Archive(path, Kind.DATA, secret)
    for name, chunks in archive.members():
        if name.startswith(ROWS):
            for _ in parse(chunks):
                pass
    check_revision(archive.manifest)
    return archive.manifest


@dataclass(frozen=True)
class Keychain:
    """What a keys archive holds, opened; a data key and its age by owner."""

    manifest: Manifest
    keys: Keys
    data_keys: dict[str, KeptKey] = field(repr=False)
    revoked: Revocations


def check_keys(path: Path, secret: bytes) -> Keychain:
    """Read a whole keys archive and open every key in it. Raises `Unusable`."""
    archive = Archive(path, Kind.KEYS, secret)
    rows: list[Row] = []
    plain: dict[str, bytes] = {}
    for name, chunks in archive.members():
        if name.startswith(ROWS):
            rows = list(parse(chunks))
        else:
            plain[name] = b"".join(chunks)
    try:
        keys = Keys.parse(plain[KEYRING])
        data_keys = {row["owner_id"]: opened(keys, row) for row in rows}
        return Keychain(archive.manifest, keys, data_keys, parse_revocations(plain[REVOCATIONS]))
    except (Broken, Damaged, LookupError, TypeError, Unavailable, ValueError) as error:
        raise Unusable(f"{path} holds keys that do not open, or a broken ledger of revocations") from error


def opened(keys: Keys, row: Row) -> KeptKey:
    """The data key in a row. Raises `Damaged`, `Unavailable`."""
    key = keys.unwrap(binary(row["wrapped"]), row["kek_id"], row["owner_id"].encode())
    return KeptKey(key, datetime.fromisoformat(row["created_at"]), row.get("dies_with"))


def check_revision(manifest: Manifest) -> None:
    """Raises `Unusable` when this version of the product does not know the archive's tables."""
    try:
        ScriptDirectory.from_config(alembic_config()).get_revision(manifest.revision)
    except CommandError as error:
        raise Unusable(f"the archive's tables (revision {manifest.revision}) are newer than this version") from error


def check_pair(data: Manifest, keys: Keychain) -> None:
    """Raises `Unusable` when these keys cannot open all that is living in this data."""
    if data.deployment != keys.manifest.deployment:
        raise Unusable("the two archives come from two deployments")
    if datetime.fromisoformat(keys.manifest.made_at) < datetime.fromisoformat(data.made_at):
        raise Unusable("the keys archive is older than the data archive and lacks keys: take the newest")
