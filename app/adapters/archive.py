"""Backup archives: one sealed file of named members in order, which opens whole or not at all.

The first line says in clear what it is; then come a salt, nothing at all but sealed, which tells another key from
damage, and one sealed stream (see `sealing`), bound to all of it. In the stream each member is its name and its
bytes in pieces, each piece after its length; a name of no length ends the archive. The operator's secret is stretched
by scrypt, so that words will do as well as 32 random bytes.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from app.adapters.sealing import (
    NONCE,
    TAG,
    VALUE_VERSION,
    Damaged,
    decrypt_stream,
    encrypt_stream,
    open_bytes,
    seal_bytes,
)
from app.adapters.storage import CHUNK
from app.errors import EyesError

SALT = 16
PROOF = len(VALUE_VERSION) + NONCE + TAG
SCRYPT_COST = 2**15
SCRYPT_MEMORY = 64 * 1024 * 1024
LONGEST_HEAD = 64
SECRET_LENGTH = 16

Member = tuple[str, Iterable[bytes]]


class Kind(StrEnum):
    """The two archives of one deployment; the keys never travel with the data."""

    DATA = "data"
    KEYS = "keys"


class Unusable(EyesError):
    """An archive, or what is needed to open it, cannot be used; the code is a sentence for the operator."""


def read_secret(path: Path, *, to_seal: bool = False) -> bytes:
    """The operator's secret: the file without the white space around it. Raises `Unusable`.

    What opens archives can only be brought; what is `to_seal` new ones can be made.
    """
    try:
        secret = path.read_bytes().strip()
    except OSError as error:
        bring = "bring the key that these archives were sealed with; EYES_BACKUP_KEY says where it is"
        make = f"`(umask 077; head -c 32 /dev/urandom | base64 > {path})` makes one"
        why = error.strerror or "no reason given"
        raise Unusable(f"the backup key {path} cannot be read ({why}): {make if to_seal else bring}") from error
    if len(secret) < SECRET_LENGTH:
        raise Unusable(f"the backup key {path} is too short: {SECRET_LENGTH} characters at least")
    return secret


def head_of(kind: Kind) -> bytes:
    """The first line of an archive."""
    return f"eyes-on-me backup 1 {kind.value}\n".encode()


def seal_archive(kind: Kind, secret: bytes, members: Iterable[Member]) -> Iterator[bytes]:
    """The bytes of an archive of `members`, which are asked for one after the other."""
    salt = os.urandom(SALT)
    key, head = stretch(secret, salt), head_of(kind) + salt
    head += seal_bytes(key, b"", head)
    yield head
    yield from encrypt_stream(key, framed(members), head)


@lru_cache(maxsize=4)
def stretch(secret: bytes, salt: bytes) -> bytes:
    """The 32-byte key of an archive; a guess costs 32 MiB and about 0.1 s."""
    return hashlib.scrypt(secret, salt=salt, n=SCRYPT_COST, r=8, p=1, maxmem=SCRYPT_MEMORY, dklen=32)


def framed(members: Iterable[Member]) -> Iterator[bytes]:
    """Members as one stream of bytes."""
    for name, chunks in members:
        yield len(name.encode()).to_bytes(2, "big") + name.encode()
        for chunk in chunks:
            for at in range(0, len(chunk), CHUNK):
                piece = chunk[at : at + CHUNK]
                yield len(piece).to_bytes(4, "big")
                yield piece
        yield bytes(4)
    yield bytes(2)


def kind_of(path: Path) -> Kind:
    """What an archive says it is. Raises `Unusable`."""
    with open_file(path) as file:
        line = file.read(LONGEST_HEAD)
    for kind in Kind:
        if line.startswith(head_of(kind)):
            return kind
    raise Unusable(f"{path} is not a backup archive that this version can read")


def open_file(path: Path) -> BinaryIO:
    """An archive's file. Raises `Unusable`."""
    try:
        return path.open("rb")
    except OSError as error:
        raise Unusable(f"{path} cannot be read") from error


def open_archive(path: Path, kind: Kind, secret: bytes) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Each member's name and bytes, in order; whatever is not read of one is passed over.

    Raises `Unusable`, at the latest at the end: nothing of an archive may be used before all of it was read.
    """
    if kind_of(path) is not kind:
        raise Unusable(f"{path} is not a {kind.value} archive")
    with open_file(path) as file:
        head = file.read(len(head_of(kind)) + SALT + PROOF)
        key = key_for(path, head, secret)
        source = Source(path, decrypt_stream(key, iter(lambda: file.read(CHUNK), b""), head))
        while length := int.from_bytes(source.take(2), "big"):
            name = source.take(length).decode("utf-8", "replace")
            pieces = source.member()
            yield name, pieces
            for _ in pieces:
                pass
        source.end()


def key_for(path: Path, head: bytes, secret: bytes) -> bytes:
    """The key that the beginning of an archive proves to be the right one. Raises `Unusable`."""
    key = stretch(secret, head[-SALT - PROOF : -PROOF])
    try:
        open_bytes(key, head[-PROOF:], head[:-PROOF])
    except Damaged as error:
        raise Unusable(f"{path} does not open: another backup key, or its first bytes are damaged") from error
    return key


class Source:
    """Reads so many bytes at a time from the plaintext of an archive."""

    def __init__(self, path: Path, stream: Iterator[bytes]) -> None:
        self.path = path
        self._stream = stream
        self._held = bytearray()

    def take(self, count: int) -> bytes:
        """Exactly `count` bytes. Raises `Unusable`."""
        while len(self._held) < count:
            chunk = self._next()
            if chunk is None:
                raise Unusable(f"{self.path} is damaged: it ends too early")
            self._held += chunk
        taken = bytes(self._held[:count])
        del self._held[:count]
        return taken

    def member(self) -> Iterator[bytes]:
        """The pieces of the member whose name is read next."""
        while length := int.from_bytes(self.take(4), "big"):
            if length > CHUNK:
                raise Unusable(f"{self.path} is damaged: a piece is too long")
            yield self.take(length)

    def end(self) -> None:
        """Raises `Unusable` when anything follows."""
        if self._held or self._next() is not None:
            raise Unusable(f"{self.path} is damaged: something follows its end")

    def _next(self) -> bytes | None:
        try:
            return next(self._stream, None)
        except Damaged as error:
            raise Unusable(f"{self.path} is damaged or cut short") from error
        except OSError as error:
            raise Unusable(f"{self.path} cannot be read") from error
