"""The consent texts: versioned files, one for each language; their hash is what an answer is bound to.

A published file is never edited: a change is a new version beside the old one, and a deployment asks it from the
moment it is published there.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import func, select

from app import clock
from app.consent.models import TextRelease
from app.errors import Unavailable
from app.extensions import db
from app.people.rules import Locale

FOLDER = Path(__file__).parent / "texts"
SPEECH = Path(__file__).parent / "speech"
PICTURES = Path(__file__).parents[2] / "templates" / "icons" / "place"

TEXT_IDS = ("child", "guardian")

GROUPS: Mapping[str, tuple[str, ...]] = {
    "places": ("keep_private", "gallery", "embed", "campaign", "print", "press"),
    "more": ("research_counts", "research_microdata", "archive", "translate", "machine_process", "recontact"),
    "how_much": ("name", "voice", "face", "age", "place"),
}
"""The names of all questions, in the order in which they are asked, by the heading above them."""

ONLY_FOR_CHILD = "keep_private"

AROUND = ("intro", "closing")
"""The names of what is said before and after the questions."""


@dataclass(frozen=True)
class ConsentText:
    """What was shown: `intro` and `closing` are paragraphs, `questions` one sentence for each scope.

    `groups` are the headings above the questions, `choices` the words of the four answers about the voice; the
    first versions had neither.
    """

    id: str
    version: int
    locale: str
    sha256: str
    title: str
    intro: tuple[str, ...]
    groups: Mapping[str, str]
    questions: Mapping[str, str]
    choices: Mapping[str, str]
    explanations: Mapping[str, str]
    closing: tuple[str, ...]

    @property
    def mark(self) -> str:
        """What a form says of itself: the hash of the text above it, and the moment at which it is shown."""
        return f"{self.sha256}.{clock.stamp(clock.now())}"


@cache
def load(text_id: str, version: int, locale: str) -> ConsentText:
    """Read one text. Raises `FileNotFoundError` when it was never written."""
    raw = text_file(text_id, version, locale).read_bytes()
    data = tomllib.loads(raw.decode())
    return ConsentText(
        id=text_id,
        version=version,
        locale=locale,
        sha256=hashlib.sha256(raw).hexdigest(),
        title=data["title"],
        intro=tuple(data["intro"]),
        groups=data.get("groups", {}),
        questions=data["questions"],
        choices=data.get("choices", {}),
        explanations=data["explanations"],
        closing=tuple(data["closing"]),
    )


def translations(text_id: str, version: int) -> Iterator[ConsentText]:
    """A version in each language it was written in: Italian came after the first."""
    written = (locale for locale in Locale if text_file(text_id, version, locale).exists())
    return (load(text_id, version, locale.value) for locale in written)


def current(text_id: str, locale: str) -> ConsentText:
    """The text in force for `child` or `guardian` in one language."""
    return load(text_id, in_force(text_id), locale)


def in_force(text_id: str) -> int:
    """The newest published version. Raises `Unavailable` before the first one was published."""
    version = db.session.scalar(select(func.max(TextRelease.version)).where(TextRelease.text_id == text_id))
    if version is None:
        raise Unavailable
    return version


_MAJORS = (
    select(TextRelease.text_id, func.max(TextRelease.version)).where(TextRelease.major).group_by(TextRelease.text_id)
)


def majors() -> dict[str, int]:
    """The newest published major version of each text: answers given under an older one are superseded."""
    return {row[0]: row[1] for row in db.session.execute(_MAJORS)}


def names(text_id: str) -> tuple[str, ...]:
    """The names of the questions that a text asks."""
    return tuple(name for group in GROUPS.values() for name in group if text_id == "child" or name != ONLY_FOR_CHILD)


def sounds(text_id: str) -> tuple[str, ...]:
    """The names of everything in a text that can be heard."""
    return (*names(text_id), *AROUND)


def spoken(text: ConsentText, name: str) -> str:
    """What is said aloud: the paragraphs before or after the questions, or a question, what it means, and the answers
    where they are not yes and no."""
    if name in AROUND:
        return "\n".join({"intro": text.intro, "closing": text.closing}[name])
    answers = [f"{words}." for words in text.choices.values()] if name == "voice" else []
    return "\n".join([text.questions[name], text.explanations[name], *answers])


def is_superseded(text: ConsentText) -> bool:
    """Whether a yes to these words holds no longer, because what is asked has become something else."""
    return text.version < majors()[text.id]


def versions(text_id: str) -> list[int]:
    """The versions that were written, whether published or not, the oldest first."""
    found = (re.fullmatch(rf"{text_id}-(\d+)\.\w+\.toml", path.name) for path in FOLDER.iterdir())
    return sorted({int(match[1]) for match in found if match})


def text_file(text_id: str, version: int, locale: str) -> Path:
    """Where a text lies."""
    return FOLDER / f"{text_id}-{version}.{locale}.toml"


def sound_file(text_id: str, version: int, locale: str, name: str) -> Path:
    """Where a question, or what is said around all of them, lies as a sound."""
    return SPEECH / locale / f"{text_id}-{version}-{name}.mp3"


def picture_file(name: str) -> Path:
    """Where the pictogram of a question lies; it is the same in every language."""
    return PICTURES / f"{name}.svg"
