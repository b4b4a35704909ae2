"""Where the tests' files lie: in memory if the machine has room there, since a disk takes milliseconds a commit."""

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")  # each run makes folders of its own in it
ROOM = 4_000_000_000
"""Bytes; all that a whole run keeps at one moment, several times over."""


def temporary_root() -> str:
    """The folder to make temporary folders in."""
    roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM
    return str(MEMORY) if roomy else tempfile.gettempdir()
