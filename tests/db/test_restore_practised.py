"""A restore beside a living deployment changes nothing of it; one that is ended or killed can be run again."""

import os
import re
import signal
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from app.adapters import outside
from app.adapters.checkpoints import Checkpoint
from app.adapters.keyring import Keyring
from app.adapters.queue import commit
from app.audit.actions import record, write_checkpoint
from app.audit.rules import Verb
from app.config import Settings
from app.extensions import db
from tests.db.deployments import (
    NewMachine,
    Pair,
    backed_up_small,
    contents,
    done,
    everything,
    nothing_was_written,
    refused,
    run,
    with_backups,
)

RUNBOOK = Path(__file__).parents[2] / "docs" / "runbook.md"


@pytest.fixture
def chosen(tmp_path: Path) -> dict[str, Any]:
    return with_backups(tmp_path)


@pytest.fixture
def archives(in_context: None) -> Pair:
    """The two archives of a small deployment, which goes on: a ledger, and a checkpoint newer than they are."""
    made = backed_up_small()
    record("clock", Verb.STORY_VIEWED, "later")
    commit(outside().queue)
    write_checkpoint()
    db.session.rollback()
    return made


def of(settings: Settings) -> dict[str, dict[str, bytes]]:
    """What lies in the folders of the keyring, the ledger and the checkpoints."""
    places = (settings.keyring, settings.revocation_file, settings.checkpoint_file)
    return {str(path.parent): everything(path.parent) for path in places}


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("shared", ["keyring", "revocation_ledger", "audit_checkpoints"])
def test_a_drill_that_shares_a_file_with_the_living_is_refused_and_changes_nothing(
    backend: str, shared: str, archives: Pair, new_machine: NewMachine, chosen: dict[str, Any], tmp_path: Path
) -> None:
    living = outside().settings
    living.revocation_file.touch()
    living.revocation_file.write_bytes(living.revocation_file.read_bytes() or b"2026 somebody 00\n")
    path = {
        "keyring": living.keyring,
        "revocation_ledger": living.revocation_file,
        "audit_checkpoints": living.checkpoint_file,
    }[shared]
    before = of(living)
    apart = {name: str(tmp_path / "apart" / name) for name in ("keyring", "revocation_ledger", "audit_checkpoints")}
    with new_machine(backend, **chosen, **apart | {shared: str(path)}).app_context():
        said = refused(run("restore", *archives))
        assert said.startswith(f"Error: {path} would be changed")
        for name in ("EYES_KEYRING", "EYES_REVOCATION_LEDGER", "EYES_AUDIT_CHECKPOINTS", "--here"):
            assert name in said
        assert (list(outside().vault.names()), contents()) == ([], {})
    assert of(living) == before


def test_a_drill_of_its_own_leaves_the_living_as_it_was(
    backend: str, archives: Pair, new_machine: NewMachine, chosen: dict[str, Any]
) -> None:
    before = of(outside().settings)
    with new_machine(backend, **chosen).app_context():
        done(run("restore", *archives))
        assert "restored from a backup" in done(run("audit", "verify"))
    assert of(outside().settings) == before
    assert "restored" not in done(run("audit", "verify"))


def fail_at_third(act: Callable[[], None]) -> Callable[[str, Iterable[bytes]], int]:
    """A vault's `put` that does something else first when it is called for the third time."""
    put, puts = outside().vault.put, []

    def putting(name: str, chunks: Iterable[bytes]) -> int:
        puts.append(name)
        if len(puts) == 3:
            act()
        return put(name, chunks)

    return putting


def test_a_restore_that_is_told_to_end_leaves_an_empty_machine(
    backend: str,
    archives: Pair,
    new_machine: NewMachine,
    chosen: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    number = signal.SIGTERM
    heard = signal.getsignal(number)
    with new_machine(backend, **chosen).app_context():
        with monkeypatch.context() as patched:
            patched.setattr(outside().vault, "put", fail_at_third(lambda: os.kill(os.getpid(), number)))
            assert run("restore", *archives).exit_code == 128 + number
        assert nothing_was_written()
        assert outside().settings.survivors() == []
        assert signal.getsignal(number) is heard
        assert done(run("restore", *archives))


@pytest.mark.parametrize("backend", ["sqlite"])
def test_once_it_is_signed_that_the_log_begins_anew_a_restore_is_not_undone(
    backend: str, archives: Pair, new_machine: NewMachine, chosen: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with new_machine(backend, **chosen).app_context():
        sign = outside().checkpoints.append

        def sign_and_be_told_to_end(checkpoint: Checkpoint) -> None:
            sign(checkpoint)
            os.kill(os.getpid(), signal.SIGTERM)

        monkeypatch.setattr(outside().checkpoints, "append", sign_and_be_told_to_end)
        done(run("restore", *archives))
        assert "restored from a backup" in done(run("audit", "verify"))


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_killed_restore_is_told_what_it_left(
    backend: str, archives: Pair, new_machine: NewMachine, chosen: dict[str, Any], settings: Settings
) -> None:
    with new_machine(backend, **chosen).app_context():
        outside().vault.put("left/by/a-killed-one", [b"x"])
        Keyring.create(outside().keyring.path, Keyring(settings.keyring)._read().master)
        said = refused(run("restore", *archives))
        assert f"{outside().settings.data_dir / 'vault'} is not empty" in said
        assert "if a restore that was killed left these files, empty it and run again" in said
        outside().vault.delete("left/by/a-killed-one")
        assert "what a killed restore into this place left, say --here" in refused(run("restore", *archives))
        done(run("restore", "--here", *archives))


def test_the_runbook_gives_a_drill_a_place_of_its_own_for_all_that_a_deployment_writes() -> None:
    block = (
        RUNBOOK.read_text(encoding="utf-8").partition("**Practise it")[2].partition("```sh\n")[2].partition("```")[0]
    )
    said: Mapping[str, str] = dict(re.findall(r"^(EYES_[A-Z0-9_]+)=(\S*)", block, re.MULTILINE))
    for name in ("DATA_DIR", "KEYRING", "REVOCATION_LEDGER", "AUDIT_CHECKPOINTS", "BACKUP_DIR", "BACKUP_KEYS_DIR"):
        assert said[f"EYES_{name}"].startswith("$drill/"), name
    for name, value in {"DATABASE_URL": "", "QUEUE_URL": "", "STORAGE": "local", "MAIL_URL": "folder"}.items():
        assert said[f"EYES_{name}"] == value, name
