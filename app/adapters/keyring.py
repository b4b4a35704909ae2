"""The keyring: a small file, outside the data folder, without which the data is noise.

It holds a master secret, from which named secrets are derived, and the key-encryption keys that wrap the
stories' data keys. The newest key wraps; the older ones still unwrap until everything was wrapped anew. The
file is replaced atomically and read again when it changed, so a rotation by a command reaches running
processes.
"""

import base64
import json
import os
import secrets
import stat
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app import clock
from app.adapters.sealing import open_bytes, seal_bytes
from app.adapters.storage import locked_folder, sync_folder, write_beside
from app.errors import Unavailable

VERSION = 1
KEY_BYTES = 32


@dataclass(frozen=True)
class Keys:
    """What a keyring file holds."""

    master: bytes = field(repr=False)
    by_id: dict[str, bytes] = field(repr=False)
    newest: str

    @classmethod
    def parse(cls, document: bytes) -> Self:
        """The keys in the content of a keyring file. Raises `Unavailable`."""
        try:
            content = json.loads(document)
            by_id = {key["id"]: base64.b64decode(key["key"]) for key in content["keys"]}
            return cls(base64.b64decode(content["master"]), by_id, content["keys"][-1]["id"])
        except (ValueError, TypeError, LookupError) as error:
            raise Unavailable("keyring") from error

    def unwrap(self, wrapped: bytes, kek_id: str, aad: bytes) -> bytes:
        """What `Keyring.wrap` wrapped. Raises `Damaged`, or `Unavailable` when the key is not here."""
        if kek_id not in self.by_id:
            raise Unavailable("keyring")
        return open_bytes(self.by_id[kek_id], wrapped, aad)

    def secret(self, purpose: str) -> bytes:
        """32 bytes for one purpose (signing sessions, hashing cards …), the same at every call."""
        derive = HKDF(SHA256(), length=KEY_BYTES, salt=None, info=b"eyes-on-me secret:" + purpose.encode())
        return derive.derive(self.master)


class Keyring:
    """The keys of one deployment. Every method raises `Unavailable` when the file cannot be read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._keys: Keys | None = None
        self._stamp = (0, 0)

    @classmethod
    def create(cls, path: Path, master: bytes | None = None) -> Self:
        """Make a new keyring file, with the `master` secret of another one where a deployment moves.

        Raises FileExistsError rather than replace one: its data would be lost.
        """
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        document = {"version": VERSION, "master": _text(master or secrets.token_bytes(KEY_BYTES)), "keys": [_new_key()]}
        part = write_beside(path, _bytes(document))
        try:
            os.link(part, path)  # unlike a rename, this fails when somebody else was first
        finally:
            part.unlink()
        sync_folder(path.parent)
        return cls(path)

    @property
    def newest(self) -> str:
        """The id of the key that wraps now."""
        return self._read().newest

    def wrap(self, data_key: bytes, aad: bytes) -> tuple[bytes, str]:
        """`data_key` sealed for the owner that `aad` names, and the id of the key that did it."""
        keys = self._read()
        return seal_bytes(keys.by_id[keys.newest], data_key, aad), keys.newest

    def unwrap(self, wrapped: bytes, kek_id: str, aad: bytes) -> bytes:
        """What `wrap` wrapped. Raises `Damaged`, or `Unavailable` when this keyring does not hold the key."""
        return self._read().unwrap(wrapped, kek_id, aad)

    def secret(self, purpose: str) -> bytes:
        """32 bytes for one purpose (signing sessions, hashing cards …), the same at every call."""
        return self._read().secret(purpose)

    def is_for_all_eyes(self) -> bool:
        """Whether every user of this machine may read it."""
        try:
            return bool(self.path.stat().st_mode & stat.S_IROTH)
        except OSError as error:
            raise Unavailable("keyring") from error

    def content(self) -> bytes:
        """The whole file, for a backup of it."""
        try:
            return self.path.read_bytes()
        except OSError as error:
            raise Unavailable("keyring") from error

    def rotate(self) -> str:
        """Add a new key-encryption key, which wraps from now on; its id.

        Two rotations at once would lose a key, and with it every story wrapped by it: hence the lock.
        """
        self._read()  # without a keyring there is no folder to lock either
        with locked_folder(self.path.parent):
            document = json.loads(self.content())
            key = _new_key()
            document["keys"].append(key)
            os.replace(write_beside(self.path, _bytes(document)), self.path)
            sync_folder(self.path.parent)
        return key["id"]

    def superseded(self, before: datetime) -> list[str]:
        """The ids of the keys that a newer one replaced before this moment."""
        keys = json.loads(self.content())["keys"]
        return [old["id"] for old, newer in pairwise(keys) if datetime.fromisoformat(newer["created_at"]) < before]

    def drop(self, kek_ids: set[str]) -> None:
        """Destroy key-encryption keys; what is still wrapped by them is noise. The newest always stays."""
        with locked_folder(self.path.parent):
            document = json.loads(self.content())
            kept = [key for key in document["keys"][:-1] if key["id"] not in kek_ids]
            document["keys"] = [*kept, document["keys"][-1]]
            os.replace(write_beside(self.path, _bytes(document)), self.path)
            sync_folder(self.path.parent)

    def _read(self) -> Keys:
        try:
            found = self.path.stat()
        except OSError as error:
            raise Unavailable("keyring") from error
        stamp = (found.st_ino, found.st_mtime_ns)
        if self._keys is None or self._stamp != stamp:
            self._keys, self._stamp = Keys.parse(self.content()), stamp
        return self._keys


def _new_key() -> dict[str, str]:
    return {
        "id": secrets.token_hex(8),
        "key": _text(secrets.token_bytes(KEY_BYTES)),
        "created_at": clock.now().isoformat(),
    }


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(document: object) -> bytes:
    return json.dumps(document, indent=2).encode()
