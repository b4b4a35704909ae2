"""The ledger of revocations: what was erased or taken back and when, outside the data, so that no backup undoes it.

A restored database knows nothing of what was taken back after its backup was made. The ledger does: it is read before
anything of the backup is served. Each revocation is one line with a moment, a fate, an id and a digest that chains it
to the line before it; it is on the disk (fsync) before `append` returns. Of a story that was erased the first such
line counts; of one that was taken back again and again the last, and the one with the latest moment where that is
another, because a clock can be put back. Lines that no longer count are left out when the ledger is compacted: it is
read whole, refused if its chain is broken, and replaced by a shorter one with a chain of its own. The chain therefore
speaks of what was changed since the last compaction, and of nothing before it.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from app.adapters.lines import alone_in, last_lines
from app.adapters.storage import sync_folder, write_all, write_beside
from app.errors import EyesError, Unavailable

GENESIS = "0" * 64
LONGEST_LINE = 256
"""Bytes; where the last line begins is looked for in so many."""
SLACK = 1_000
"""So many lines that no longer count are never worth a compaction."""


class Broken(EyesError):
    """The ledger was changed by somebody; `line` is the first that does not follow from the one before it."""

    code = "broken"

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line


class Fate(StrEnum):
    """What became of a story: its key was destroyed, or something that could be shown of it must not be any more."""

    ERASED = "erased"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Revocation:
    """What became of a story (by its id), and the moment (aware) when it did."""

    fate: Fate
    story_id: str
    at: datetime


@dataclass
class Revocations:
    """All that a ledger says, by story id, and in how many lines it says so."""

    erased: dict[str, datetime] = field(default_factory=dict)
    withdrawn: dict[str, datetime] = field(default_factory=dict)
    """The moment in the last line; not always the latest, because a clock can be put back."""
    latest: dict[str, datetime] = field(default_factory=dict)
    """The latest moment in any line; not always in the last, because two processes write down what they committed."""
    said: dict[str, set[datetime]] = field(default_factory=dict)
    """The moments of every line that says that a story was taken back."""
    lines: int = 0

    @classmethod
    def of(cls, revocations: Iterable[Revocation]) -> "Revocations":
        """What these say together."""
        said = cls()
        for each in revocations:
            said.add(each)
        return said

    def add(self, each: Revocation) -> None:
        """Take in one more line."""
        self.lines += 1
        if each.fate is Fate.ERASED:
            self.erased.setdefault(each.story_id, each.at)
        elif not self.knows(each):
            self.withdrawn[each.story_id] = each.at
            self.latest[each.story_id] = max(self.latest.get(each.story_id, each.at), each.at)
            self.said.setdefault(each.story_id, set()).add(each.at)

    def knows(self, each: Revocation) -> bool:
        """Whether nothing would be said by one more line: it was said, or an erasure is there."""
        if each.fate is Fate.ERASED or each.story_id in self.erased:
            return each.story_id in self.erased
        return each.at in self.said.get(each.story_id, ())

    def __iter__(self) -> Iterator[Revocation]:
        """The lines that count."""
        for story_id, at in self.erased.items():
            yield Revocation(Fate.ERASED, story_id, at)
        for story_id, at in self.withdrawn.items():
            if story_id not in self.erased:
                for moment in dict.fromkeys((self.latest[story_id], at)):
                    yield Revocation(Fate.WITHDRAWN, story_id, moment)

    @property
    def is_bloated(self) -> bool:
        """Whether most of the lines no longer count, and enough of them to be worth a compaction."""
        return self.lines > 2 * len(self.erased | self.withdrawn) + SLACK


class RevocationLedger(Protocol):
    """Somewhere outside the data that remembers revocations. Every method raises `Unavailable`."""

    def append(self, revocations: Iterable[Revocation]) -> None:
        """Remember these, durably."""
        ...

    def read(self) -> Revocations:
        """All that it says. Raises `Broken`."""
        ...

    def compact(self) -> None:
        """Leave out what no longer counts. Raises `Broken`, and then nothing was changed."""
        ...


class MemoryLedger:
    """Keeps revocations in a list, for tests."""

    def __init__(self) -> None:
        self.appended: list[Revocation] = []

    def append(self, revocations: Iterable[Revocation]) -> None:
        self.appended += revocations

    def read(self) -> Revocations:
        return Revocations.of(self.appended)

    def compact(self) -> None:
        self.appended = list(self.read())


class FileLedger:
    """A file of lines; processes that append at once wait for one another."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, revocations: Iterable[Revocation]) -> None:
        new = list(revocations)
        if not new:
            return
        with self._alone():
            first = not self.path.exists()
            descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                write_all(descriptor, chained(new, last_digest(descriptor)))
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            if first:
                sync_folder(self.path.parent)

    def read(self) -> Revocations:
        try:
            return parse(self.path.read_bytes())
        except FileNotFoundError:
            return Revocations()
        except OSError as error:
            raise Unavailable("revocations") from error

    def compact(self) -> None:
        with self._alone():
            os.replace(write_beside(self.path, chained(self.read())), self.path)
            sync_folder(self.path.parent)

    def _alone(self) -> AbstractContextManager[None]:
        return alone_in(self.path.parent, "revocations")


def last_digest(descriptor: int) -> str:
    """The digest of the last whole line; behind it nothing stands any more."""
    lines = last_lines(descriptor, 1, LONGEST_LINE)
    return digest_in(lines[0].decode("ascii", "replace")) if lines else GENESIS


def chained(revocations: Iterable[Revocation], previous: str = GENESIS) -> bytes:
    """The lines of these revocations, after one whose digest is `previous`; a whole ledger where none is given."""
    lines = []
    for each in revocations:
        lines.append(line_of(each, previous))
        previous = digest_in(lines[-1])
    return "".join(lines).encode()


def line_of(each: Revocation, previous: str) -> str:
    """The line that says so after a line whose digest is `previous`."""
    words = f"{each.at.astimezone(UTC).isoformat()} {each.fate} {each.story_id}"
    return f"{words} {hashlib.sha256(f'{previous} {words}'.encode()).hexdigest()}\n"


def digest_in(line: str) -> str:
    """The digest a line ends with."""
    return line.rstrip("\n").rpartition(" ")[2]


def parse(content: bytes) -> Revocations:
    """All that a ledger's whole content says. Raises `Broken`."""
    said = Revocations()
    previous = GENESIS
    for number, line in enumerate(content.split(b"\n")[:-1], 1):  # what follows the last line end was torn
        try:
            each, previous = _checked(line.decode("ascii"), previous)
        except ValueError as error:
            raise Broken(number) from error
        said.add(each)
    return said


def _checked(line: str, previous: str) -> tuple[Revocation, str]:
    moment, fate, story_id, digest = line.split(" ")
    each = Revocation(Fate(fate), story_id, datetime.fromisoformat(moment))
    if line_of(each, previous) != line + "\n":
        raise ValueError("this line does not follow from the one before it")
    return each, digest
