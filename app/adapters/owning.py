"""Whose a file is: what root made in a first try, the user of the unit cannot use."""

import os
import pwd
from pathlib import Path


def told(error: OSError) -> str:
    """A sentence about a file that cannot be used: which, why, and whose it is where it is somebody else's."""
    path = Path(str(error.filename or ""))
    return f"{path} cannot be used ({error.strerror}){whose(path)}"


def whose(path: Path) -> str:
    """Whose the path is, or the folder that hides it, where that is not who runs this; else nothing."""
    for each in (path, *path.absolute().parents):
        try:
            owner = each.stat().st_uid
        except OSError:
            continue
        return "" if owner == os.geteuid() else f": {each} belongs to {name_of(owner)}; you are {name_of(os.geteuid())}"
    return ""


def name_of(user: int) -> str:
    """The name of a user of this machine, or the number of one who has none."""
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"
