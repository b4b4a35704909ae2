"""A start says what the operator has to put right: a line for each thing, by its name, without what may be secret."""

import os
import stat
from pathlib import Path

import pytest

from app.adapters.owning import whose
from app.starting import start, unknown


def refusal() -> list[str]:
    """The lines of a start that must be refused."""
    with pytest.raises(SystemExit) as caught:
        start()
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        (
            "EYES_DATABASE_URL",
            "postgres://eyes:hunter2@db/eyes",
            "it must begin with postgresql+psycopg:// or sqlite:///",
        ),
        ("EYES_DATABASE_URL", "mysql://eyes:hunter2@db/eyes", "it must begin with postgresql+psycopg:// or sqlite:///"),
        ("EYES_DATABASE_URL", "hunter2", "it must begin with postgresql+psycopg:// or sqlite:///"),
        ("EYES_QUEUE_URL", "amqp://:hunter2@queue", "this is no redis:// address"),
        ("EYES_MAIL_URL", "smtp://eyes:hunter2@mail:port", "this is no address that can be read"),
        ("EYES_PUBLIC_URL", "https://[hunter2", "this is no address that can be read"),
        ("EYES_LINK_DAYS", "hunter2", "Input should be a valid integer"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, allowed: str
) -> None:
    monkeypatch.setenv(name, value)
    (line,) = refusal()
    assert line.startswith(f"Error: {name}: {allowed}")
    assert "hunter2" not in line


def test_each_fault_has_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EYES_LINK_DAYS", "0")
    monkeypatch.setenv("EYES_STORAGE", "ftp")
    assert [line.split(":")[1] for line in refusal()] == [" EYES_STORAGE", " EYES_LINK_DAYS"]
    monkeypatch.undo()
    monkeypatch.setenv("EYES_PUBLIC_URL", "https://eyes.example.org")
    monkeypatch.setenv("EYES_DEMO", "1")
    assert [line.split()[1] for line in refusal()] == ["EYES_DEMO", "EYES_MAIL_URL"]


def test_a_name_that_is_no_setting_is_warned_of_without_its_value() -> None:
    given = {"EYES_BACKUP_DIRR": "hunter2", "EYES_KEYRING": "/etc/eyes/keyring.json", "HOME": "/"}
    assert list(unknown(given)) == ["Warning: EYES_BACKUP_DIRR is no setting; EYES_BACKUP_DIR is one"]


def test_a_folder_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.write_text("a file")
    monkeypatch.setenv("EYES_DATA_DIR", str(data))
    assert refusal() == [f"Error: {data} cannot be used (File exists)"]
    data.unlink()
    (data / "queue.sqlite").mkdir(parents=True)
    assert refusal() == [f"Error: {data}/queue.sqlite cannot be used (unable to open database file)"]


def test_whose_a_file_is_or_the_folder_that_hides_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    mine = tmp_path / "queue.sqlite"
    mine.touch(stat.S_IRUSR)
    assert whose(mine) == whose(tmp_path / "none") == ""
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    assert whose(mine).endswith("; you are user 54321")
    assert whose(mine).startswith(f": {mine} belongs to ")
    assert whose(tmp_path / "none").startswith(f": {tmp_path} belongs to ")
