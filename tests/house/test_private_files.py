"""What a process of the product writes is for its own user alone."""

import os
import stat
import subprocess
import sys
from pathlib import Path

from tests.house.tree import ROOT


def modes(folder: Path) -> dict[str, int]:
    """The permissions of everything below `folder`, and of itself."""
    return {
        str(path.relative_to(folder.parent)): stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.rglob("*"))
    }


def test_the_data_folder_and_its_files_are_closed_to_others(tmp_path: Path) -> None:
    data, keyring = tmp_path / "data", tmp_path / "keys" / "keyring.json"
    data.mkdir(mode=0o755)
    env = os.environ | {"EYES_DATA_DIR": str(data), "EYES_KEYRING": str(keyring), "PYTHONPATH": str(ROOT)}
    for words in ("keys create", "db upgrade", "release check"):
        command = f"umask 022 && exec {sys.executable} -m flask --app wsgi {words}"
        subprocess.run(["/bin/sh", "-c", command], cwd=ROOT, env=env, check=True, capture_output=True, timeout=60)
    found = modes(data) | modes(keyring.parent)
    assert {"data", "data/eyes.sqlite", "data/queue.sqlite", "keys/keyring.json"} <= found.keys()
    assert {name: mode for name, mode in found.items() if mode & 0o077} == {}
