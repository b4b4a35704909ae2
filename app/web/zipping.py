"""A ZIP that is sent while it is made: nothing of it is held but the piece that is on its way."""

import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from app.errors import EyesError


@dataclass(frozen=True)
class Member:
    """One file: its name, how to read it, and whether to make it smaller (what comes from a camera already is)."""

    name: str
    read: Callable[[], Iterable[bytes]]
    shrink: bool = False


def zipped(members: Iterable[Member], moment: datetime, note_missing: Callable[[list[str]], Member]) -> Iterator[bytes]:
    """The bytes of a ZIP with these members, in pieces.

    A file that cannot be read to its end does not hold up the others; a last member, made by `note_missing`, names it.
    """
    pipe, missing = _Pipe(), []
    with zipfile.ZipFile(pipe, "w") as archive:  # type: ignore[call-overload]  # any object that is written to will do
        for member in members:
            try:
                yield from _write(archive, pipe, member, moment)
            except EyesError:
                missing.append(member.name)
        if missing:
            yield from _write(archive, pipe, note_missing(missing), moment)
    yield pipe.take()


def _write(archive: zipfile.ZipFile, pipe: "_Pipe", member: Member, moment: datetime) -> Iterator[bytes]:
    info = zipfile.ZipInfo(member.name, moment.timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED if member.shrink else zipfile.ZIP_STORED
    with archive.open(info, "w") as entry:
        for piece in member.read():
            entry.write(piece)
            yield pipe.take()


class _Pipe:
    """What the archive writes into and the answer reads from; it cannot be sought in."""

    def __init__(self) -> None:
        self.held = bytearray()

    def write(self, piece: bytes) -> int:
        self.held += piece
        return len(piece)

    def flush(self) -> None:
        """Nothing is kept back."""

    def take(self) -> bytes:
        """What was written since the last time."""
        piece = bytes(self.held)
        self.held.clear()
        return piece
