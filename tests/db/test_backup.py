"""Backing up while everybody writes, and coming back: the living whole, the erased gone."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from time import sleep
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import func, select, text

from app import clock
from app.adapters import archive, outside
from app.adapters.archive import Kind
from app.adapters.keyring import Keys
from app.adapters.queue import MemoryQueue
from app.adapters.sealing import Damaged, decrypt_stream
from app.adapters.storage import MemoryStore
from app.audit.queries import verify
from app.cli.backup.rows import binary, parse
from app.cli.database import alembic_config, make_room, upgrade_within
from app.cli.sweeper import forget_old_keys
from app.cli.writing import transaction
from app.errors import Unavailable
from app.extensions import db
from app.media.actions import open_original, open_rendition
from app.media.models import Asset, Rendition
from app.people.keys import load_key
from app.people.models import DataKey
from app.people.permissions import Role
from app.release.check import differences
from app.release.indexing import index_is_sound
from app.release.models import Showing
from app.safeguarding.actions import open_case
from app.safeguarding.rules import Level
from app.stories.actions import ask_erasure, say
from app.stories.lifecycle import State
from app.stories.models import Erasure, Story
from app.stories.queries import content, messages, version_of
from app.stories.rules import Author
from tests.db.deployments import (
    NewMachine,
    back_up,
    contents,
    done,
    forge,
    keep_columns,
    members_of,
    run,
    said_otherwise,
    with_backups,
)
from tests.factories.campaigns import make_campaign
from tests.factories.people import make_staff
from tests.factories.stories import add_picture, begin_story, make_claimed, make_shown, make_submitted

GOES_ON = {"archive_record", "audit_entry", "audit_head", "release_epoch", "data_key", "search_entry"}
"""What a restore itself adds to, or makes anew."""
OPEN_LOG_INS = "staff_session"


@pytest.fixture
def chosen(tmp_path: Path) -> dict[str, Any]:
    return with_backups(tmp_path)


@pytest.fixture
def other(backend: str) -> str:
    """The database that this test does not run on."""
    return "postgresql" if backend == "sqlite" else "sqlite"


def tell_everything() -> None:
    """Something in every state and every table that the actions fill."""
    with transaction():
        shown = [make_shown(("gallery", "embed"), pictures=1, sounds=1, own_voice=True) for _ in range(2)]
        make_campaign(*shown)
        make_claimed(make_staff())
        open_case(make_staff(Role.SAFEGUARDING_LEAD).id, make_submitted(), Level.AMBER, "A bruise, drawn twice.")
        say(shown[0], Author.CHILD, "Mulțumesc, 谢谢, \u2028\u202e thank you!")
        begin_story()
        erased = make_shown()
    with transaction():
        ask_erasure(erased, Role.CHILD, now=True)


def read_all(story: Story) -> tuple[Any, ...]:
    """All that a living story says, unsealed: words, messages, originals and renditions."""
    words = content(version_of(story))
    files = [b"".join(open_original(asset)) for asset in words.assets]
    renditions = select(Rendition).join(Asset).where(Asset.story_id == story.id).order_by(Rendition.name)
    files += [b"".join(open_rendition(rendition)) for rendition in db.session.scalars(renditions)]
    return words.title, words.text, messages(story), files


def test_everything_comes_back_on_the_other_database_and_another_store(
    other: str, new_machine: NewMachine, chosen: dict[str, Any]
) -> None:
    tell_everything()
    before = contents()
    living = {story.id: read_all(story) for story in stories_that_live()}
    assert len(living) == 5
    data, keys = back_up()
    assert "whole" in done(run("backup", "verify", data, keys))
    machine = new_machine(other, **chosen)
    machine.extensions["eyes"] = replace(machine.extensions["eyes"], vault=MemoryStore(), queue=MemoryQueue())
    with machine.app_context():
        said = done(run("restore", data, keys))
        after = contents()
        assert {name: rows for name, rows in after.items() if name not in GOES_ON} == {
            name: rows for name, rows in before.items() if name not in GOES_ON
        }
        assert len(before["showing"]) > 4
        assert after["audit_entry"][:-2] == before["audit_entry"]  # started, restored
        assert {story.id: read_all(story) for story in stories_that_live()} == living
        assert (verify(), list(differences()), index_is_sound()) == (None, [], True)
        assert "erased again: 0 stories" in said
        with transaction():
            assert make_shown().state is State.APPROVED  # numbering goes on after what was loaded
        assert (verify(), list(differences())) == (None, [])


def stories_that_live() -> list[Story]:
    return list(db.session.scalars(select(Story).where(Story.state != State.ERASED)))


@pytest.fixture
def writer(app: Flask) -> Iterator[Callable[[], int]]:
    """Somebody who tells one story after the other until asked how many it were."""
    stop, told, failed = Event(), [], []

    def write() -> None:
        with app.app_context():
            while not stop.is_set():
                try:
                    with transaction():
                        story = begin_story()
                        add_picture(story)
                        say(story, Author.CHILD, "Hello!")
                        story_id = story.id
                    told.append(story_id)
                    sleep(0.01)
                except Exception as error:  # noqa: BLE001  (the test looks at it)
                    failed.append(error)
                    return

    thread = Thread(target=write)

    def ask() -> int:
        assert failed == []
        return len(told)

    thread.start()
    yield ask
    stop.set()
    thread.join()
    assert failed == []


def test_a_backup_is_one_moment_although_others_write(
    backend: str,
    writer: Callable[[], int],
    new_machine: NewMachine,
    chosen: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    while writer() < 3:
        db.session.rollback()
    monkeypatch.setattr(archive, "SCRYPT_COST", 2**15)  # as slow as it is, so that somebody writes meanwhile
    before = writer()
    data, keys = back_up()
    after = writer()
    assert after > before, "nobody wrote meanwhile, so this proves nothing"
    with new_machine(backend, **chosen).app_context():
        done(run("restore", data, keys))
        found = stories_that_live()
        assert before <= len(found) <= after + 1
        for story in found:
            assert [message.body for message in messages(story)] == ["Hello!"]
            assert len(read_all(story)[3]) == 7
            for asset in db.session.scalars(select(Asset).where(Asset.story_id == story.id)):
                assert hashlib.sha256(b"".join(open_original(asset))).hexdigest() == asset.sha256
        assert (verify(), list(differences())) == (None, [])


def erase_stories(story_ids: list[str]) -> None:
    """The children erase these, now."""
    for story_id in story_ids:
        with transaction():
            ask_erasure(db.session.get_one(Story, story_id), Role.CHILD, now=True)


def rotate_and_forget() -> None:
    """Rotate the keys; two hours later the sweeper forgets the old ones."""
    done(run("keys", "rotate"))
    with clock.fixed(clock.now() + timedelta(hours=2)), transaction():
        assert forget_old_keys() == 1


def wrapped_in(keys: Path) -> list[tuple[str, bytes, str]]:
    """The wrapped data keys in a keys archive: owner, key, and what wrapped it."""
    rows = parse([members_of(keys, Kind.KEYS)["rows/data_key"]])
    return [(row["owner_id"], binary(row["wrapped"]), row["kek_id"]) for row in rows]


def opened_by_keyring(wrapped: list[tuple[str, bytes, str]]) -> list[str]:
    """Whose keys the keyring of the current app opens, trying each of its keys on each."""
    keys = Keys.parse(outside().keyring.content())
    found = []
    for owner_id, sealed, kek_id in wrapped:
        for tried in {kek_id, *keys.by_id}:
            try:
                keys.unwrap(sealed, tried, owner_id.encode())
            except (Damaged, Unavailable):
                continue
            found.append(owner_id)
    return found


def opened_by_living_keys(sealed: dict[str, bytes]) -> list[str]:
    """Which files any data key of the current app opens."""
    keys = [load_key(owner_id) for owner_id in db.session.scalars(select(DataKey.owner_id))]
    found = []
    for name, whole in sealed.items():
        for key in keys:
            try:
                b"".join(decrypt_stream(key, [whole], name.encode()))
            except Damaged:
                continue
            found.append(name)
    return found


def vault_of(story_ids: list[str]) -> dict[str, bytes]:
    """Every sealed file of these stories."""
    vault = outside().vault
    return {name: b"".join(vault.open(name)) for story_id in story_ids for name in vault.names(f"{story_id}/")}


@pytest.mark.parametrize("rotated", [False, True])
def test_an_older_backup_with_the_newest_keys_resurrects_nobody(
    rotated: bool, backend: str, new_machine: NewMachine, chosen: dict[str, Any]
) -> None:
    with transaction():
        told = [make_shown(pictures=1).id for _ in range(23)]
    erased, kept = told[:20], told[20:]
    sealed, all_sealed = vault_of(erased), vault_of(told)
    living = {story_id: read_all(db.session.get_one(Story, story_id)) for story_id in kept}
    old_data, keys = back_up()
    old_wrapped = wrapped_in(keys)
    erase_stories(erased)
    if rotated:
        rotate_and_forget()
        assert opened_by_keyring(old_wrapped) == []
    back_up()
    assert set(erased).isdisjoint(owner_id for owner_id, *_ in wrapped_in(keys))
    with new_machine(backend, **chosen).app_context():
        said = done(run("restore", old_data, keys))
        assert "erased again: 20 stories" in said
        assert {story.id for story in stories_that_live()} == set(kept)
        assert {story_id: read_all(db.session.get_one(Story, story_id)) for story_id in kept} == living
        assert set(db.session.scalars(select(Showing.story_id))) == set(kept)
        assert set(db.session.scalars(select(Erasure.story_id))) == set(erased)
        assert outside().revocations.read().erased.keys() == set(erased)
        assert set(db.session.scalars(select(DataKey.owner_id))).isdisjoint(erased)
        assert vault_of(erased) == {}
        assert opened_by_living_keys(sealed) == []
        assert len(opened_by_living_keys(all_sealed)) == len(all_sealed) - len(sealed)
        assert opened_by_keyring(old_wrapped) == []
        assert (verify(), list(differences())) == (None, [])
        assert db.session.scalar(select(func.count()).select_from(DataKey)) == 2 * len(kept)


def test_the_ledger_alone_is_enough(backend: str, new_machine: NewMachine, chosen: dict[str, Any]) -> None:
    with transaction():
        told = [make_shown().id for _ in range(3)]
    data, keys = back_up()
    erase_stories(told[:1])
    ledger = outside().settings.revocation_file
    with new_machine(backend, revocation_ledger=str(ledger), **chosen).app_context():
        assert "erased again: 1 stories" in done(run("restore", "--here", data, keys))
        assert {story.id for story in stories_that_live()} == set(told[1:])
        assert set(db.session.scalars(select(Showing.story_id))) == set(told[1:])
        assert outside().revocations.read().erased.keys() == set(told[:1])


def test_a_story_without_a_key_was_erased_even_if_no_ledger_says_so(
    backend: str, new_machine: NewMachine, chosen: dict[str, Any]
) -> None:
    with transaction():
        told = [make_shown().id for _ in range(2)]
    data, _ = back_up()
    erase_stories(told[:1])
    _, keys = back_up()
    forgetful = forge(keys, Kind.KEYS, lambda members: members.update(revocations=b""))
    with new_machine(backend, **chosen).app_context():
        assert "erased again: 1 stories" in done(run("restore", data, forgetful))
        assert [story.id for story in stories_that_live()] == told[1:]


def test_a_machine_that_kept_its_keyring_wraps_with_a_fresh_key(
    backend: str, new_machine: NewMachine, settings: Any, chosen: dict[str, Any]
) -> None:
    with transaction():
        story_id = make_shown().id
    data, keys = back_up()
    before = outside().keyring.newest
    machine = new_machine(backend, **chosen)
    with machine.app_context():
        outside().keyring.path.parent.mkdir()
        outside().keyring.path.write_bytes(settings.keyring.read_bytes())
        done(run("restore", "--here", data, keys))
        assert outside().keyring.newest != before
        assert set(db.session.scalars(select(DataKey.kek_id))) == {outside().keyring.newest}
        assert content(version_of(db.session.get_one(Story, story_id))).title


def test_a_file_that_is_lost_is_named_and_the_rest_is_saved(
    backend: str, new_machine: NewMachine, chosen: dict[str, Any]
) -> None:
    with transaction():
        asset = add_picture(begin_story())
    lost = asset.vault_name
    outside().vault.delete(lost)
    result = run("backup")
    assert f"missing from the vault: {lost}" in done(result)
    data, keys = (Path(line.partition(": ")[0]) for line in result.stdout.splitlines())
    with new_machine(backend, **chosen).app_context():
        assert "1 files were missing" in done(run("restore", data, keys))
        assert len(stories_that_live()) == 1


def test_an_archive_of_older_tables_is_brought_up_to_date(
    backend: str, new_machine: NewMachine, chosen: dict[str, Any]
) -> None:
    with transaction():
        story_id = make_shown().id
    data, keys = back_up()
    columns = columns_of("0012", new_machine("sqlite"))
    narrower = forge(data, Kind.DATA, lambda members: keep_columns(members, columns))
    older = said_otherwise(narrower, Kind.DATA, revision="0012")
    with new_machine(backend, **chosen).app_context():
        done(run("restore", older, keys))
        assert db.session.scalar(text("SELECT version_num FROM alembic_version")) == newest_revision()
        assert db.session.scalar(select(Story.id)) == story_id


def columns_of(revision: str, machine: Flask) -> dict[str, list[str]]:
    """The tables that an older revision has, with their columns, made on an empty machine."""
    with machine.app_context():
        make_room()
        with db.engine.begin() as connection:
            upgrade_within(connection, revision)
        return {table: json.loads(lines[0]) for table, lines in contents().items()}


def newest_revision() -> str:
    return str(ScriptDirectory.from_config(alembic_config()).get_current_head())


def test_a_newer_backup_replaces_the_keys_and_keeps_the_data(chosen: dict[str, Any]) -> None:
    first, keys = back_up()
    old = keys.read_bytes()
    killed = [chosen["backup_dir"] / ".incoming" / name for name in ("days-ago", "just-now")]
    for path in killed:
        path.touch()
    os.utime(killed[0], (0, 0))
    second, same = back_up()
    assert (first.exists(), second.exists(), same) == (True, True, keys)
    assert [path.name for path in chosen["backup_keys_dir"].iterdir() if path.is_file()] == [keys.name]
    assert keys.read_bytes() != old
    assert [path.exists() for path in killed] == [False, True]


def test_nothing_that_opens_the_data_and_no_public_words_are_in_the_data_archive() -> None:
    tell_everything()
    data, keys = back_up()
    inside = members_of(data, Kind.DATA)
    left_out = {"data_key", "search_entry", "showing", "showing_media", "staff_session"}
    assert contents().keys() - {name.removeprefix("rows/") for name in inside} == left_out
    plain = b"".join(inside.values())
    assert b"The kite" not in plain
    assert b"The kite" in b"".join(contents()["showing"])
    for _, wrapped, _ in wrapped_in(keys):
        assert wrapped not in plain
