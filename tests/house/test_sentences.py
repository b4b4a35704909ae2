"""Commands say what is not there, in one sentence, and leave nothing behind."""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from app import create_app
from app.adapters.archive import Unusable
from app.adapters.keyring import Keyring
from app.cli import COMMANDS, load
from app.cli.backup.make import put_away
from app.cli.sentences import WITHOUT_DATABASE, sentences
from app.cli.serve import close_what_must_be
from app.cli.writing import transaction
from app.config import Settings
from app.errors import Unavailable
from app.people.keys import create_key
from tests.services.application import disconnect

ARGUMENTS = {
    "audit verify": "",
    "backup": "",
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


@pytest.mark.parametrize("command", ["backup", "sites list", "release check", "texts list", "worker", "serve"])
def test_a_database_without_tables_is_said_to_be_one(empty: Flask, tmp_path: Path, command: str) -> None:
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "data" / "eyes.sqlite").touch()
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "backup.key").write_text("forty stones in a dry river")
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
    assert (
        f"the keyring {tmp_path}/keys/keyring.json is not there; EYES_KEYRING says where it is. Mount its disk" in said
    )


@pytest.fixture
def sealed(empty: Flask) -> Path:
    """The keyring of a deployment that has a data key in its database."""
    path = Path(empty.extensions["eyes"].settings.keyring)
    assert run(empty, "keys create")[0] == run(empty, "db upgrade")[0] == 0
    with empty.app_context(), transaction():
        create_key("somebody")
    return path


def test_no_new_keyring_is_made_beside_what_another_one_sealed(empty: Flask, sealed: Path, tmp_path: Path) -> None:
    keyring = sealed.rename(tmp_path / "copy.json")
    status, said = run(empty, "keys create")
    assert (status, sealed.exists()) == (1, False)
    assert f"no keyring at {sealed}, but data keys in the database: put the copy of its keyring back" in said
    (tmp_path / "data" / "eyes.sqlite").unlink()
    (tmp_path / "keys" / "audit-checkpoints.log").write_text("grew 1\n")
    assert "audit-checkpoints.log of a deployment: put the copy" in run(empty, "keys create")[1]
    assert (sealed.exists(), keyring.exists()) == (False, True)


def test_a_keyring_is_missing_or_unreadable_or_damaged_or_another_one(
    empty: Flask, sealed: Path, tmp_path: Path
) -> None:
    copy = sealed.read_bytes()
    visitor = empty.test_client()
    assert visitor.get("/readyz").status_code == 200
    sealed.write_text("{}")
    assert "is damaged: put the copy of it back" in run(empty, "keys rotate")[1]
    sealed.unlink()
    sealed.mkdir()
    assert "cannot be read (Is a directory)" in run(empty, "keys rotate")[1]
    sealed.rmdir()
    Keyring.create(sealed)
    assert "is not the one that sealed this data" in run(empty, "keys rotate")[1]
    assert visitor.get("/readyz").status_code == 503
    with pytest.raises(Unavailable, match="keyring"), empty.app_context():
        close_what_must_be()
    sealed.write_bytes(copy)
    assert visitor.get("/readyz").status_code == 200


def test_a_keyring_that_everybody_can_read_is_told_of(
    empty: Flask, sealed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with empty.app_context():
        close_what_must_be()
        assert capsys.readouterr().err == ""
        sealed.chmod(0o644)
        close_what_must_be()
    assert f"chmod o-rwx {sealed}" in capsys.readouterr().err


def test_a_keyring_gets_no_key_while_the_database_is_away(empty: Flask, sealed: Path, tmp_path: Path) -> None:
    before = sealed.read_bytes()
    disconnect(empty)
    (tmp_path / "data" / "eyes.sqlite").write_bytes(b"These are words. " * 1_000)
    assert run(empty, "keys rotate")[0] == 1
    assert sealed.read_bytes() == before


def test_nobody_is_added_who_cannot_be_written_to(empty: Flask) -> None:
    typed = "staff add --email ana --name Ana --role moderator --organisation House"
    status, said = run_in_upgraded(empty, typed)
    assert (status, "does not look like an e-mail address" in said) == (2, True)


def test_archives_are_looked_at_without_a_database_and_ask_for_their_own_key(empty: Flask, tmp_path: Path) -> None:
    assert run(empty, "backup verify --help")[0] == 0
    status, said = run(empty, "backup verify {file} {file}")
    assert status == 1
    assert f"{tmp_path}/keys/backup.key cannot be read (No such file or directory): bring the key that these" in said
    assert "makes one" in run_in_upgraded(empty, "backup")[1]


def run_in_upgraded(app: Flask, typed: str) -> tuple[int, str]:
    assert run(app, "db upgrade")[0] == 0
    return run(app, typed)


def test_a_backup_says_which_folder_takes_nothing_and_why(tmp_path: Path) -> None:
    for folder, why in {"/proc/eyes": "No such file or directory", __file__: "Not a directory"}.items():
        with pytest.raises(Unusable, match=f"folder {folder} .{why}"):
            put_away(Path(folder), "data.eyes", iter([b"x"]))
    with pytest.raises(Unusable, match="No space left on device"):
        put_away(tmp_path, "data.eyes", failing(Unavailable("store"), OSError(28, "No space left on device")))


def failing(error: Exception, cause: Exception) -> Iterator[bytes]:
    """What a write on a full disk raises."""
    yield b"x"
    raise error from cause
