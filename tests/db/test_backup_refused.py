"""A restore that cannot be right changes nothing, and says why in a sentence."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.adapters import outside
from app.adapters.archive import Kind
from app.adapters.keyring import Keyring
from app.cli.backup.manifest import MANIFEST
from app.cli.database import upgrade
from app.extensions import db
from tests.db.deployments import (
    SECRET,
    NewMachine,
    Pair,
    backed_up_small,
    contents,
    everything,
    forge,
    members_of,
    nothing_was_written,
    refused,
    run,
    said_otherwise,
    seal_again,
    with_backups,
)


@pytest.fixture
def chosen(tmp_path: Path) -> dict[str, Any]:
    return with_backups(tmp_path)


@pytest.fixture
def archives(in_context: None) -> Pair:
    """The two archives of a small deployment."""
    return backed_up_small()


def changed(path: Path, at: float) -> Path:
    """A copy of a file with one bit changed, at this part of its length."""
    content = bytearray(path.read_bytes())
    content[int(at * len(content))] ^= 1
    copy = path.with_suffix(f".bit{at}")
    copy.write_bytes(content)
    return copy


def cut(path: Path, at: float) -> Path:
    """A copy of the first part of a file."""
    copy = path.with_suffix(f".cut{at}")
    copy.write_bytes(path.read_bytes()[: int(at * path.stat().st_size)])
    return copy


def without(path: Path, kind: Kind, name: str) -> Path:
    """A copy of an archive in which one member is missing, sealed by somebody who has the backup key."""
    return seal_again(path.with_suffix(".less"), kind, [m for m in members_of(path, kind).items() if m[0] != name])


def with_member(path: Path, kind: Kind, name: str, content: bytes = b"x") -> Path:
    """A copy of an archive with one member more, or another one, which its manifest knows."""
    return forge(path, kind, lambda members: members.update({name: content}))


HOSTILE: dict[str, tuple[Callable[[Path, Path], Pair], str]] = {
    "swapped": (lambda data, keys: (keys, data), "is not a data archive"),
    "twice the data": (lambda data, _: (data, data), "is not a keys archive"),
    "something else": (lambda _, keys: (Path(__file__), keys), "is not a backup archive"),
    "data cut": (lambda data, keys: (cut(data, 0.7), keys), "damaged or cut short"),
    "data cut early": (lambda data, keys: (cut(data, 0.002), keys), "first bytes are damaged"),
    "keys cut": (lambda data, keys: (data, cut(keys, 0.9)), "damaged or cut short"),
    "data changed": (lambda data, keys: (changed(data, 0.999), keys), "damaged or cut short"),
    "keys changed": (lambda data, keys: (data, changed(keys, 0.5)), "damaged or cut short"),
    "no stories": (lambda data, keys: (without(data, Kind.DATA, "rows/story"), keys), "what its manifest says"),
    "no manifest": (lambda data, keys: (without(data, Kind.DATA, MANIFEST), keys), "has no manifest"),
    "no keyring": (lambda data, keys: (data, without(keys, Kind.KEYS, "keyring")), "what its manifest says"),
    "out of the vault": (
        lambda data, keys: (with_member(data, Kind.DATA, "vault/../../../outside"), keys),
        "forbidden name",
    ),
    "absolute": (lambda data, keys: (with_member(data, Kind.DATA, "vault//etc/outside"), keys), "forbidden name"),
    "hidden": (lambda data, keys: (with_member(data, Kind.DATA, "vault/.incoming/a"), keys), "forbidden name"),
    "keys in the data": (lambda data, keys: (with_member(data, Kind.DATA, "keyring"), keys), "forbidden name"),
    "no table": (lambda data, keys: (with_member(data, Kind.DATA, "rows/nobody", b"[]\n"), keys), "has no table"),
    "no rows": (lambda data, keys: (with_member(data, Kind.DATA, "rows/story", b"nonsense"), keys), "row that is none"),
    "other columns": (
        lambda data, keys: (with_member(data, Kind.DATA, "rows/departed", b'["a"]\n[1]\n'), keys),
        "other columns",
    ),
    "wrong value": (
        lambda data, keys: (with_member(data, Kind.DATA, "rows/departed", b'["story_id","at"]\n["a","noon"]\n'), keys),
        "wrong kind",
    ),
    "nobody's child": (
        lambda data, keys: (with_member(data, Kind.DATA, "rows/storyteller", b"[]\n"), keys),
        "the database refused (IntegrityError): nothing was changed",
    ),
    "a changed log": (
        lambda data, keys: (forge(data, Kind.DATA, rewrite_the_log), keys),
        "the audit chain does not hold",
    ),
    "newer": (lambda data, keys: (said_otherwise(data, Kind.DATA, revision="9999"), keys), "newer than this version"),
    "another deployment": (
        lambda data, keys: (data, said_otherwise(keys, Kind.KEYS, deployment="00")),
        "come from two deployments",
    ),
    "older keys": (
        lambda data, keys: (data, said_otherwise(keys, Kind.KEYS, made_at="2020-01-01T00:00:00+00:00")),
        "older than the data archive",
    ),
    "a broken ledger": (
        lambda data, keys: (data, with_member(keys, Kind.KEYS, "revocations", b"2026 somebody 00\n")),
        "broken ledger of revocations",
    ),
    "another keyring": (
        lambda data, keys: (data, with_member(keys, Kind.KEYS, "keyring", another_keyring(keys))),
        "keys that do not open",
    ),
}


def rewrite_the_log(members: dict[str, bytes]) -> None:
    """Somebody else did it."""
    members["rows/audit_entry"] = members["rows/audit_entry"].replace(b'"story.submitted"', b'"story.resubmitted"')


def another_keyring(beside: Path) -> bytes:
    """The content of some other deployment's keyring."""
    return Keyring.create(beside.with_name("another.json")).content()


def test_a_hostile_or_damaged_archive_is_refused_before_anything_is_changed(
    backend: str, archives: Pair, new_machine: NewMachine, tmp_path: Path, chosen: dict[str, Any]
) -> None:
    with new_machine(backend, **chosen).app_context():
        for name, (spoil, sentence) in HOSTILE.items():
            data, keys = spoil(*archives)
            assert sentence in refused(run("restore", data, keys)), name
            assert (list(outside().vault.names()), contents()) == ([], {}), name
        assert list(tmp_path.rglob("outside")) == []


@pytest.mark.parametrize("backend", ["sqlite"])
def test_verify_finds_the_same_without_a_machine_to_restore_to(archives: Pair) -> None:
    for name in ("swapped", "data cut", "keys changed", "no stories", "out of the vault", "newer", "older keys"):
        spoil, sentence = HOSTILE[name]
        before = contents()
        assert sentence in refused(run("backup", "verify", *spoil(*archives))), name
        assert contents() == before


def test_another_backup_key_is_told_from_damage(
    backend: str, archives: Pair, new_machine: NewMachine, tmp_path: Path
) -> None:
    (tmp_path / "other.key").write_text(SECRET[::-1])
    with new_machine(backend, backup_key=str(tmp_path / "other.key")).app_context():
        assert "another backup key" in refused(run("restore", *archives))
        assert nothing_was_written()
    with new_machine(backend, backup_key=str(tmp_path / "none.key")).app_context():
        assert "cannot be read" in refused(run("restore", *archives))
        assert nothing_was_written()


def test_nothing_is_overwritten(backend: str, archives: Pair, new_machine: NewMachine, chosen: dict[str, Any]) -> None:
    before = contents()
    assert "the database is not empty" in refused(run("restore", *archives))
    assert contents() == before
    with new_machine(backend, **chosen).app_context():
        outside().vault.put("somebody/elses/file", [b"x"])
        assert "is not empty: restore into a new one; if a restore that was killed" in refused(
            run("restore", *archives)
        )
        outside().vault.delete("somebody/elses/file")
        Keyring.create(outside().keyring.path)
        assert "belongs to another deployment" in refused(run("restore", "--here", *archives))
        outside().keyring.path.unlink()
        assert nothing_was_written()


def test_a_ledger_that_was_changed_stops_a_backup_and_a_restore(
    backend: str, archives: Pair, new_machine: NewMachine, chosen: dict[str, Any]
) -> None:
    kept = everything(chosen["backup_keys_dir"])
    outside().revocations.append([])
    outside().settings.revocation_file.write_text("2026 somebody 00\n")
    assert "breaks at line 1" in refused(run("backup"))
    assert everything(chosen["backup_keys_dir"]) == kept
    with new_machine(backend, revocation_ledger=str(outside().settings.revocation_file), **chosen).app_context():
        assert "breaks at line 1" in refused(run("restore", "--here", *archives))
        assert nothing_was_written()


def test_a_vault_that_fails_on_the_way_leaves_an_empty_machine_and_the_next_try_succeeds(
    backend: str, archives: Pair, new_machine: NewMachine, chosen: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = new_machine(backend, **chosen)
    with machine.app_context():
        put, puts = outside().vault.put, []

        def fail(name: str, chunks: Any) -> int:
            puts.append(name)
            if len(puts) == 3:
                raise OSError(28, "No space left on device")
            return put(name, chunks)

        with monkeypatch.context() as patched:
            patched.setattr(outside().vault, "put", fail)
            assert isinstance(run("restore", *archives).exception, OSError)
        assert list(outside().vault.names()) == []
        assert contents() == {}
        assert run("restore", *archives).exit_code == 0
        assert len(list(outside().vault.names())) == 7


def test_a_migrated_database_is_not_an_empty_one(
    backend: str, archives: Pair, new_machine: NewMachine, chosen: dict[str, Any]
) -> None:
    with new_machine(backend, **chosen).app_context():
        upgrade()
        db.session.rollback()
        assert "the database is not empty" in refused(run("restore", *archives))
