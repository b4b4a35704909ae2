"""Where everything comes from: pinned by hash, listed in a bill of materials, described by `make help`."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock", "tests/services/swift.lock", "tools/uv.lock")
PIN = re.compile(r"^([a-z0-9._-]+(?:\[[a-z,-]+\])?)==(\S+)", re.MULTILINE)


def pins(lock: str) -> set[tuple[str, str]]:
    """The packages of a lock file with their versions; some have two, for different Pythons."""
    return set(PIN.findall((ROOT / lock).read_text(encoding="utf-8")))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_a_version_and_a_hash(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[^\s#])", text, flags=re.MULTILINE)[1:]
    assert blocks
    assert [block for block in blocks if not PIN.match(block) or "--hash=sha256:" not in block] == []


def test_the_longer_lock_contains_the_shorter_one() -> None:
    assert pins("requirements.lock") <= pins("requirements-dev.lock")


@pytest.mark.parametrize("lock", ["package-lock.json", "tools/lighthouse/package-lock.json"])
def test_every_npm_package_is_locked_by_its_integrity(lock: str) -> None:
    packages = {name: entry for name, entry in json.loads((ROOT / lock).read_text())["packages"].items() if name}
    assert packages
    assert [name for name, entry in packages.items() if not entry["integrity"].startswith("sha512-")] == []


def test_the_bill_of_materials_names_every_package(tmp_path: Path) -> None:
    target = tmp_path / "sbom.json"
    program = Path(sys.executable).with_name("cyclonedx-py")
    command = [program, "requirements", "--no-validate", "-o", target, ROOT / "requirements.lock"]
    subprocess.run(command, check=True, capture_output=True)
    document = json.loads(target.read_text(encoding="utf-8"))
    assert document["bomFormat"] == "CycloneDX"
    assert {(part["name"], part["version"]) for part in document["components"]} == pins("requirements.lock")


def test_make_help_describes_every_command() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    described = subprocess.run(["make", "help"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    commands = {line.split()[1] for line in described.splitlines()}
    assert commands == set(re.findall(r"^([a-z0-9-]+):.*##", makefile, re.MULTILINE))
    assert commands >= {"help", "run", "test", "test-fast", "check", "bench", "migrate", "i18n", "clean"}
