"""What a file is, from its bytes alone."""

import pytest
from hypothesis import given, strategies as st

from app.media.rules import (
    HEAD,
    TAIL,
    Format,
    Kind,
    Refusal,
    Refused,
    back_off,
    cut_off,
    format_of,
    hidden_archive,
    sniff,
)
from tests.factories import hostile_media, media


@pytest.mark.parametrize("form", media.PICTURES)
def test_pictures_are_recognised(form: Format) -> None:
    assert sniff(media.PICTURES[form]()[:HEAD], Kind.IMAGE) is form


@pytest.mark.parametrize("recipe", media.RECIPES)
def test_recordings_are_recognised(recipe: str) -> None:
    assert sniff(media.recording(recipe)[:HEAD], Kind.SOUND) is media.RECIPES[recipe][0]


@pytest.mark.parametrize("name", [name for name, twin in hostile_media.TWINS.items() if twin.when == "taken"])
def test_a_twin_is_refused_before_it_is_decoded(name: str) -> None:
    twin = hostile_media.TWINS[name]
    data = twin.make()
    assert reason_for(data, twin.kind) is twin.reason


@pytest.mark.parametrize("name", [name for name, twin in hostile_media.TWINS.items() if twin.when == "decoded"])
def test_the_other_twins_look_like_what_they_claim(name: str) -> None:
    twin = hostile_media.TWINS[name]
    assert reason_for(twin.make(), twin.kind) is None


def reason_for(data: bytes, kind: Kind) -> Refusal | None:
    try:
        sniff(data[:HEAD], kind)
    except Refused as refused:
        return refused.reason
    if cut_off(data[:HEAD], len(data)):
        return Refusal.BROKEN
    return Refusal.HOSTILE if hidden_archive(data[-TAIL:]) else None


def test_without_an_expected_kind_the_bytes_decide() -> None:
    assert sniff(media.jpeg()[:HEAD]).kind is Kind.IMAGE
    with pytest.raises(Refused) as caught:
        sniff(b"hello")
    assert caught.value.reason is Refusal.UNSUPPORTED


@given(st.binary(max_size=200))
def test_any_bytes_get_an_answer(data: bytes) -> None:
    try:
        found: Format | Refusal = sniff(data)
    except Refused as refused:
        found = refused.reason
    assert (found is Refusal.EMPTY) == (data == b"")
    assert isinstance(found, Format | Refusal)


@given(st.sampled_from(["jpeg", "m4a"]), st.data())
def test_changed_bytes_never_raise_anything_else(name: str, data: st.DataObject) -> None:
    original = bytearray((media.jpeg() if name == "jpeg" else media.recording("m4a"))[:64])
    for _ in range(3):
        original[data.draw(st.integers(0, 63))] = data.draw(st.integers(0, 255))
    reason_for(bytes(original), Kind.IMAGE)


def test_a_photograph_with_a_film_behind_it_is_no_archive() -> None:
    assert not hidden_archive((media.jpeg() + hostile_media.film())[-TAIL:])


def test_a_stray_end_record_is_no_archive() -> None:
    assert not hidden_archive(b"PK\x05\x06" + bytes(40))
    assert not hidden_archive(bytes(10) + b"PK\x05\x06")


def test_streamed_recordings_may_not_know_their_length() -> None:
    data = bytearray(media.recording("wav"))
    assert not cut_off(bytes(data[:HEAD]), len(data))
    data[4:8] = b"\xff\xff\xff\xff"
    assert not cut_off(bytes(data[:HEAD]), len(data))


def test_every_format_has_its_own_media_type() -> None:
    assert [format_of(form.media_type) for form in Format] == list(Format)


def test_waiting_doubles_and_ends_at_an_hour() -> None:
    assert [back_off(attempts).total_seconds() for attempts in (1, 2, 3, 8, 50)] == [30, 60, 120, 3600, 3600]
