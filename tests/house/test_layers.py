"""Who may import whom: the contracts of pyproject.toml hold, and name everything they should."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from flask import Flask

from tests.house.tree import ROOT, below


def contracts() -> dict[str, dict[str, object]]:
    """The import contracts by their type, the last of each type winning."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["type"]: contract for contract in settings["tool"]["importlinter"]["contracts"]}


def test_the_import_contracts_are_kept() -> None:
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def test_a_broken_contract_would_be_noticed(tmp_path: Path) -> None:
    house = tmp_path / "app"
    (house / "clock").mkdir(parents=True)
    (house / "web").mkdir()
    (house / "__init__.py").touch()
    (house / "web" / "__init__.py").touch()
    (house / "clock" / "__init__.py").write_text("import app.web\n")
    (tmp_path / "pyproject.toml").write_text(
        '[tool.importlinter]\nroot_package = "app"\n\n[[tool.importlinter.contracts]]\n'
        'name = "house"\ntype = "layers"\ncontainers = ["app"]\nexhaustive = true\nlayers = ["web", "clock"]\n'
    )
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "app.clock -> app.web" in result.stdout


def test_what_calls_itself_pure_is_in_the_contract_of_the_rules() -> None:
    said = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in below("app", endings=(".py",))
        if re.search(r"\bpure\b", ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "", re.IGNORECASE)
    }
    assert {"app.release.consensus", "app.release.facets", "app.release.policy", "app.release.terms"} <= said
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found = settings["tool"]["importlinter"]["contracts"]
    rules = next(contract for contract in found if contract["name"] == "Rules are plain functions of plain values")
    assert said - set(rules["source_modules"]) == set()


def test_every_blueprint_is_named_as_independent(app: Flask) -> None:
    modules = {blueprint.import_name for blueprint in app.blueprints.values()}
    packages = {name for name in modules if (ROOT / name.replace(".", "/")).is_dir()}
    assert set(contracts()["independence"]["modules"]) == packages  # type: ignore[call-overload]
