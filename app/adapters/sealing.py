"""Sealing bytes with a 32-byte data key: AES-256-GCM, for short values and for files of any length.

A sealed file is a header (magic, 32 random bytes of salt) and chunks of 64 KiB, each with its own tag. The
key of the stream is HKDF(data key, salt), so the counter alone can be the nonce and no nonce is ever used
twice under one key. Every chunk is bound to the header, to its place in the file, to whether it is the last
one and to the caller's `aad` (record and field): a chunk that was cut off, moved, repeated or taken from
another file does not open. Chunks have a fixed size, so any range can be read without the bytes before it.
"""

import os
from collections.abc import Callable, Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.errors import EyesError

VALUE_VERSION = b"\x01"
STREAM_MAGIC = b"EYES\x01"
SALT = 32
HEADER = len(STREAM_MAGIC) + SALT
CHUNK = 64 * 1024
NONCE = 12
TAG = 16
SEALED_CHUNK = CHUNK + TAG

OpenAt = Callable[[int, int | None], Iterable[bytes]]
"""Reads the sealed bytes from a position, at most so many: `lambda start, length: store.open(name, start,
length)`."""


class Damaged(EyesError):
    """The sealed bytes are not what was sealed, or not for this key, record or place."""

    code = "damaged"


def seal_bytes(key: bytes, plaintext: bytes, aad: bytes) -> bytes:
    """Seal a short value for the record and field that `aad` names."""
    nonce = os.urandom(NONCE)
    return VALUE_VERSION + nonce + AESGCM(key).encrypt(nonce, plaintext, VALUE_VERSION + aad)


def open_bytes(key: bytes, sealed: bytes, aad: bytes) -> bytes:
    """What `seal_bytes` sealed. Raises `Damaged`."""
    nonce, ciphertext = sealed[1 : 1 + NONCE], sealed[1 + NONCE :]
    if sealed[:1] != VALUE_VERSION or len(ciphertext) < TAG:
        raise Damaged
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, VALUE_VERSION + aad)
    except InvalidTag as error:
        raise Damaged from error


class _Stream:
    """The cipher of one sealed file."""

    def __init__(self, key: bytes, header: bytes, aad: bytes) -> None:
        if len(header) != HEADER or not header.startswith(STREAM_MAGIC):
            raise Damaged
        derived = HKDF(SHA256(), length=32, salt=header[len(STREAM_MAGIC) :], info=b"eyes-on-me stream").derive(key)
        self.cipher = AESGCM(derived)
        self.bound = header + aad

    def seal(self, index: int, last: bool, plaintext: bytes) -> bytes:
        nonce = self._nonce(index, last)
        return self.cipher.encrypt(nonce, plaintext, nonce + self.bound)

    def open(self, index: int, last: bool, sealed: bytes) -> bytes:
        nonce = self._nonce(index, last)
        try:
            return self.cipher.decrypt(nonce, sealed, nonce + self.bound)
        except InvalidTag as error:
            raise Damaged from error

    @staticmethod
    def _nonce(index: int, last: bool) -> bytes:
        return index.to_bytes(NONCE - 1, "big") + (b"\x01" if last else b"\x00")


def encrypt_stream(key: bytes, chunks: Iterable[bytes], aad: bytes) -> Iterator[bytes]:
    """Seal `chunks` as one file for the record that `aad` names; the sealed bytes in pieces."""
    header = STREAM_MAGIC + os.urandom(SALT)
    stream = _Stream(key, header, aad)
    yield header
    for index, (piece, last) in enumerate(_with_last(chunks, CHUNK)):
        yield stream.seal(index, last, piece)


def decrypt_stream(key: bytes, chunks: Iterable[bytes], aad: bytes) -> Iterator[bytes]:
    """The whole file that `encrypt_stream` sealed. Raises `Damaged`, at the latest at the end."""
    source = iter(chunks)
    held = bytearray()
    while len(held) < HEADER:
        held += next(source, b"") or _ended()
    stream = _Stream(key, bytes(held[:HEADER]), aad)
    body = _prepended(bytes(held[HEADER:]), source)
    for index, (piece, last) in enumerate(_with_last(body, SEALED_CHUNK)):
        yield stream.open(index, last, piece)


def decrypt_range(
    key: bytes, open_at: OpenAt, sealed_size: int, aad: bytes, start: int = 0, length: int | None = None
) -> Iterator[bytes]:
    """Plaintext bytes from `start`, at most `length`, reading only the chunks that hold them. Raises
    `Damaged`."""
    stream = _Stream(key, b"".join(open_at(0, HEADER)), aad)
    total = plain_size(sealed_size)
    end = total if length is None else min(total, start + length)
    if start >= end:
        return
    first, final = start // CHUNK, max(0, (total - 1) // CHUNK)
    wanted = (end - 1) // CHUNK - first + 1
    body = open_at(HEADER + first * SEALED_CHUNK, wanted * SEALED_CHUNK)
    at = first * CHUNK
    for index, (piece, _) in enumerate(_with_last(body, SEALED_CHUNK), first):
        plain = stream.open(index, index == final, piece)
        yield plain[max(0, start - at) : end - at]
        at += len(plain)
    if at < end:
        raise Damaged


def plain_size(sealed_size: int) -> int:
    """How many bytes were sealed into a file of `sealed_size` bytes. Raises `Damaged`."""
    body = sealed_size - HEADER
    full, rest = divmod(body, SEALED_CHUNK)
    if body < TAG or 0 < rest < TAG:
        raise Damaged
    return full * CHUNK + max(0, rest - TAG)


def sealed_size(plain: int) -> int:
    """How long a file of `plain` bytes becomes."""
    return HEADER + plain + TAG * max(1, -(-plain // CHUNK))


def _with_last(chunks: Iterable[bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    """The same bytes in pieces of `size`, each with whether it is the last; one empty piece for nothing at
    all."""
    held = bytearray()
    for chunk in chunks:
        held += chunk
        while len(held) > size:
            yield bytes(held[:size]), False
            del held[:size]
    yield bytes(held), True


def _prepended(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _ended() -> bytes:
    raise Damaged
