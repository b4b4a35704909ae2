"""What the demo's team puts beside made-up stories; `beside.toml` says it in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.cli.demo_material.wrapped import unwrap
from app.people.rules import Locale
from app.stories.cues import Cue, read_vtt
from app.stories.rules import Beside

RECORDINGS = Path(__file__).parent / "recordings"


@dataclass(frozen=True, slots=True)
class MadeUpWords:
    """Words of one kind in one language, about the first file of their kind; `said` is what a curator writes."""

    kind: Beside
    locale: Locale
    said: Mapping[str, Any]
    checked: bool
    sent_back: str = ""
    """Why a colleague asked for other words."""


def read_words(entry: Mapping[str, Any], told_in: Locale, recording: str) -> Iterator[MadeUpWords]:
    """One table of the file. Unknown kinds and languages raise `ValueError`."""
    rest = dict(entry)
    waiting, sent_back = rest.pop("waiting", {}), rest.pop("sent_back", "")
    for kinds, checked in ((rest, True), (waiting, False)):
        for kind, by_language in kinds.items():
            cues = read_vtt((RECORDINGS / f"{recording}.vtt").read_text("utf-8")) if kind == Beside.TRANSCRIPT else []
            whole = by_language | ({told_in: [cue.text for cue in cues]} if cues else {})
            for code, words in whole.items():
                yield MadeUpWords(Beside(kind), Locale(code), said_of(words, cues, Locale(code)), checked, sent_back)


def said_of(words: Any, cues: list[Cue], locale: Locale) -> dict[str, Any]:
    """A text, the lines of a recording with their moments, or the title and text of a translation."""
    match words:
        case str():
            return {"text": words}
        case list():
            return {"cues": [cue._replace(text=line) for cue, line in zip(cues, words, strict=True)]}
        case _:
            return {"title": words["title"], "text": unwrap(words.get("text", ""), locale)}
