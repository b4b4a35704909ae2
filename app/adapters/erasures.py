"""The erasure ledger: which stories were erased and when, kept outside the data, so that no backup brings them back.

A restored database knows nothing of what was erased after its backup was made. The ledger does: it is read before
anything of the backup is served. Each erasure is one line with a moment, an id and a digest that chains it to the
line before it; it is on the disk (fsync) before `append` returns. Lines are only ever added, and an id that stands
twice was erased at the first.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from app.adapters.storage import sync_folder, write_all
from app.errors import EyesError, Unavailable

GENESIS = "0" * 64
LONGEST_LINE = 256
"""Bytes; where the last line begins is looked for in so many."""


class Broken(EyesError):
    """The ledger was changed by somebody; `line` is the first that does not follow from the one before it."""

    code = "broken"

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line


@dataclass(frozen=True, slots=True)
class Erased:
    """One erasure: a story's id, and the moment (aware) its key was destroyed."""

    story_id: str
    at: datetime


class ErasureLedger(Protocol):
    """Somewhere outside the data that remembers erasures. Every method raises `Unavailable`."""

    def append(self, erasures: Iterable[Erased]) -> None:
        """Remember these, durably."""
        ...

    def read(self) -> dict[str, datetime]:
        """The first moment of erasure by story id. Raises `Broken`."""
        ...


class MemoryLedger:
    """Keeps erasures in a dictionary, for tests."""

    def __init__(self) -> None:
        self.erased: dict[str, datetime] = {}

    def append(self, erasures: Iterable[Erased]) -> None:
        for each in erasures:
            self.erased.setdefault(each.story_id, each.at)

    def read(self) -> dict[str, datetime]:
        return dict(self.erased)


class FileLedger:
    """A file of lines; processes that append at once wait for one another."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, erasures: Iterable[Erased]) -> None:
        new = list(erasures)
        if not new:
            return
        with self._locked() as descriptor:
            write_all(descriptor, chained(new, drop_torn_line(descriptor)))
            os.fsync(descriptor)

    def read(self) -> dict[str, datetime]:
        try:
            return parse(self.path.read_bytes())
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise Unavailable("erasures") from error

    @contextmanager
    def _locked(self) -> Iterator[int]:
        try:
            new = not self.path.exists()
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                if new:
                    sync_folder(self.path.parent)
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                yield descriptor
            finally:
                os.close(descriptor)
        except OSError as error:
            raise Unavailable("erasures") from error


def drop_torn_line(descriptor: int) -> str:
    """Cut off what a power cut left of a line that nobody was told is there; the digest of the last whole line."""
    size = os.fstat(descriptor).st_size
    start = max(0, size - 2 * LONGEST_LINE)
    whole, _, torn = os.pread(descriptor, size - start, start).rpartition(b"\n")
    if torn:
        os.ftruncate(descriptor, size - len(torn))
    return digest_in(whole.rpartition(b"\n")[2].decode("ascii", "replace")) if whole else GENESIS


def chained(erasures: Iterable[Erased], previous: str = GENESIS) -> bytes:
    """The lines of these erasures, after one whose digest is `previous`."""
    lines = []
    for each in erasures:
        lines.append(line_of(each, previous))
        previous = digest_in(lines[-1])
    return "".join(lines).encode()


def content_of(erased: Mapping[str, datetime]) -> bytes:
    """A whole ledger that says the same, for a copy of it."""
    return chained(Erased(story_id, at) for story_id, at in erased.items())


def line_of(erased: Erased, previous: str) -> str:
    """The line that says so after a line whose digest is `previous`."""
    words = f"{erased.at.astimezone(UTC).isoformat()} {erased.story_id}"
    return f"{words} {hashlib.sha256(f'{previous} {words}'.encode()).hexdigest()}\n"


def digest_in(line: str) -> str:
    """The digest a line ends with."""
    return line.rstrip("\n").rpartition(" ")[2]


def parse(content: bytes) -> dict[str, datetime]:
    """The first moment of erasure by story id, from a ledger's whole content. Raises `Broken`."""
    erased: dict[str, datetime] = {}
    previous = GENESIS
    for number, line in enumerate(content.split(b"\n")[:-1], 1):  # what follows the last line end was torn
        try:
            at, story_id, previous = _checked(line.decode("ascii"), previous)
        except ValueError as error:
            raise Broken(number) from error
        erased.setdefault(story_id, at)
    return erased


def _checked(line: str, previous: str) -> tuple[datetime, str, str]:
    moment, story_id, digest = line.split(" ")
    each = Erased(story_id, datetime.fromisoformat(moment))
    if line_of(each, previous) != line + "\n":
        raise ValueError("this line does not follow from the one before it")
    return each.at, story_id, digest
