"""Transcripts: reading and writing WebVTT, and what a transcript may be."""

import pytest
from hypothesis import given, strategies as st

from app.errors import Invalid
from app.stories.cues import CUES_MAX, Cue, clock, faults_of, in_order, read_clock, read_vtt, write_vtt

WHOLE = """\ufeffWEBVTT Kind: captions\r
\r
STYLE\r
::cue { color: red }\r
\r
NOTE a --> b is no cue\r
\r
one\r
00:01.000 --> 00:02.500 align:start\r
<v Fox>My mother</v> &amp; <00:00:02.000>I\r
call\r
\r
01:00:00.000 --> 01:00:01.000\r
<b></b>\r
\r
00:00:03.000 --> 00:00:04.000\r
再见"""


def test_a_file_is_read_without_its_mark_up() -> None:
    assert read_vtt(WHOLE) == [Cue(1000, 2500, "My mother & I call"), Cue(3000, 4000, "再见")]


def test_subrip_is_read_too() -> None:
    assert read_vtt("1\n00:00:01,500 --> 00:00:02,000\nHello") == [Cue(1500, 2000, "Hello")]


@pytest.mark.parametrize(
    "text",
    ["", "WEBVTT", "Hello", "WEBVTT\n\nsoon --> later\nHello", "WEBVTT\n\n00:01.000 --> 00:02.000\n", "a" * 200_001],
)
def test_what_is_no_transcript_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="vtt"):
        read_vtt(text)


words = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs")), min_size=1, max_size=40)
cues = st.lists(
    st.builds(
        lambda start, length, text: Cue(start, start + length, text),
        st.integers(0, 5_000_000),
        st.integers(1, 9_000),
        words,
    ),
    min_size=1,
    max_size=8,
)


@given(cues)
def test_what_is_written_is_read_again(written: list[Cue]) -> None:
    assert read_vtt(write_vtt(written, "en")) == written


@pytest.mark.parametrize(
    ("typed", "ms"),
    [("1:02.5", 62_500), ("00:01:02.500", 62_500), ("62,5", 62_500), ("0", 0), (" 2:00 ", 120_000)]
    + [(wrong, None) for wrong in ("", "-1", "1:75", "soon", "1:2:3:4", "１:00", "1e3")],
)
def test_a_time_is_typed_in_minutes_and_seconds(typed: str, ms: int | None) -> None:
    assert read_clock(typed) == ms
    if ms is not None:
        assert read_clock(clock(ms)) == ms


@pytest.mark.parametrize(
    ("cue", "code"),
    [
        (Cue(0, 1_000, "Hello"), None),
        (Cue(0, 60_900, "Hello"), None),
        (Cue(0, 1_000, ""), "cue_words"),
        (Cue(0, 1_000, "a" * 501), "cue_words"),
        (Cue(1_000, 1_000, "Hello"), "cue_backwards"),
        (Cue(59_000, 61_001, "Hello"), "cue_too_late"),
    ],
)
def test_a_cue_has_words_and_lies_in_its_recording(cue: Cue, code: str | None) -> None:
    assert faults_of([cue], 60_000) == ({"cue-0": code} if code else {})


def test_a_transcript_is_neither_empty_nor_endless() -> None:
    one = Cue(0, 1, "a")
    assert faults_of([], None) == {"cues": "no_cues"}
    assert faults_of([one] * CUES_MAX, None) == {}
    assert faults_of([one] * (CUES_MAX + 1), None) == {"cues": "too_many_cues"}
    assert faults_of([Cue(0, 1, "a" * 500)] * 41, None) == {"cues": "too_many_cues"}
    assert in_order([Cue(2, 3, "b"), one]) == [one, Cue(2, 3, "b")]
