"""Where files live: the `Store` interface, a folder on this machine, and an honest stand-in in memory.

A name is a relative path of plain words (`<story>/<asset>/<random>.original`). A put is atomic and durable (fsync of
the file, rename, fsync of the folder): whoever sees the name sees all of the bytes, also after a power cut,
and a put that fails leaves nothing under the name. What a killed process left half written is found by
`discard_unfinished`.
"""

import fcntl
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from stat import S_ISREG
from typing import Protocol

from app import clock
from app.errors import NotFound, Unavailable

CHUNK = 256 * 1024
INCOMING = ".incoming"
NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
MAX_NAME = 512


class Missing(NotFound):
    """The store has nothing under this name."""

    code = "missing"


@dataclass(frozen=True)
class Stored:
    """One stored file: its name, its size in bytes and when it was put (aware, UTC)."""

    name: str
    size: int
    modified: datetime


class Store(Protocol):
    """A flat space of named, immutable byte strings. A dead store raises `Unavailable` from any method."""

    def put(self, name: str, chunks: Iterable[bytes]) -> int:
        """Store all of `chunks` under `name`, or nothing; the number of bytes."""
        ...

    def open(self, name: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """The bytes from `start`, at most `length` of them, in chunks. Raises `Missing` before the first."""
        ...

    def size(self, name: str) -> int:
        """Bytes under `name`. Raises `Missing`."""
        ...

    def delete(self, name: str) -> None:
        """Remove `name`; nothing happens when it is not there."""
        ...

    def copy(self, source: str, target: str) -> None:
        """Copy inside the store. Raises `Missing`."""
        ...

    def listing(self, prefix: str = "") -> Iterator[Stored]:
        """Every stored file whose name starts with `prefix`, in no promised order."""
        ...

    def names(self, prefix: str = "") -> Iterator[str]:
        """Only the names of `listing`."""
        ...

    def discard_unfinished(self, before: datetime) -> int:
        """Remove what puts begun before `before` and never finished left behind; how many."""
        ...


def checked(name: str) -> str:
    """`name`, or ValueError: no absolute path, no `..`, no hidden part, no surprising character."""
    if len(name) > MAX_NAME or not NAME.fullmatch(name):
        raise ValueError("a store name is a relative path of plain words")
    return name


@contextmanager
def disk_errors() -> Iterator[None]:
    """A full, failing or unmounted disk is the store not answering."""
    try:
        yield
    except FileNotFoundError as error:
        raise Missing from error
    except OSError as error:
        raise Unavailable("store") from error


class LocalStore:
    """A folder. Unfinished puts lie in `.incoming` inside it, so that the rename stays on one filesystem."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, name: str, chunks: Iterable[bytes]) -> int:
        target = self.root / checked(name)
        part = self.root / INCOMING / secrets.token_hex(16)
        with disk_errors():
            make_folder(part.parent, self.root.parent)
            # Unbuffered, so that closing writes nothing: a full disk shows in write or fsync, never later.
            file = part.open("xb", buffering=0)
        try:
            with file:
                size = 0
                for chunk in chunks:  # outside disk_errors: what the source raises is the source's own affair
                    with disk_errors():
                        write_all(file.fileno(), chunk)
                    size += len(chunk)
                with disk_errors():
                    os.fsync(file.fileno())
            with disk_errors():
                self._settle(part, target)
        except BaseException:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise
        return size

    def _settle(self, part: Path, target: Path) -> None:
        """Give the finished `part` its name; a delete beside us may take the emptied folder away once
        more."""
        while True:
            make_folder(target.parent, self.root)
            try:
                os.replace(part, target)
                return sync_folder(target.parent)
            except FileNotFoundError:
                part.stat()  # the part itself is gone: that is an error, not a race

    def open(self, name: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        self.size(name)  # so that Missing is raised here and not at the first chunk
        return self._read(self.root / name, start, length)

    def _read(self, path: Path, start: int, length: int | None) -> Iterator[bytes]:
        with disk_errors():
            file = path.open("rb", buffering=0)
        with file:
            file.seek(start)
            while length is None or length > 0:
                with disk_errors():
                    chunk = file.read(CHUNK if length is None else min(CHUNK, length))
                if not chunk:
                    return
                if length is not None:
                    length -= len(chunk)
                yield chunk

    def size(self, name: str) -> int:
        with disk_errors():
            found = (self.root / checked(name)).stat()
        if not S_ISREG(found.st_mode):
            raise Missing
        return found.st_size

    def delete(self, name: str) -> None:
        path = self.root / checked(name)
        try:
            with disk_errors():
                path.unlink()
                sync_folder(path.parent)
        except Missing:
            return
        for folder in path.parents:
            if folder == self.root:
                break
            try:
                folder.rmdir()
            except OSError:  # not empty, or somebody was faster: both are fine
                break

    def copy(self, source: str, target: str) -> None:
        self.put(target, self.open(source))

    def listing(self, prefix: str = "") -> Iterator[Stored]:
        top = self.root / prefix.rpartition("/")[0]
        for folder, folders, files in os.walk(top, onerror=refuse_unreadable):
            folders[:] = [name for name in folders if name != INCOMING]
            for file in files:
                path = Path(folder, file)
                name = path.relative_to(self.root).as_posix()
                if not name.startswith(prefix):
                    continue
                with suppress(FileNotFoundError):
                    found = path.stat()
                    yield Stored(name, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))

    def names(self, prefix: str = "") -> Iterator[str]:
        return (stored.name for stored in self.listing(prefix))

    def discard_unfinished(self, before: datetime) -> int:
        found = 0
        with disk_errors(), suppress(FileNotFoundError):
            for entry in os.scandir(self.root / INCOMING):
                if entry.stat().st_mtime < before.timestamp():
                    Path(entry).unlink()
                    found += 1
        return found


def refuse_unreadable(error: OSError) -> None:
    """An empty answer must mean an empty folder, never one that could not be read."""
    if not isinstance(error, FileNotFoundError):
        raise Unavailable("store") from error


def write_all(descriptor: int, data: bytes) -> None:
    """Write every byte; the operating system may take fewer at a time."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def write_beside(path: Path, content: bytes) -> Path:
    """Write a new file next to `path`, readable by its owner alone and durable; a rename then makes it the file."""
    part = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        write_all(descriptor, content)
        os.fsync(descriptor)
    except BaseException:
        part.unlink()
        raise
    finally:
        os.close(descriptor)
    return part


def make_folder(folder: Path, root: Path) -> None:
    """Create `folder` and what is missing between it and `root`, durably."""
    if folder.is_dir():
        return
    if folder != root:
        make_folder(folder.parent, root)
    folder.mkdir(parents=True, exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked_folder(folder: Path) -> Iterator[None]:
    """Nobody else is in a block like this one about the same folder; whoever comes later waits."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


class MemoryStore:
    """Keeps files in a dictionary, for tests."""

    def __init__(self) -> None:
        self.files: dict[str, tuple[bytes, datetime]] = {}

    def put(self, name: str, chunks: Iterable[bytes]) -> int:
        content = b"".join(chunks)
        self.files[checked(name)] = (content, clock.now())
        return len(content)

    def open(self, name: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        content = self._content(name)[start : None if length is None else start + length]
        return (content[at : at + CHUNK] for at in range(0, len(content), CHUNK))

    def _content(self, name: str) -> bytes:
        if checked(name) not in self.files:
            raise Missing
        return self.files[name][0]

    def size(self, name: str) -> int:
        return len(self._content(name))

    def delete(self, name: str) -> None:
        self.files.pop(checked(name), None)

    def copy(self, source: str, target: str) -> None:
        self.put(target, [self._content(source)])

    def listing(self, prefix: str = "") -> Iterator[Stored]:
        for name, (content, modified) in list(self.files.items()):
            if name.startswith(prefix):
                yield Stored(name, len(content), modified)

    def names(self, prefix: str = "") -> Iterator[str]:
        return (stored.name for stored in self.listing(prefix))

    def discard_unfinished(self, _before: datetime) -> int:
        return 0
