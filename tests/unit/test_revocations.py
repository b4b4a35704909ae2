"""The ledger of revocations: a line is there for good once it was appended, and nobody changes one unnoticed."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.adapters.revocations import (
    SLACK,
    Broken,
    Fate,
    FileLedger,
    MemoryLedger,
    Revocation,
    RevocationLedger,
    Revocations,
    chained,
    parse,
)
from app.errors import Unavailable

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
STORIES = [Revocation(Fate.ERASED, f"story-{number}", NOON + timedelta(minutes=number)) for number in range(4)]
MOMENTS = {each.story_id: each.at for each in STORIES}


def withdrawn(story_id: str, minutes: int = 0) -> Revocation:
    """Something of a story was taken back so many minutes past noon."""
    return Revocation(Fate.WITHDRAWN, story_id, NOON + timedelta(minutes=minutes))


@pytest.fixture
def ledger(tmp_path: Path) -> FileLedger:
    return FileLedger(tmp_path / "keys" / "revocations.log")


@pytest.fixture(params=["file", "memory"])
def either(request: pytest.FixtureRequest, ledger: FileLedger) -> RevocationLedger:
    return ledger if request.param == "file" else MemoryLedger()


def test_what_was_appended_is_read_and_the_first_moment_of_an_erasure_counts(either: RevocationLedger) -> None:
    assert list(either.read()) == []
    either.append([])
    either.append(STORIES[:3])
    either.append([Revocation(Fate.ERASED, "story-0", NOON + timedelta(days=1)), STORIES[3]])
    assert (either.read().erased, either.read().withdrawn) == (MOMENTS, {})


def test_the_last_line_counts_and_the_latest_moment_and_none_after_an_erasure(
    either: RevocationLedger,
) -> None:
    either.append([withdrawn("a", 2), withdrawn("b", 1), withdrawn("a", 1), withdrawn("story-0"), STORIES[0]])
    said = either.read()
    assert list(said) == [STORIES[0], withdrawn("a", 2), withdrawn("a", 1), withdrawn("b", 1)]
    told = [withdrawn("a", 2), withdrawn("a", 1), withdrawn("story-0", 9), STORIES[0]]
    news = [withdrawn("a", 3), withdrawn("c"), STORIES[1], Revocation(Fate.ERASED, "a", NOON)]
    assert [said.knows(each) for each in (*told, *news)] == [True] * 4 + [False] * 4


def test_a_compacted_ledger_says_the_same_in_fewer_lines(either: RevocationLedger) -> None:
    often = [withdrawn("a", minutes) for minutes in range(SLACK + 4)]
    either.append([*often, *STORIES[:1], withdrawn("story-0"), withdrawn("b")])
    before = either.read()
    assert (before.lines, before.is_bloated) == (SLACK + 7, True)
    either.compact()
    after = either.read()
    assert list(after) == list(before) == [STORIES[0], often[-1], withdrawn("b")]
    assert (after.lines, after.is_bloated) == (3, False)
    either.append(STORIES[1:2])
    assert list(either.read()) == [*STORIES[:2], often[-1], withdrawn("b")]


def test_what_is_worth_no_compaction() -> None:
    assert not Revocations.of([withdrawn("a", minutes) for minutes in range(SLACK + 2)]).is_bloated
    assert not Revocations.of([withdrawn(str(number)) for number in range(2 * SLACK)]).is_bloated


def test_a_compaction_leaves_one_file_of_its_owner_with_a_chain_of_its_own(ledger: FileLedger) -> None:
    ledger.append([withdrawn("a"), withdrawn("a", 1)])
    ledger.compact()
    assert ledger.path.read_bytes() == chained([withdrawn("a", 1)])
    assert ledger.path.stat().st_mode & 0o777 == 0o600
    assert list(ledger.path.parent.iterdir()) == [ledger.path]


def test_a_changed_ledger_is_not_made_whole_by_a_compaction(ledger: FileLedger) -> None:
    ledger.append([withdrawn("a"), withdrawn("b"), withdrawn("a", 1)])
    lines = ledger.path.read_bytes().splitlines(keepends=True)
    changed = lines[0] + lines[2]
    ledger.path.write_bytes(changed)
    with pytest.raises(Broken):
        ledger.compact()
    assert ledger.path.read_bytes() == changed


def test_a_disk_that_fails_while_compacting_leaves_the_ledger(
    ledger: FileLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.append([withdrawn("a"), withdrawn("a", 1)])
    before = ledger.path.read_bytes()

    def fail(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(Unavailable):
        ledger.compact()
    assert [path.read_bytes() for path in ledger.path.parent.iterdir()] == [before]


def test_the_file_is_its_owners_alone_and_says_nothing_but_ids_and_moments(ledger: FileLedger) -> None:
    ledger.append(STORIES[:1])
    assert ledger.path.stat().st_mode & 0o777 == 0o600
    assert ledger.path.parent.stat().st_mode & 0o777 == 0o700
    moment, fate, story_id, digest = ledger.path.read_text().split()
    assert (moment, fate, story_id, len(digest)) == (NOON.isoformat(), "erased", "story-0", 64)


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
        assert list(ledger.read().erased) == ["story-0", "story-1"]
        ledger.append(STORIES[3:])
        assert list(ledger.read().erased) == ["story-0", "story-1", "story-3"]
    ledger.path.write_bytes(whole[:30])
    ledger.append(STORIES[3:])
    assert list(ledger.read().erased) == ["story-3"]


def test_a_line_that_was_changed_moved_or_taken_away_is_named() -> None:
    lines = chained(STORIES).split(b"\n")[:-1]
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


def test_processes_that_append_and_compact_at_once_wait_for_one_another(ledger: FileLedger) -> None:
    def append_many(writer: int) -> None:
        for number in range(20):
            FileLedger(ledger.path).append([withdrawn(f"{writer}-{number}"), withdrawn("each")])

    with ThreadPoolExecutor(max_workers=5) as pool:
        writing = pool.map(append_many, range(4))
        for _ in range(10):
            pool.submit(ledger.compact).result()
        list(writing)
    assert ledger.read().withdrawn.keys() == {"each", *(f"{who}-{number}" for who in range(4) for number in range(20))}
