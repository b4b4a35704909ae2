"""A ZIP that is sent while it is made."""

import zipfile
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO

from app.adapters.sealing import Damaged
from app.web.zipping import Member, zipped

MOMENT = datetime(2026, 11, 24, 12)  # noqa: DTZ001  (a ZIP knows no time zones)
MEGABYTE = 1_000_000


def missing(names: list[str]) -> Member:
    return Member("missing.txt", lambda: ["\n".join(names).encode()])


def whole(*members: Member) -> zipfile.ZipFile:
    return zipfile.ZipFile(BytesIO(b"".join(zipped(members, MOMENT, missing))))


def test_what_goes_in_comes_out() -> None:
    made = whole(
        Member("a.txt", lambda: [b"words ", b"and more"], shrink=True), Member("b/c.jpg", lambda: [b"\xff\xd8"])
    )
    assert made.testzip() is None
    assert {name: made.read(name) for name in made.namelist()} == {"a.txt": b"words and more", "b/c.jpg": b"\xff\xd8"}
    assert [info.compress_type for info in made.infolist()] == [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED]


def test_an_empty_one_is_a_zip_too() -> None:
    assert whole().namelist() == []


def test_no_more_than_a_piece_is_held() -> None:
    asked: list[int] = []

    def pieces() -> Iterator[bytes]:
        for number in range(50):
            asked.append(number)
            yield bytes(MEGABYTE)

    sent = 0
    for piece in zipped([Member("large", pieces)], MOMENT, missing):
        assert len(piece) <= MEGABYTE + 1_000
        sent += len(piece)
        assert len(asked) * MEGABYTE - sent < MEGABYTE
    assert 50 * MEGABYTE <= sent < 50 * MEGABYTE + 1_000


def test_a_file_that_cannot_be_read_does_not_hold_up_the_others() -> None:
    def torn() -> Iterator[bytes]:
        yield b"a beginning"
        raise Damaged

    def gone() -> Iterator[bytes]:
        raise Damaged

    made = whole(Member("torn", torn), Member("gone", gone), Member("good", lambda: [b"good"]))
    assert made.testzip() is None
    assert made.read("good") == b"good"
    assert made.read("missing.txt") == b"torn\ngone"
