"""Several deployments beside one another: one that is backed up, and empty ones to restore it into."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from click.testing import Result
from flask import Flask, current_app

from app import clock
from app.adapters import outside
from app.adapters.archive import Kind, Member, open_archive, seal_archive
from app.cli.backup.manifest import MANIFEST, ROWS, Tally
from app.cli.backup.rows import dump, tables
from app.cli.writing import transaction
from app.extensions import db
from tests.factories.stories import make_shown

NewMachine = Callable[..., Flask]
Pair = tuple[Path, Path]
"""The archive of the data, and that of its keys."""

SECRET = "forty stones in a dry river"

_minutes = count(1)


def with_backups(folder: Path) -> dict[str, Any]:
    """Settings of a deployment that is backed up below `folder`, its secret made."""
    (folder / "backup.key").write_text(SECRET)
    return {
        "backup_dir": folder / "backup",
        "backup_keys_dir": folder / "backup-keys",
        "backup_key": str(folder / "backup.key"),
    }


def run(*args: str | Path) -> Result:
    """Run a command in the current app."""
    runner = current_app._get_current_object().test_cli_runner()  # type: ignore[attr-defined]
    return runner.invoke(args=[str(arg) for arg in args])


def done(result: Result) -> str:
    """What a command said that must have ended well."""
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def refused(result: Result) -> str:
    """The sentence with which a command refused."""
    if not isinstance(result.exception, SystemExit):
        raise AssertionError(result.output) from result.exception
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    return result.output


def back_up() -> Pair:
    """Back the current app up, a minute after the last time; the data archive and the keys archive."""
    with clock.fixed(clock.now() + timedelta(minutes=next(_minutes))):
        words = done(run("backup")).splitlines()
    return Path(words[0].partition(": ")[0]), Path(words[1].partition(": ")[0])


def backed_up_small() -> Pair:
    """A deployment of one story with a picture, backed up."""
    with transaction():
        make_shown(pictures=1)
    return back_up()


def contents() -> dict[str, list[bytes]]:
    """Every row of the current app's database, by table."""
    with db.engine.connect() as connection:
        return {table.name: b"".join(dump(connection, table)).splitlines() for table in tables(connection)}


def everything(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def nothing_was_written() -> bool:
    """Whether the current app is as empty as a new machine."""
    with db.engine.connect() as connection:
        found = tables(connection)
    return not found and not list(outside().vault.names()) and not outside().keyring.path.exists()


def members_of(path: Path, kind: Kind) -> dict[str, bytes]:
    """Every member of an archive, the manifest included."""
    return {name: b"".join(chunks) for name, chunks in open_archive(path, kind, SECRET.encode())}


def seal_again(path: Path, kind: Kind, members: Iterable[tuple[str, bytes]]) -> Path:
    """Write an archive of these members as somebody would who has the backup key."""
    path.write_bytes(b"".join(seal_archive(kind, SECRET.encode(), ((name, [content]) for name, content in members))))
    return path


def forge(path: Path, kind: Kind, change: Callable[[dict[str, bytes]], None]) -> Path:
    """A copy of an archive beside it, with changed members and a manifest that agrees with them."""
    members = members_of(path, kind)
    manifest = json.loads(members.pop(MANIFEST))
    change(members)
    tally = Tally()
    for member in members.items():
        count_whole(tally, member)
    manifest["tally"] = asdict(tally)
    content = json.dumps(manifest).encode()
    return seal_again(path.with_suffix(".forged"), kind, [*members.items(), (MANIFEST, content)])


def count_whole(tally: Tally, member: tuple[str, bytes]) -> None:
    """Count a member whose bytes are all here."""
    counted: Member = tally.count((member[0], [member[1]]))
    for _ in counted[1]:
        pass


def keep_columns(members: dict[str, bytes], columns: Mapping[str, list[str]]) -> None:
    """Leave of an archive's rows only these columns of these tables."""
    for name in [name for name in members if name.startswith(ROWS)]:
        kept = columns.get(name.removeprefix(ROWS))
        if kept is None:
            del members[name]
            continue
        rows = [json.loads(line) for line in members[name].splitlines()]
        places = [place for place, column in enumerate(rows[0]) if column in kept]
        members[name] = b"".join(json.dumps([row[place] for place in places]).encode() + b"\n" for row in rows)


def said_otherwise(path: Path, kind: Kind, **values: str) -> Path:
    """A copy of an archive whose manifest says something else."""
    members = members_of(path, kind)
    members[MANIFEST] = json.dumps(json.loads(members[MANIFEST]) | values).encode()
    return seal_again(path.with_suffix(".otherwise"), kind, members.items())
