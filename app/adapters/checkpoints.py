"""Checkpoints of the audit log, outside the data: whoever can write the database cannot make them say something else.

Each is one line: how far the chain had come, its digest there, a moment, and an HMAC over these and the line before it,
by a secret of the keyring. So a line cannot be written, changed or moved by somebody without the keyring, and the chain
cannot be shortened or made anew behind a line that stands. Whoever may write this file can still cut off its end: put
it where this machine can only append, or have it copied away.
"""

import hmac
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from app.adapters.lines import alone_in, last_lines
from app.adapters.storage import sync_folder, write_all
from app.errors import EyesError

GENESIS = "0" * 64
LONGEST_LINE = 512


class Forged(EyesError):
    """A line was not written by this deployment, or not in this place; `line` is the first such, 0 the last line."""

    code = "forged"

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line


class Fate(StrEnum):
    """What a line says: the chain had grown this far, or it was brought back to here from a backup."""

    GREW = "grew"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far the chain had come at a moment (aware)."""

    seq: int
    digest: str
    at: datetime
    fate: Fate = Fate.GREW


class Checkpoints:
    """The file. `secret` signs; every method raises `Unavailable` when the file or the keyring cannot be used."""

    def __init__(self, path: Path, secret: Callable[[], bytes]) -> None:
        self.path = path
        self._secret = secret

    def read(self) -> list[Checkpoint]:
        """Every checkpoint, oldest first. Raises `Forged`."""
        with self._open(os.O_RDONLY | os.O_CREAT) as descriptor:
            lines = os.pread(descriptor, os.fstat(descriptor).st_size, 0).split(b"\n")[:-1]
        found: list[Checkpoint] = []
        previous = GENESIS
        for number, line in enumerate(lines, 1):
            each, previous = self._checked(line, previous, number)
            found.append(each)
        return found

    def append(self, new: Checkpoint) -> None:
        """Write one down, durably. Raises `Forged` when the newest line is not ours."""
        with self._open(os.O_RDWR | os.O_APPEND | os.O_CREAT) as descriptor:
            *_, before, last = (b"", b"", *last_lines(descriptor, 2, LONGEST_LINE))
            if last:
                self._checked(last, signature_of(before))
            write_all(descriptor, self._line(new, signature_of(last)).encode())
            os.fsync(descriptor)
            sync_folder(self.path.parent)

    def newest(self) -> Checkpoint | None:
        """The last one. Raises `Forged` when it is not ours."""
        with self._open(os.O_RDWR | os.O_CREAT) as descriptor:
            *_, before, last = (b"", b"", *last_lines(descriptor, 2, LONGEST_LINE))
        return self._checked(last, signature_of(before))[0] if last else None

    @contextmanager
    def _open(self, flags: int) -> Iterator[int]:
        with alone_in(self.path.parent, "checkpoints"):
            descriptor = os.open(self.path, flags, 0o600)
            try:
                yield descriptor
            finally:
                os.close(descriptor)

    def _checked(self, line: bytes, previous: str, number: int = 0) -> tuple[Checkpoint, str]:
        try:
            fate, seq, digest, moment, signature = line.decode("ascii").split(" ")
            each = Checkpoint(int(seq), digest, datetime.fromisoformat(moment), Fate(fate))
        except ValueError as error:
            raise Forged(number) from error
        if not hmac.compare_digest(self._line(each, previous), line.decode("ascii") + "\n"):
            raise Forged(number)
        return each, signature

    def _line(self, each: Checkpoint, previous: str) -> str:
        words = f"{each.fate} {each.seq} {each.digest} {each.at.astimezone(UTC).isoformat()}"
        return f"{words} {hmac.new(self._secret(), f'{previous} {words}'.encode(), sha256).hexdigest()}\n"


def signature_of(line: bytes) -> str:
    """What a line ends with; the beginning of the chain for none."""
    return line.rpartition(b" ")[2].decode("ascii", "replace") or GENESIS


def standing(checkpoints: Iterable[Checkpoint]) -> dict[int, str]:
    """The digest that the chain must have, by sequence number: what a restore went back behind is lost, and no sign of
    anything."""
    pinned: dict[int, str] = {}
    for each in checkpoints:
        if each.fate is Fate.RESTORED:
            pinned = {seq: digest for seq, digest in pinned.items() if seq <= each.seq}
        if each.seq:
            pinned[each.seq] = each.digest
    return pinned
