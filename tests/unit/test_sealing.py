"""Sealing: what was sealed comes back, any change is noticed, any range can be read."""

import os

import pytest
from hypothesis import given, strategies as st

from app.adapters import archive
from app.adapters.sealing import (
    CHUNK,
    HEADER,
    SEALED_CHUNK,
    TAG,
    Damaged,
    decrypt_range,
    decrypt_stream,
    encrypt_stream,
    open_bytes,
    plain_size,
    seal_bytes,
    sealed_size,
)
from app.people import hashes

KEY = bytes(range(32))
SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 77]


def sealed(plain: bytes, aad: bytes = b"story/asset/original", key: bytes = KEY) -> bytes:
    return b"".join(encrypt_stream(key, [plain], aad))


def opened(data: bytes, aad: bytes = b"story/asset/original", key: bytes = KEY) -> bytes:
    return b"".join(decrypt_stream(key, [data], aad))


def part(data: bytes, start: int, length: int | None, aad: bytes = b"story/asset/original") -> bytes:
    reads = []

    def open_at(at: int, count: int | None) -> list[bytes]:
        reads.append(count)
        return [data[at : None if count is None else at + count]]

    result = b"".join(decrypt_range(KEY, open_at, len(data), aad, start, length))
    if length is not None:
        assert sum(count or 0 for count in reads) <= HEADER + (length // CHUNK + 2) * SEALED_CHUNK
    return result


def test_a_value_comes_back_only_for_its_record_and_key() -> None:
    value = seal_bytes(KEY, b"Maria", b"child:name")
    assert open_bytes(KEY, value, b"child:name") == b"Maria"
    assert b"Maria" not in value
    assert seal_bytes(KEY, b"Maria", b"child:name") != value
    for key, data, aad in [
        (KEY, value, b"child:region"),
        (bytes(32), value, b"child:name"),
        (KEY, value[:-1], b"child:name"),
        (KEY, b"\x02" + value[1:], b"child:name"),
        (KEY, value[:20], b"child:name"),
        (KEY, b"", b"child:name"),
    ]:
        with pytest.raises(Damaged):
            open_bytes(key, data, aad)


@pytest.mark.parametrize("size", SIZES)
def test_a_file_comes_back_whole_however_it_arrives(size: int) -> None:
    plain = os.urandom(size)
    data = b"".join(encrypt_stream(KEY, (plain[at : at + 10_007] for at in range(0, size, 10_007)), b"aad"))
    assert len(data) == sealed_size(size)
    assert plain_size(len(data)) == size
    for step in (13, 65_537, len(data)):
        pieces = (data[at : at + step] for at in range(0, len(data), step))
        assert b"".join(decrypt_stream(KEY, pieces, b"aad")) == plain


@pytest.mark.parametrize("size", SIZES)
@given(start=st.integers(0, 4 * CHUNK), length=st.none() | st.integers(0, 4 * CHUNK))
def test_any_range_reads_only_what_it_needs(size: int, start: int, length: int | None) -> None:
    plain = bytes(range(251)) * (size // 251) + bytes(size % 251)
    assert part(sealed(plain), start, length) == plain[start : None if length is None else start + length]


@given(st.data())
def test_a_changed_byte_is_noticed(data: st.DataObject) -> None:
    original = sealed(b"x" * (CHUNK + 100))
    at = data.draw(st.integers(0, len(original) - 1))
    changed = bytearray(original)
    changed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Damaged):
        opened(bytes(changed))


@pytest.mark.parametrize("size", SIZES)
def test_every_cut_is_noticed(size: int) -> None:
    data = sealed(os.urandom(size))
    cuts = {0, 1, HEADER - 1, HEADER, HEADER + 1, HEADER + TAG, HEADER + SEALED_CHUNK, len(data) - TAG, len(data) - 1}
    for cut in sorted(each for each in cuts if 0 <= each < len(data)):
        with pytest.raises(Damaged):
            opened(data[:cut])
    with pytest.raises(Damaged):
        opened(data + b"x")


def test_chunks_cannot_be_moved_repeated_or_left_out() -> None:
    data = sealed(os.urandom(3 * CHUNK))
    head, chunks = data[:HEADER], [data[HEADER + at * SEALED_CHUNK :][:SEALED_CHUNK] for at in range(3)]
    for order in ([1, 0, 2], [0, 0, 2], [0, 2], [1, 2], [0, 1], [0, 1, 2, 2], [2]):
        with pytest.raises(Damaged):
            opened(head + b"".join(chunks[at] for at in order))


def test_a_file_of_another_place_does_not_open() -> None:
    mine, other = sealed(b"mine" * 10), sealed(b"other" * 8, aad=b"story/other/original")
    with pytest.raises(Damaged):
        opened(other)
    with pytest.raises(Damaged):
        opened(mine[:HEADER] + other[HEADER:])
    with pytest.raises(Damaged):
        part(other, 0, 5)


def test_two_files_of_the_same_bytes_differ_and_show_nothing() -> None:
    first, second = sealed(bytes(1000)), sealed(bytes(1000))
    assert first[HEADER:] != second[HEADER:]
    assert bytes(20) not in first


def test_a_range_of_a_damaged_file_is_noticed() -> None:
    data = sealed(os.urandom(3 * CHUNK))
    with pytest.raises(Damaged):
        part(data[: HEADER + 2 * SEALED_CHUNK], CHUNK, 10)  # cut at a chunk: the last is not marked as last
    with pytest.raises(Damaged):
        part(data[:HEADER], 0, None)
    with pytest.raises(Damaged):
        b"".join(decrypt_range(KEY, lambda at, _count: [data[at : at + 40]], len(data), b"story/asset/original"))


@pytest.mark.parametrize("size", [0, HEADER, HEADER + TAG - 1, HEADER + SEALED_CHUNK + 1])
def test_impossible_sizes_are_damage(size: int) -> None:
    with pytest.raises(Damaged):
        plain_size(size)


def test_whoever_guesses_a_card_or_the_secret_of_a_backup_pays_for_each_guess() -> None:
    assert (hashes.SCRYPT_COST, archive.SCRYPT_COST) == (2**14, 2**15)
