"""Backup archives: what was put in comes out; whatever was done to one, it opens whole or not at all."""

import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from app.adapters import archive
from app.adapters.archive import PROOF, SALT, Kind, Unusable, head_of, kind_of, open_archive, read_secret, seal_archive
from app.adapters.sealing import SEALED_CHUNK, encrypt_stream, seal_bytes
from app.adapters.storage import CHUNK

SECRET = b"nine camels on one bicycle"
BIG = os.urandom(2 * CHUNK + 7)
MEMBERS: list[tuple[str, list[bytes]]] = [("rows/story", [b"a", b"", b"bc"]), ("empty", []), ("vault/s/a/b", [BIG])]
HEAD = len(head_of(Kind.DATA))
STREAM = HEAD + SALT + PROOF


def write(path: Path, members: Iterable[tuple[str, Iterable[bytes]]] = MEMBERS, kind: Kind = Kind.DATA) -> bytes:
    path.write_bytes(b"".join(seal_archive(kind, SECRET, members)))
    return path.read_bytes()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """One archive, made once: stretching a secret is slow on purpose."""
    return write(tmp_path_factory.mktemp("archive") / "a.eyes")


def read(path: Path, kind: Kind = Kind.DATA, secret: bytes = SECRET) -> dict[str, bytes]:
    return {name: b"".join(chunks) for name, chunks in open_archive(path, kind, secret)}


def test_what_was_put_in_comes_out_in_order(tmp_path: Path) -> None:
    content = write(tmp_path / "a.eyes")
    assert list(read(tmp_path / "a.eyes").items()) == [("rows/story", b"abc"), ("empty", b""), ("vault/s/a/b", BIG)]
    assert [name for name, _ in open_archive(tmp_path / "a.eyes", Kind.DATA, SECRET)] == [name for name, _ in MEMBERS]
    assert b"rows/story" not in content
    assert kind_of(tmp_path / "a.eyes") is Kind.DATA
    assert content.startswith(b"eyes-on-me backup 1 data\n")
    assert write(tmp_path / "b.eyes")[HEAD:] != content[HEAD:]


@pytest.mark.parametrize("secret", [SECRET + b"!", b"", SECRET.upper()])
def test_another_key_opens_nothing(tmp_path: Path, secret: bytes) -> None:
    write(tmp_path / "a.eyes")
    with pytest.raises(Unusable, match="another backup key"):
        read(tmp_path / "a.eyes", secret=secret)


def test_the_two_kinds_are_never_taken_for_one_another(tmp_path: Path) -> None:
    data = write(tmp_path / "data.eyes")
    write(tmp_path / "keys.eyes", kind=Kind.KEYS)
    with pytest.raises(Unusable, match="is not a data archive"):
        read(tmp_path / "keys.eyes")
    (tmp_path / "keys.eyes").write_bytes(head_of(Kind.KEYS) + data[HEAD:])
    with pytest.raises(Unusable, match="damaged"):
        read(tmp_path / "keys.eyes", Kind.KEYS)


def test_every_cut_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "a.eyes"
    content = write(path)
    regular = range(0, len(content), len(content) // 60)
    seams = [HEAD - 1, HEAD, HEAD + SALT, STREAM, STREAM + 37, STREAM + 37 + SEALED_CHUNK, len(content) - 1]
    for cut in {*regular, *seams}:
        path.write_bytes(content[:cut])
        with pytest.raises(Unusable):
            read(path)
    path.write_bytes(content + b"x")
    with pytest.raises(Unusable):
        read(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_every_flipped_bit_is_noticed(tmp_path: Path, written: bytes, place: float, bit: int) -> None:
    path = tmp_path / "a.eyes"
    content = bytearray(written)
    content[int(place * len(content))] ^= 1 << bit
    path.write_bytes(content)
    with pytest.raises(Unusable):
        read(path)


@pytest.mark.parametrize("at", [0, 18, HEAD - 2, HEAD, HEAD + SALT - 1, HEAD + SALT, STREAM - 1, STREAM, STREAM + 6])
def test_every_part_of_the_beginning_counts(tmp_path: Path, at: int) -> None:
    path = tmp_path / "a.eyes"
    content = bytearray(write(path))
    content[at] ^= 1
    path.write_bytes(content)
    with pytest.raises(Unusable):
        read(path)


def test_parts_that_changed_places_are_noticed(tmp_path: Path) -> None:
    path = tmp_path / "a.eyes"
    content = write(path)
    start = STREAM + 37
    first, second = content[start:][:SEALED_CHUNK], content[start + SEALED_CHUNK :][:SEALED_CHUNK]
    path.write_bytes(content[:start] + second + first + content[start + 2 * SEALED_CHUNK :])
    with pytest.raises(Unusable):
        read(path)


@pytest.mark.parametrize(
    "plain",
    [
        b"",
        b"\x00",
        b"\x00\x01a",
        b"\x00\x01a\x00\x00\x00\x01",
        b"\x00\x01a\xff\xff\xff\xff" + bytes(10),
        b"\x00\x00extra",
        b"\xff\xff" + bytes(9),
    ],
)
def test_a_stream_that_was_sealed_wrong_is_refused(tmp_path: Path, plain: bytes) -> None:
    head, key = head_of(Kind.DATA) + bytes(SALT), archive.stretch(SECRET, bytes(SALT))
    head += seal_bytes(key, b"", head)
    (tmp_path / "a.eyes").write_bytes(head + b"".join(encrypt_stream(key, [plain], head)))
    with pytest.raises(Unusable, match="damaged"):
        read(tmp_path / "a.eyes")


def test_the_secret_is_a_file_of_some_length(tmp_path: Path) -> None:
    path = tmp_path / "backup.key"
    with pytest.raises(Unusable, match="cannot be read"):
        read_secret(path)
    path.write_text(" fifteen letters"[:16] + "\n")
    with pytest.raises(Unusable, match="too short"):
        read_secret(path)
    path.write_bytes(SECRET + b"\n")
    assert read_secret(path) == SECRET
