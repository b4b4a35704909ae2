"""Commands say what is not there, in one sentence, and leave nothing behind."""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from app import create_app
from app.cli import COMMANDS, load
from app.cli.sentences import WITHOUT_DATABASE, sentences
from app.config import Settings
from tests.services.application import disconnect

ARGUMENTS = {
    "audit verify": "",
    "backup": "",
    "backup verify": "{file} {file}",
    "consent export": "--every",
    "keys rotate": "",
    "release check": "",
    "release rebuild": "",
    "serve": "",
    "sites add": "https://name.example --email ana@example.org",
    "sites list": "",
    "sites notices": "",
    "sites remove": "https://name.example",
    "sites rotate": "https://name.example",
    "sites secret": "https://name.example",
    "staff add": "--email ana@example.org --name Ana --role moderator --organisation House",
    "staff deactivate": "--email ana@example.org",
    "staff reset-factor": "--email ana@example.org",
    "texts list": "",
    "texts publish": "child 2 --minor",
    "worker": "",
}
"""Every command that asks the database, with what it needs."""


def leaves(command: click.Command, path: str) -> Iterator[str]:
    """The commands that do something, by what is typed."""
    below = command.commands if isinstance(command, click.Group) else {}
    if not below or (isinstance(command, click.Group) and command.invoke_without_command):
        yield path
    for name, one in below.items():
        yield from leaves(one, f"{path} {name}")


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Flask]:
    """A deployment of which nothing is there yet."""
    app = create_app(Settings(data_dir=tmp_path / "data", keyring=tmp_path / "keys" / "keyring.json"))
    yield app
    disconnect(app)


def run(app: Flask, typed: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=typed.format(file=__file__).split())
    return result.exit_code, result.output


def test_every_command_is_one_that_asks_the_database_or_does_not() -> None:
    found = {path for name in COMMANDS for path in leaves(load(name), name)}
    asks = {path for path in found if path not in WITHOUT_DATABASE and path.split()[0] not in WITHOUT_DATABASE}
    assert asks == set(ARGUMENTS)


@pytest.mark.parametrize("command", ARGUMENTS)
def test_without_a_database_none_is_made(empty: Flask, tmp_path: Path, command: str) -> None:
    status, said = run(empty, f"{command} {ARGUMENTS[command]}")
    assert status == 1, said
    assert f"Error: the database sqlite:///{tmp_path}/data/eyes.sqlite is not there. Set EYES_DATABASE_URL" in said
    assert not (tmp_path / "data" / "eyes.sqlite").exists()


@pytest.mark.parametrize("command", ["sites list", "release check", "texts list", "worker", "serve"])
def test_a_database_without_tables_is_said_to_be_one(empty: Flask, tmp_path: Path, command: str) -> None:
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "data" / "eyes.sqlite").touch()
    status, said = run(empty, command)
    assert status == 1, said
    assert "cannot be used (no such table:" in said
    assert "`db upgrade` makes the tables" in said


def test_a_file_that_is_no_database_is_said_to_be_none(empty: Flask, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "data" / "eyes.sqlite").write_bytes(b"These are words. " * 1_000)
    status, said = run(empty, "release check")
    assert status == 1, said
    assert "cannot be used (file is not a database)" in said


@pytest.mark.parametrize("error", [IntegrityError, DataError])
def test_what_the_database_refuses_of_ours_is_no_word_about_the_database(empty: Flask, error: type[DBAPIError]) -> None:
    with pytest.raises(error), empty.app_context(), sentences():
        raise error("INSERT", None, Exception("UNIQUE constraint failed"))


def test_an_upgrade_says_how_far_it_went_and_a_key_that_is_not_there_where_it_should_be(
    empty: Flask, tmp_path: Path
) -> None:
    newest = max((Path(__file__).parents[2] / "migrations" / "versions").glob("[0-9]*.py")).name[:4]
    assert run(empty, "db upgrade") == (0, f"the schema is at revision {newest}\n")
    assert run(empty, "sites list") == (0, "no site is registered\n")
    status, said = run(empty, "keys rotate")
    assert status == 1
    assert f"{tmp_path}/keys/keyring.json; EYES_KEYRING says where it is, and `keys create` makes one" in said
