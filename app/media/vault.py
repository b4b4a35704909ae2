"""The long half of every act on media: bytes between a stream, the decoder and the vault, without the
database.

Everything in the vault is sealed with the story's data key and bound to its own name, so that a file under
another name, or of another story, does not open.
"""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from app.adapters import outside
from app.adapters.sealing import decrypt_range, decrypt_stream, encrypt_stream, sealed_size
from app.errors import EyesError, Unavailable
from app.media.renditions import Made, Rendered
from app.media.rules import (
    HEAD,
    RENDITION_TYPES,
    TAIL,
    Format,
    Kind,
    Purpose,
    Refusal,
    Refused,
    byte_limit,
    cut_off,
    hidden_archive,
    sniff,
)
from app.media.sandbox import Crashed, decode

READ = 64 * 1024
ORIGINAL = ".original"


class Readable(Protocol):
    """What is read from: a request's body, a file."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Shelf:
    """Where the files of one asset lie, and the key that seals them."""

    story_id: str
    asset_id: str
    key: bytes = field(repr=False)
    original: str
    """What the file that was handed in is called; everything else was made of it."""

    def name(self, leaf: str = "") -> str:
        """The name in the vault."""
        return f"{self.story_id}/{self.asset_id}/{leaf or self.original}"


def new_leaf() -> str:
    """What an original is called: nobody else's has the same name, so that none replaces another."""
    return f"{secrets.token_urlsafe(12)}{ORIGINAL}"


@dataclass
class Taken:
    """An original that lies in the vault."""

    shelf: Shelf
    form: Format
    size: int = 0
    sha256: str = ""


@dataclass(frozen=True)
class File:
    """A rendition that lies in the vault under its random name."""

    name: str
    purpose: Purpose
    width: int | None
    height: int | None
    size: int
    sha256: str


@dataclass(frozen=True)
class Outcome:
    """How a decode ended: `made` with its files, a `refusal`, or a `failure` that may pass."""

    made: Made | None = None
    files: tuple[File, ...] = ()
    refusal: Refusal | None = None
    failure: str | None = None
    crashed: bool = False


def take(shelf: Shelf, stream: Readable, expected: Kind | None) -> Taken:
    """Read a file into the vault. Raises `Refused`, as soon as the reason is seen; nothing is left behind
    then."""
    head = read_head(stream)
    taken = Taken(shelf, sniff(head, expected))
    name = shelf.name()
    outside().vault.put(name, encrypt_stream(shelf.key, measured(taken, head, stream), name.encode()))
    return taken


def read_head(stream: Readable) -> bytes:
    """The first bytes, however small the pieces in which they arrive."""
    head = b""
    while len(head) < HEAD and (piece := stream.read(HEAD - len(head))):
        head += piece
    return head


def measured(taken: Taken, head: bytes, stream: Readable) -> Iterator[bytes]:
    """The whole file, piece by piece; `taken` knows its size and hash at the end. Raises `Refused`."""
    digest = hashlib.sha256()
    tail = b""
    piece = head
    while piece:
        taken.size += len(piece)
        if taken.size > byte_limit(taken.form.kind):
            raise Refused(Refusal.TOO_LARGE)
        digest.update(piece)
        tail = (tail + piece)[-TAIL:]
        yield piece
        piece = stream.read(READ)
    if cut_off(head, taken.size):
        raise Refused(Refusal.BROKEN)
    if hidden_archive(tail):
        raise Refused(Refusal.HOSTILE)
    taken.sha256 = digest.hexdigest()


def make(shelf: Shelf, form: Format) -> Outcome:
    """Decode an original and put what was made of it into the vault."""
    name = shelf.name()
    files: list[File] = []
    try:
        made = decode(decrypt_stream(shelf.key, outside().vault.open(name), name.encode()), form)
        for rendered in made.renditions:
            files.append(put_rendition(shelf, rendered))  # noqa: PERF401  (the first ones are known when one fails)
        return Outcome(made=made, files=tuple(files))
    except Refused as refused:
        return Outcome(refusal=refused.reason)
    except Crashed as crashed:
        return Outcome(failure=crashed.code, crashed=True)
    except EyesError as error:  # a dead store, a missing or damaged original, no memory: not the file's fault
        discard(shelf, [file.name for file in files])
        return Outcome(failure=error.code)


def put_rendition(shelf: Shelf, rendered: Rendered) -> File:
    """Seal one rendition under a new random name."""
    leaf = f"{secrets.token_urlsafe(16)}.{RENDITION_TYPES[rendered.purpose][1]}"
    name = shelf.name(leaf)
    outside().vault.put(name, encrypt_stream(shelf.key, [rendered.content], name.encode()))
    return File(
        name=leaf,
        purpose=rendered.purpose,
        width=rendered.width,
        height=rendered.height,
        size=len(rendered.content),
        sha256=hashlib.sha256(rendered.content).hexdigest(),
    )


def discard(shelf: Shelf, leaves: Iterable[str]) -> None:
    """Delete files that got no row; what a dead store keeps, the sweeper finds."""
    for leaf in leaves:
        with suppress(Unavailable):
            outside().vault.delete(shelf.name(leaf))


def open_sealed(name: str, key: bytes, start: int = 0, length: int | None = None) -> Iterator[bytes]:
    """Plaintext of a file in the vault, any range of it. Raises `Missing` at once, `Damaged` while
    reading."""
    vault = outside().vault
    size = vault.size(name)
    return decrypt_range(key, lambda at, count: vault.open(name, at, count), size, name.encode(), start, length)


def kept_bytes(sizes: list[int]) -> int:
    """What files of these sizes take in the vault."""
    return sum(sealed_size(size) for size in sizes)
