"""Signed checkpoints of the audit log, elsewhere: who can write the whole database can still not shorten its past."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update

from app import clock
from app.adapters import outside
from app.adapters.checkpoints import Checkpoint, Fate, Forged, standing
from app.adapters.keyring import Keyring
from app.adapters.queue import commit
from app.audit.actions import record, write_checkpoint
from app.audit.models import AuditEntry, AuditHead
from app.audit.queries import verify
from app.audit.rules import GENESIS, Verb, digest
from app.cli.sweeper import sweep
from app.extensions import db
from tests.db.deployments import back_up, done, run, with_backups

ENTRIES = 9


@pytest.fixture
def chosen(tmp_path: Path) -> dict[str, Any]:
    return with_backups(tmp_path)


@pytest.fixture
def log(in_context: None) -> None:
    """Nine entries, and a checkpoint after each third."""
    for number in range(1, ENTRIES + 1):
        record("clock", Verb.STORY_VIEWED, f"s{number}")
        if number % 3 == 0:
            commit(outside().queue)
            write_checkpoint()
    db.session.rollback()


def as_owner_of_the_database(*statements: Any) -> None:
    """Past the triggers, as whoever may do everything in the database."""
    with db.engine.begin() as connection:
        if db.engine.dialect.name == "sqlite":
            for act in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS audit_entry_refuses_{act}"))
        else:
            connection.execute(text("DROP TRIGGER IF EXISTS audit_entry_refuses_change ON audit_entry"))
        for statement in statements:
            connection.execute(statement)


def cut_off(kept: int) -> None:
    """Delete the newest entries, and let the head say that there never were any."""
    last = db.session.get_one(AuditEntry, kept).digest
    db.session.rollback()
    as_owner_of_the_database(
        delete(AuditEntry).where(AuditEntry.seq > kept), update(AuditHead).values(seq=kept, digest=last)
    )


def make_anew(begin: int) -> None:
    """Change an entry, and compute every digest after it again, the head's as well."""
    rows = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all()
    db.session.rollback()
    previous, statements = GENESIS, []
    for row in rows:
        actor = "nobody" if row.seq == begin else row.actor
        made = digest(row.seq, row.at, actor, row.verb, row.subject, row.detail, previous)
        values = {"actor": actor, "previous": previous, "digest": made}
        statements.append(update(AuditEntry).where(AuditEntry.seq == row.seq).values(**values))
        previous = made
    db.session.rollback()
    as_owner_of_the_database(*statements, update(AuditHead).values(digest=previous))


def said(code: int) -> str:
    """What `flask audit verify` says."""
    answer = run("audit", "verify")
    assert answer.exit_code == code, answer.output
    return str(answer.output)


def test_an_untouched_log_agrees_with_its_checkpoints(log: None) -> None:
    assert "every link holds, and 3 checkpoints since " in said(0)


@pytest.mark.parametrize("kept", [1, 6, 8])
def test_an_end_that_was_cut_off_with_its_head_is_named(log: None, kept: int) -> None:
    cut_off(kept)
    assert verify() is None, "the database alone shows nothing"
    assert f"breaks at entry {kept + 1}" in said(1)


@pytest.mark.parametrize(("begin", "named"), [(1, 1), (3, 1), (4, 4), (8, 7), (9, 7)])
def test_a_chain_that_was_made_anew_is_named_from_the_last_that_agrees(log: None, begin: int, named: int) -> None:
    make_anew(begin)
    assert verify() is None, "the database alone shows nothing"
    assert f"breaks at entry {named}\n" in said(1)


def test_what_grows_after_the_cut_does_not_cover_it(log: None) -> None:
    cut_off(6)
    for number in range(5):
        record("clock", Verb.STORY_VIEWED, f"other{number}")
    commit(outside().queue)
    write_checkpoint()
    db.session.rollback()
    assert "breaks at entry 7\n" in said(1)


def changed(lines: list[bytes]) -> dict[str, list[bytes]]:
    return {
        "edited": [lines[0], lines[1].replace(b"grew 6", b"grew 5"), lines[2]],
        "moved": [lines[0], lines[2], lines[1]],
        "lost": [lines[0], lines[2]],
        "told twice": [lines[0], lines[0], *lines[1:]],
        "garbage": [lines[0], b"\xff\xfe", lines[2]],
    }


@pytest.mark.parametrize("how", list(changed([b"", b"", b""])))
def test_a_line_that_is_not_ours_is_named(log: None, how: str) -> None:
    path = outside().checkpoints.path
    path.write_bytes(b"\n".join([*changed(path.read_bytes().splitlines())[how], b""]))
    assert "from line 2 on" in said(1)


def test_nobody_writes_one_without_the_keyring(log: None, tmp_path: Path) -> None:
    stranger = Keyring.create(tmp_path / "strangers.json")
    theirs = type(outside().checkpoints)(outside().checkpoints.path, lambda: stranger.secret("audit-checkpoints"))
    for act in (lambda: theirs.append(Checkpoint(6, "0" * 64, clock.now())), theirs.newest, theirs.read):
        with pytest.raises(Forged):
            act()


def test_the_sweeper_writes_one_when_there_is_more_to_say(log: None) -> None:
    sweep()
    before = len(outside().checkpoints.read())
    sweep()
    assert len(outside().checkpoints.read()) == before
    record("clock", Verb.STORY_VIEWED, "one more")
    commit(outside().queue)
    path = outside().checkpoints.path
    path.write_bytes(path.read_bytes() + b"grew 99 torn")
    sweep()
    newest = outside().checkpoints.read()[-1]
    assert (newest.seq, newest.fate) == (db.session.get_one(AuditHead, 1).seq, Fate.GREW)


def test_without_any_checkpoint_it_says_what_would_not_show(in_context: None) -> None:
    assert "a missing end would not show" in said(0)


def test_a_restore_of_an_older_database_is_said_and_is_no_tampering(
    app: Flask, log: None, backend: str, new_machine: Callable[..., Flask], tmp_path: Path
) -> None:
    data, keys = back_up()
    for number in range(5):
        record("clock", Verb.STORY_VIEWED, f"lost{number}")
    commit(outside().queue)
    write_checkpoint()
    survived = str(outside().checkpoints.path)
    db.session.rollback()
    other = new_machine(backend, audit_checkpoints=survived, **with_backups(tmp_path))
    with other.app_context():
        done(run("restore", "--here", str(data), str(keys)))
        sweep()
        words = said(0)
        assert "restored from a backup on " in words
        assert "up to entry 10; entries 11 to 15 of before are lost" in words
        cut_off(10)
        assert "breaks at entry 11" in said(1)


def test_a_restore_stands_for_nothing_before_it() -> None:
    at = datetime.fromisoformat("2026-05-04T12:00:00+00:00")
    told = [
        Checkpoint(3, "a", at),
        Checkpoint(9, "b", at),
        Checkpoint(6, "c", at, Fate.RESTORED),
        Checkpoint(7, "d", at),
    ]
    assert standing(told) == {3: "a", 6: "c", 7: "d"}
    assert standing([Checkpoint(0, GENESIS, at)]) == {}
