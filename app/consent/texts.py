"""The consent texts: versioned files, one for each language; their hash is what an answer is bound to.

A published file is never edited: a change is a new version beside the old one.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "texts"
CURRENT = {"child": 1, "guardian": 1}


@dataclass(frozen=True)
class ConsentText:
    """What was shown: `intro` and `closing` are paragraphs, `questions` one sentence for each scope."""

    id: str
    version: int
    locale: str
    sha256: str
    title: str
    intro: tuple[str, ...]
    questions: Mapping[str, str]
    explanations: Mapping[str, str]
    closing: tuple[str, ...]


@cache
def load(text_id: str, version: int, locale: str) -> ConsentText:
    """Read one text. Raises `FileNotFoundError` when it was never published."""
    raw = (FOLDER / f"{text_id}-{version}.{locale}.toml").read_bytes()
    data = tomllib.loads(raw.decode())
    return ConsentText(
        id=text_id,
        version=version,
        locale=locale,
        sha256=hashlib.sha256(raw).hexdigest(),
        title=data["title"],
        intro=tuple(data["intro"]),
        questions=data["questions"],
        explanations=data["explanations"],
        closing=tuple(data["closing"]),
    )


def majors() -> dict[str, int]:
    """For each party, the version of its text from which on answers hold: a major change asks everybody again."""
    return {"child": 1, "guardian": 1}


def current(text_id: str, locale: str) -> ConsentText:
    """The text in force for `child` or `guardian` in one language."""
    return load(text_id, CURRENT[text_id], locale)
