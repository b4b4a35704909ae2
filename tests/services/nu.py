"""The Nu HTML checker, which browser makers and the W3C test pages by: one Java process for a whole folder."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.services.processes import ROOT, ServiceMissing, find_program

JAR = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
QUICK = ("-Xss4m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto")
"""It lives for seconds: what compiles at leisure never pays."""

Check = Callable[[Path], list[str]]


@pytest.fixture(scope="session")
def nu() -> Check:
    """Ask the checker for the errors of every page in a folder; each begins with the file's name."""
    return checker(JAR)


def checker(jar: Path) -> Check:
    """What asks it, once Java and this jar are found to be there."""
    java = find_program("java")
    if not jar.exists():
        raise ServiceMissing(f"{jar.name} is not installed; `make test` installs it")

    def check(folder: Path) -> list[str]:
        command = [java, *QUICK, "-jar", str(jar), "--format", "json", "--stdout", "--errors-only", str(folder)]
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
        assert done.returncode in (0, 1), done.stderr
        return sorted({said(message) for message in json.loads(done.stdout)["messages"]})

    return check


def said(message: dict[str, str]) -> str:
    """One complaint on one line."""
    where = f"{Path(message.get('url', '')).name}:{message.get('lastLine', '')}"
    return f"{where}: {message['message']} {message.get('extract', '').strip()!r}"
