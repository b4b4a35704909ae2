"""The keyring: made once, private, rotated without losing a key."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from app import clock
from app.adapters.keyring import Keyring
from app.adapters.sealing import Damaged
from app.errors import Unavailable

DATA_KEY = bytes(range(32))


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return Keyring.create(tmp_path / "keys" / "keyring.json")


def test_the_file_is_its_owners_alone_and_nothing_lies_beside_it(keyring: Keyring) -> None:
    assert keyring.path.stat().st_mode & 0o777 == 0o600
    assert keyring.path.parent.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in keyring.path.parent.iterdir()] == ["keyring.json"]
    keyring.rotate()
    assert keyring.path.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in keyring.path.parent.iterdir()] == ["keyring.json"]


def test_a_keyring_is_never_replaced(keyring: Keyring) -> None:
    before = keyring.path.read_bytes()
    with pytest.raises(FileExistsError):
        Keyring.create(keyring.path)
    assert keyring.path.read_bytes() == before
    assert len(list(keyring.path.parent.iterdir())) == 1


def test_a_wrapped_key_comes_back_for_its_owner(keyring: Keyring) -> None:
    wrapped, kek_id = keyring.wrap(DATA_KEY, b"story-1")
    assert kek_id == keyring.newest
    assert DATA_KEY not in wrapped
    assert Keyring(keyring.path).unwrap(wrapped, kek_id, b"story-1") == DATA_KEY
    with pytest.raises(Damaged):
        keyring.unwrap(wrapped, kek_id, b"story-2")
    with pytest.raises(Unavailable):
        keyring.unwrap(wrapped, "another", b"story-1")


def test_after_a_rotation_the_new_key_wraps_and_the_old_still_opens(keyring: Keyring) -> None:
    wrapped, old = keyring.wrap(DATA_KEY, b"story")
    elsewhere = Keyring(keyring.path)
    assert elsewhere.newest == old
    new = keyring.rotate()
    assert new != old
    assert elsewhere.wrap(DATA_KEY, b"story")[1] == new  # another process notices
    assert elsewhere.unwrap(wrapped, old, b"story") == DATA_KEY


def test_secrets_have_a_purpose_and_outlive_rotations(keyring: Keyring) -> None:
    first = keyring.secret("web-sessions")
    assert len(first) == 32
    assert keyring.secret("story-card") != first
    keyring.rotate()
    assert Keyring(keyring.path).secret("web-sessions") == first


def test_two_keyrings_share_nothing(keyring: Keyring, tmp_path: Path) -> None:
    other = Keyring.create(tmp_path / "other.json")
    assert other.secret("a") != keyring.secret("a")
    wrapped, kek_id = keyring.wrap(DATA_KEY, b"story")
    with pytest.raises(Unavailable):
        other.unwrap(wrapped, kek_id, b"story")


def test_superseded_keys_can_be_dropped_and_the_newest_never(keyring: Keyring) -> None:
    first = keyring.newest
    wrapped, _ = keyring.wrap(DATA_KEY, b"story")
    newest = keyring.rotate()
    later = clock.now() + timedelta(hours=1)
    assert keyring.superseded(clock.now() - timedelta(hours=1)) == []
    assert keyring.superseded(later) == [first]
    keyring.drop({first, newest})
    assert keyring.newest == newest
    with pytest.raises(Unavailable):
        keyring.unwrap(wrapped, first, b"story")


@pytest.mark.parametrize("content", ["", "{}", '{"keys": []}', "[]", '{"keys": [{"id": "a"}]}'])
def test_a_keyring_that_cannot_be_read_is_unavailable(keyring: Keyring, content: str) -> None:
    keyring.path.write_text(content)
    with pytest.raises(Unavailable):
        Keyring(keyring.path).secret("a")


def test_a_missing_keyring_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        Keyring(tmp_path / "none.json").newest  # noqa: B018  (the property reads the file)


def test_a_disk_that_fails_leaves_the_old_keyring(keyring: Keyring, monkeypatch: pytest.MonkeyPatch) -> None:
    before = keyring.path.read_bytes()

    def fail(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        with pytest.raises(OSError):
            keyring.rotate()
    assert keyring.path.read_bytes() == before
    assert [path.name for path in keyring.path.parent.iterdir()] == ["keyring.json"]


def test_rotations_at_the_same_time_lose_no_key(keyring: Keyring) -> None:
    def rotate_often(_: int) -> None:
        for _ in range(10):
            Keyring(keyring.path).rotate()

    with ThreadPoolExecutor(max_workers=3) as pool:
        list(pool.map(rotate_often, range(3)))
    assert len(json.loads(keyring.path.read_text())["keys"]) == 31
