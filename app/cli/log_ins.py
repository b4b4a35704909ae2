"""The demo's log-ins: made on this machine, printed, and kept in the data folder for the next start."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

LOG_INS = "demo-log-ins.json"


@dataclass(frozen=True)
class LogIn:
    """One account of the demo's team."""

    email: str
    role: str
    password: str
    totp: str


def write_down(path: Path, log_ins: list[LogIn]) -> None:
    """Keep the log-ins where only this user can read them; the file also says that the seed is complete."""
    part = path.with_suffix(".part")
    part.touch(mode=0o600)
    part.write_text(json.dumps([asdict(log_in) for log_in in log_ins], indent=2), encoding="utf-8")
    part.replace(path)


def read_back(path: Path) -> list[LogIn]:
    """What was written down."""
    return [LogIn(**entry) for entry in json.loads(path.read_text(encoding="utf-8"))]
