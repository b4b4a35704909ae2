"""The stores: the same behaviour in memory, in a folder and in a bucket, and honest failures."""

import errno
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from moto import mock_aws

from app import clock
from app.adapters import s3, storage
from app.adapters.s3 import PART, S3Store, connect_s3
from app.adapters.storage import INCOMING, LocalStore, MemoryStore, Missing, Store
from app.config import Settings
from app.errors import Unavailable


@pytest.fixture(params=["memory", "folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    if request.param == "memory":
        yield MemoryStore()
    elif request.param == "folder":
        yield LocalStore(tmp_path / "files")
    else:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        with mock_aws():
            client = boto3.client("s3", region_name="us-east-1")
            client.create_bucket(Bucket="eyes-vault")
            yield S3Store("eyes-vault", client)


def read(store: Store, name: str, *range_: int) -> bytes:
    return b"".join(store.open(name, *range_))


def test_what_is_put_can_be_read(store: Store) -> None:
    assert store.put("story/asset/original", [b"one ", b"", b"two"]) == 7
    assert read(store, "story/asset/original") == b"one two"
    assert store.size("story/asset/original") == 7


def test_nothing_is_something(store: Store) -> None:
    assert store.put("empty", []) == 0
    assert read(store, "empty") == b""
    assert store.size("empty") == 0


def test_a_second_put_replaces_the_first(store: Store) -> None:
    store.put("name", [b"first"])
    store.put("name", [b"second"])
    assert read(store, "name") == b"second"


@pytest.mark.parametrize(
    ("start", "length"), [(0, None), (3, None), (3, 4), (0, 0), (9, 5), (10, 3), (50, None), (50, 2)]
)
def test_any_range_can_be_read(store: Store, start: int, length: int | None) -> None:
    store.put("digits", [b"0123456789"])
    expected = b"0123456789"[start : None if length is None else start + length]
    assert b"".join(store.open("digits", start, length)) == expected


def test_what_is_not_there_is_missing(store: Store) -> None:
    for act in (lambda: store.open("no"), lambda: store.size("no"), lambda: store.copy("no", "target")):
        with pytest.raises(Missing):
            act()
    with pytest.raises(Missing):
        store.open("no", 0, 0)
    store.delete("no")


def test_delete_is_final_and_leaves_the_neighbours(store: Store) -> None:
    store.put("a/b/c", [b"1"])
    store.put("a/b/d", [b"2"])
    store.delete("a/b/c")
    store.delete("a/b/c")
    assert sorted(store.names()) == ["a/b/d"]


def test_a_copy_is_a_second_file(store: Store) -> None:
    store.put("a", [b"x" * 1000])
    store.copy("a", "folder/b")
    store.delete("a")
    assert read(store, "folder/b") == b"x" * 1000


def test_names_and_listing_follow_the_prefix(store: Store) -> None:
    before = clock.now() - timedelta(seconds=2)
    for name in ("ab/1", "ab/2", "abc/1", "b"):
        store.put(name, [b"xyz"])
    assert sorted(store.names("ab/")) == ["ab/1", "ab/2"]
    assert sorted(store.names("ab")) == ["ab/1", "ab/2", "abc/1"]
    assert sorted(store.names("nothing/")) == []
    assert sorted(store.names()) == ["ab/1", "ab/2", "abc/1", "b"]
    found = next(iter(store.listing("b")))
    assert (found.name, found.size) == ("b", 3)
    assert before < found.modified < clock.now() + timedelta(seconds=2)


@pytest.mark.parametrize(
    "name", ["", "/etc/passwd", "../up", "a/../b", "a//b", "a/", ".hidden", "a/.b", "a\\b", "ü", "a\0"]
)
def test_surprising_names_are_refused(store: Store, name: str) -> None:
    for act in (lambda: store.put(name, []), lambda: store.open(name), lambda: store.delete(name)):
        with pytest.raises(ValueError):
            act()


def test_a_source_that_fails_leaves_nothing(store: Store) -> None:
    def broken(size: int) -> Iterator[bytes]:
        yield b"x" * size
        raise ConnectionResetError

    for size in (10, PART + 1, 2 * PART + 1):
        with pytest.raises(ConnectionResetError):
            store.put("name", broken(size))
    assert list(store.names()) == []
    assert store.discard_unfinished(clock.now() + timedelta(days=1)) == 0


def test_large_files_go_in_parts_and_come_back_whole(store: Store) -> None:
    piece = os.urandom(1 << 20)
    assert store.put("large", (piece for _ in range(20))) == 20 << 20
    assert read(store, "large") == piece * 20
    assert b"".join(store.open("large", (9 << 20) - 3, 6)) == piece[-3:] + piece[:3]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(pieces=st.lists(st.binary(max_size=30)), start=st.integers(0, 200), length=st.none() | st.integers(0, 200))
def test_the_folder_reads_like_memory(tmp_path: Path, pieces: list[bytes], start: int, length: int | None) -> None:
    folder, memory = LocalStore(tmp_path / "files"), MemoryStore()
    assert folder.put("x", pieces) == memory.put("x", pieces)
    assert b"".join(folder.open("x", start, length)) == b"".join(memory.open("x", start, length))


def test_a_file_is_synced_before_its_name_and_its_name_before_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R5: fsync of the file, rename, fsync of the folder, in this order."""
    store = LocalStore(tmp_path / "files")
    store.put("story/first", [b"x"])
    steps: list[str] = []
    fsync, replace = os.fsync, os.replace

    def noted_fsync(descriptor: int) -> None:
        steps.append("folder" if Path(f"/proc/self/fd/{descriptor}").is_dir() else "file")
        fsync(descriptor)

    def noted_replace(*names: Any) -> None:
        steps.append("rename")
        replace(*names)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(os, "replace", noted_replace)
    store.put("story/second", [b"y"])
    assert steps == ["file", "rename", "folder"]
    steps.clear()
    store.put("new/folder/third", [b"z"])
    assert steps == ["file", "folder", "folder", "rename", "folder"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EROFS])
@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
def test_a_failing_disk_is_an_unavailable_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, step: str
) -> None:
    store = LocalStore(tmp_path / "files")
    store.put("kept", [b"before"])

    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr(os, step, fail)
        for name in ("kept", "new"):
            with pytest.raises(Unavailable):
                store.put(name, [b"after"])
    assert sorted(store.names()) == ["kept"]
    assert read(store, "kept") == b"before"
    assert list((tmp_path / "files" / INCOMING).iterdir()) == []


def test_what_a_killed_process_left_is_found(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "files")
    store.put("done", [b"x"])
    left = tmp_path / "files" / INCOMING / "left"
    left.write_bytes(b"half")
    assert list(store.names()) == ["done"]
    assert store.discard_unfinished(clock.now() - timedelta(hours=1)) == 0
    assert store.discard_unfinished(clock.now() + timedelta(hours=1)) == 1
    assert not left.exists()


def test_an_emptied_story_leaves_no_folder(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "files")
    store.put("story/asset/original", [b"x"])
    store.delete("story/asset/original")
    assert [path.name for path in (tmp_path / "files").iterdir()] == [INCOMING]


def test_a_folder_taken_away_beside_a_put_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = LocalStore(tmp_path / "files")
    make_folder: Callable[[Path, Path], None] = storage.make_folder
    emptied = []

    def made_and_emptied(folder: Path, root: Path) -> None:
        make_folder(folder, root)
        if folder.name == "story" and not emptied:
            emptied.append(folder.rmdir())

    monkeypatch.setattr(storage, "make_folder", made_and_emptied)
    store.put("story/name", [b"x"])
    assert read(store, "story/name") == b"x"
    assert len(emptied) == 1


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "files")
    store.put("story/name", [b"x"])
    with pytest.raises(Missing):
        store.size("story")


def test_a_folder_that_cannot_be_read_is_not_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("not a folder")
    with pytest.raises(Unavailable):
        list(LocalStore(tmp_path / "files").names())
    assert list(LocalStore(tmp_path / "not yet there").names()) == []


@pytest.fixture
def dead_bucket(tmp_path: Path) -> S3Store:
    """A bucket behind a port where nobody listens."""
    chosen = Settings(
        s3_endpoint="http://127.0.0.1:9", s3_access_key="a", s3_secret_key="b", data_dir=tmp_path / "data"
    )
    client = connect_s3(chosen)
    client.meta.config.retries = {"max_attempts": 0}
    return S3Store("eyes-vault", client)


def test_a_dead_bucket_is_unavailable(dead_bucket: S3Store) -> None:
    acts: list[Callable[[], object]] = [
        lambda: dead_bucket.put("a", [b"x"]),
        lambda: dead_bucket.open("a"),
        lambda: dead_bucket.size("a"),
        lambda: dead_bucket.delete("a"),
        lambda: dead_bucket.copy("a", "b"),
        lambda: list(dead_bucket.names()),
    ]
    for act in acts:
        with pytest.raises(Unavailable):
            act()


def test_the_client_speaks_path_style_to_the_endpoint_of_the_settings(tmp_path: Path) -> None:
    client = connect_s3(
        Settings(s3_endpoint="http://127.0.0.1:9", s3_access_key="a", s3_secret_key="b", data_dir=tmp_path / "data")
    )
    url = client.generate_presigned_url("get_object", Params={"Bucket": "eyes-vault", "Key": "a/b"})
    assert url.startswith("http://127.0.0.1:9/eyes-vault/a/b?")


def test_an_upload_in_parts_that_fails_is_aborted_or_found_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="eyes-vault")
        store = S3Store("eyes-vault", client)
        client.create_multipart_upload(Bucket="eyes-vault", Key="left")
        assert store.discard_unfinished(datetime(2000, 1, 1, tzinfo=UTC)) == 0
        assert store.discard_unfinished(clock.now() + timedelta(hours=1)) == 1
        assert client.list_multipart_uploads(Bucket="eyes-vault").get("Uploads", []) == []


def test_parts_have_the_size_that_s3_asks_for() -> None:
    assert [len(part) for part in s3.in_parts([b"x" * (PART - 1), b"y" * (PART + 2)])] == [PART, PART, 1]
    assert list(s3.in_parts([])) == []
