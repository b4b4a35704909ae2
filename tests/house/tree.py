"""The files of the repository, as git knows them."""

import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@cache
def files() -> tuple[str, ...]:
    """Every file that is committed, or would be by `git add`, and is still there."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return tuple(sorted(name for name in set(listed.split("\0")) if name and (ROOT / name).is_file()))


def below(*folders: str, endings: tuple[str, ...] = ("",)) -> Iterator[Path]:
    """The files in these folders whose names end so."""
    for name in files():
        if name.startswith(tuple(f"{folder}/" for folder in folders)) and name.endswith(endings):
            yield ROOT / name


def texts() -> Iterator[tuple[str, str]]:
    """Every file that is text, with what it says."""
    for name in files():
        try:
            yield name, (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
