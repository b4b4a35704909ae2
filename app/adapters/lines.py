"""Files of lines that grow outside the data: whoever is at one waits for the others, and a torn line is cut off."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.adapters.storage import locked_folder
from app.errors import Unavailable


@contextmanager
def alone_in(folder: Path, what: str) -> Iterator[None]:
    """Nobody else is at the files of this folder meanwhile. Raises `Unavailable(what)` for whatever fails in it.

    The folder is locked, and not a file, because another file may be put in its place.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with locked_folder(folder):
            yield
    except OSError as error:
        raise Unavailable(what) from error


def last_lines(descriptor: int, count: int, longest: int) -> list[bytes]:
    """The last whole lines, at most so many, none of more bytes than `longest`.

    What a power cut left of one more, of which nobody was told that it is there, is cut off.
    """
    size = os.fstat(descriptor).st_size
    start = max(0, size - (count + 1) * longest)
    *whole, torn = os.pread(descriptor, size - start, start).split(b"\n")
    if torn:
        os.ftruncate(descriptor, size - len(torn))
    return whole[-count:]
