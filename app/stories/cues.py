"""What is said in a recording and when: cues, as WebVTT has them (https://www.w3.org/TR/webvtt1/). Pure.

A cue's moments are milliseconds from the beginning of the recording.
"""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import NamedTuple

from app.errors import Invalid
from app.stories.rules import TEXT_MAX

CUES_MAX = 400
CUE_MAX = 500
"""Letters that stand on the screen at once."""
GRACE_MS = 1_000
"""How much later than the recording a cue may end: players round."""
VTT_MAX = 200_000
HEAD = "WEBVTT"

_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]?\d)(?:[.,](\d{1,3}))?|(\d{1,5})(?:[.,](\d{1,3}))?", re.ASCII)
_TIMING = re.compile(r"\s*(\S+)\s+-->\s+(\S+)(?:\s.*)?")
_TAG = re.compile(r"<[^>]*>")


class Cue(NamedTuple):
    """Words, and when they are said."""

    start: int
    end: int
    text: str


def read_clock(typed: str) -> int | None:
    """The milliseconds of `1:02.5`, `00:01:02.500` or `62.5`; None for what is no time."""
    found = _CLOCK.fullmatch(typed.strip())
    if found is None:
        return None
    hours, minutes, seconds, part, alone, alone_part = found.groups()
    whole = int(alone) if alone else (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 1000 + int((part or alone_part or "0").ljust(3, "0"))


def clock(ms: int) -> str:
    """Milliseconds as somebody types them: `1:02.500`."""
    minutes, rest = divmod(ms, 60_000)
    return f"{minutes}:{rest // 1000:02}.{rest % 1000:03}"


def read_vtt(text: str) -> list[Cue]:
    """The cues of a WebVTT file; of SubRip too, which differs by a comma. Raises `Invalid` where there are none.

    Styles, regions and comments are left out, and so is the mark-up inside the words.
    """
    if len(text) > VTT_MAX:
        raise Invalid("vtt", "vtt")
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    cues = list(_cues(re.split(r"\n[ \t]*\n", lines)))
    if not cues:
        raise Invalid("vtt", "vtt")
    return cues


def _cues(blocks: Iterable[str]) -> Iterator[Cue]:
    for block in blocks:
        lines = block.strip("\n").split("\n")
        at = next((place for place, line in enumerate(lines[:2]) if " -->" in line), None)
        timing = _TIMING.fullmatch(lines[at]) if at is not None else None
        if at is None or timing is None or lines[0].startswith("NOTE"):
            continue
        start, end = read_clock(timing[1]), read_clock(timing[2])
        words = _plain(lines[at + 1 :])
        if start is None or end is None:
            raise Invalid("vtt", "vtt")
        if words:
            yield Cue(start, end, words)


def _plain(lines: Iterable[str]) -> str:
    """What a cue says without mark-up, on one line."""
    return " ".join(unescape(_TAG.sub("", " ".join(lines))).split())


def write_vtt(cues: Iterable[Cue], language: str) -> str:
    """A WebVTT file in a language."""
    parts = [f"{HEAD}\nLanguage: {language}"]
    parts += [f"{_stamp(cue.start)} --> {_stamp(cue.end)}\n{_escaped(cue.text)}" for cue in cues]
    return "\n\n".join(parts) + "\n"


def _stamp(ms: int) -> str:
    hours, rest = divmod(ms, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02}.{rest % 1000:03}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def in_order(cues: Iterable[Cue]) -> list[Cue]:
    """Cues in the order in which they begin."""
    return sorted(cues, key=lambda cue: (cue.start, cue.end))


def faults_of(cues: list[Cue], duration_ms: int | None) -> dict[str, str]:
    """What is wrong with a transcript: the code of a sentence for each row (`cue-0` …), or for all (`cues`)."""
    if not cues:
        return {"cues": "no_cues"}
    if len(cues) > CUES_MAX or sum(len(cue.text) for cue in cues) > TEXT_MAX:
        return {"cues": "too_many_cues"}
    judged = {f"cue-{place}": _fault(cue, duration_ms) for place, cue in enumerate(cues)}
    return {row: code for row, code in judged.items() if code}


def _fault(cue: Cue, duration_ms: int | None) -> str:
    if not cue.text or len(cue.text) > CUE_MAX:
        return "cue_words"
    if cue.end <= cue.start:
        return "cue_backwards"
    return "cue_too_late" if duration_ms is not None and cue.end > duration_ms + GRACE_MS else ""
