"""The erasure ledger: a line is there for good once it was appended, and nobody changes one unnoticed."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.adapters.erasures import Broken, Erased, ErasureLedger, FileLedger, MemoryLedger, content_of, parse
from app.errors import Unavailable

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
STORIES = [Erased(f"story-{number}", NOON + timedelta(minutes=number)) for number in range(4)]
MOMENTS = {each.story_id: each.at for each in STORIES}


@pytest.fixture
def ledger(tmp_path: Path) -> FileLedger:
    return FileLedger(tmp_path / "keys" / "erasures.log")


@pytest.fixture(params=["file", "memory"])
def either(request: pytest.FixtureRequest, ledger: FileLedger) -> ErasureLedger:
    return ledger if request.param == "file" else MemoryLedger()


def test_what_was_appended_is_read_and_the_first_moment_counts(either: ErasureLedger) -> None:
    assert either.read() == {}
    either.append([])
    either.append(STORIES[:3])
    either.append([Erased("story-0", NOON + timedelta(days=1)), STORIES[3]])
    assert either.read() == MOMENTS


def test_the_file_is_its_owners_alone_and_says_nothing_but_ids_and_moments(ledger: FileLedger) -> None:
    ledger.append(STORIES[:1])
    assert ledger.path.stat().st_mode & 0o777 == 0o600
    assert ledger.path.parent.stat().st_mode & 0o777 == 0o700
    moment, story_id, digest = ledger.path.read_text().split()
    assert (moment, story_id, len(digest)) == (NOON.isoformat(), "story-0", 64)


def test_a_line_is_on_the_disk_before_anybody_is_told(ledger: FileLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger.append(STORIES[:1])
    synced = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(os.fstat(descriptor).st_size))
    ledger.append(STORIES[1:2])
    assert synced == [ledger.path.stat().st_size]


def test_a_disk_that_fails_is_unavailable(ledger: FileLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        with pytest.raises(Unavailable):
            ledger.append(STORIES[:1])
    ledger.path.unlink(missing_ok=True)
    ledger.path.mkdir()
    with pytest.raises(Unavailable):
        ledger.append(STORIES[:1])
    with pytest.raises(Unavailable):
        ledger.read()


def test_a_torn_last_line_was_never_promised(ledger: FileLedger) -> None:
    ledger.append(STORIES[:3])
    whole = ledger.path.read_bytes()
    third = whole.rindex(b"\n", 0, -1) + 1
    for cut in (third + 1, third + 40, len(whole) - 1):
        ledger.path.write_bytes(whole[:cut])
        assert list(ledger.read()) == ["story-0", "story-1"]
        ledger.append(STORIES[3:])
        assert list(ledger.read()) == ["story-0", "story-1", "story-3"]
    ledger.path.write_bytes(whole[:30])
    ledger.append(STORIES[3:])
    assert list(ledger.read()) == ["story-3"]


def test_a_line_that_was_changed_moved_or_taken_away_is_named() -> None:
    lines = content_of(MOMENTS).split(b"\n")[:-1]
    for kept, broken in [
        ([0, 2, 3], 2),
        ([1, 2, 3], 1),
        ([0, 2, 1, 3], 2),
        ([0, 0, 1, 2, 3], 2),
    ]:
        with pytest.raises(Broken) as error:
            parse(b"".join(lines[at] + b"\n" for at in kept))
        assert error.value.line == broken
    for at in range(len(lines[1])):
        changed = bytearray(lines[1])
        changed[at] ^= 1
        with pytest.raises(Broken):
            parse(b"\n".join([lines[0], bytes(changed), lines[2], b""]))


def test_processes_that_append_at_once_wait_for_one_another(ledger: FileLedger) -> None:
    def append_many(writer: int) -> None:
        for number in range(20):
            FileLedger(ledger.path).append([Erased(f"{writer}-{number}", NOON)])

    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(append_many, range(4)))
    assert len(ledger.read()) == 80
