"""The made-up stories: what each is made of, who answered what, and where in its life the demo puts it.

The words are in `texts/<language>.toml`, and in `beside.toml` what the team puts beside them. No child told any of
them; names are invented, places are regions.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from app.cli.demo_material.beside import RECORDINGS, MadeUpWords, read_words
from app.cli.demo_material.drawings import paint
from app.cli.demo_material.wrapped import unwrap
from app.consent.rules import Method
from app.people.rules import AgeBand, Help, Helper, Locale, Relation
from app.stories.rules import Medium, Theme

TEXTS = Path(__file__).parent / "texts"
BESIDE = Path(__file__).parent / "beside.toml"

PLACES = ("gallery", "embed", "campaign", "print", "press", "counts", "research", "archive")
"""Where a story could be shown; `campaign` stands for the one campaign of the demo."""

QUESTIONS = (*PLACES, "translate")
"""What a party answers about: each place, and whether the story may be put into other languages."""


class Situation(StrEnum):
    """Where in its life a made-up story stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    CHANGES_ASKED = "changes_asked"
    RESUBMITTED = "resubmitted"
    DECLINED = "declined"
    OBJECTED = "objected"
    APPROVED = "approved"
    """Approved by two, past its cooling-off: shown wherever both keys say yes."""
    COOLING_OFF = "cooling_off"
    SECOND_APPROVAL = "second_approval"
    """One reviewer approved; its age band asks for two."""
    FINAL_NOT_ACCEPTED = "final_not_accepted"
    """A reviewer changed something, and the child has not looked at it yet."""
    HIDDEN_BY_CHILD = "hidden_by_child"
    """It was shown; then the child pressed *hide*."""
    CHANGED_MIND = "changed_mind"
    """It was shown at all places of `first_child`; then the child gave the answers of `child`."""
    HELD = "held"
    EXPIRED = "expired"
    ERASE_PENDING = "erase_pending"
    ERASED = "erased"


class Answer(StrEnum):
    """What a party says to a question."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


Answers = Mapping[str, Answer]
"""An answer for each of `QUESTIONS`; empty when nobody answered."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A scene, and the seed that decides whose hand, which paper and which table."""

    scene: str
    seed: int


@dataclass(frozen=True, slots=True)
class MadeUpStory:
    """One story of the demo."""

    key: str
    locale: Locale
    title: str
    text: str
    invented_name: str
    age_band: AgeBand
    country: str
    region: str
    themes: tuple[Theme, ...]
    situation: Situation
    child: Answers
    guardian: Answers
    guardian_locale: Locale | None = None
    """What a guardian reads who gets letters; without one, a link is handed over in the child's language."""
    relation: Relation = Relation.MOTHER
    evidence: Method | None = None
    """What the guardian left instead of answering by link, and waits for a second person."""
    drawings: tuple[Drawing, ...] = ()
    recording: str = ""
    """A file in `recordings/`, without its ending; whoever brings one lets their own voice be heard."""
    helper: Helper = Helper.NOBODY
    help: Help = Help.NONE
    age: timedelta = field(default=timedelta(days=30))
    """How long ago it was handed in."""
    first_text: str = ""
    """What the first version said, where the story was changed afterwards."""
    first_child: Answers = field(default_factory=dict)
    message: str = ""
    """What the moderator wrote to the child, where they did."""
    reply: str = ""
    """What the child wrote back."""
    beside: tuple[MadeUpWords, ...] = ()
    """What the team puts beside it, once it is approved."""

    @property
    def media(self) -> frozenset[Medium]:
        """What the story is made of."""
        present = {Medium.DRAWING: self.drawings, Medium.TEXT: self.text, Medium.SOUND: self.recording}
        return frozenset(medium for medium, part in present.items() if part)

    def paintings(self) -> list[bytes]:
        """Its drawings as JPEG, painted now."""
        return [paint(drawing.scene, drawing.seed, self.age_band) for drawing in self.drawings]

    def sound(self) -> bytes | None:
        """Its recording as Ogg Opus."""
        return (RECORDINGS / f"{self.recording}.ogg").read_bytes() if self.recording else None


def stories() -> list[MadeUpStory]:
    """Every made-up story, by language and then in the order of its file."""
    beside = tomllib.loads(BESIDE.read_text("utf-8"))
    told = [
        read_story(Locale(path.stem), key, entry, beside.pop(f"{path.stem}-{key}", {}))
        for path in sorted(TEXTS.glob("*.toml"))
        for key, entry in tomllib.loads(path.read_text("utf-8")).items()
    ]
    if beside:
        raise ValueError(f"words beside no story: {', '.join(sorted(beside))}")
    return told


def read_story(locale: Locale, key: str, entry: Mapping[str, Any], beside: Mapping[str, Any]) -> MadeUpStory:
    """One table of a text file as a story. Unknown keys raise `TypeError`, unknown words `ValueError`."""
    rest = dict(entry)
    return MadeUpStory(
        key=f"{locale}-{key}",
        locale=locale,
        beside=tuple(read_words(beside, locale, rest.get("recording", ""))),
        text=unwrap(rest.pop("text", ""), locale),
        first_text=unwrap(rest.pop("first_text", ""), locale),
        message=unwrap(rest.pop("message", ""), locale),
        reply=unwrap(rest.pop("reply", ""), locale),
        age_band=AgeBand(rest.pop("age_band")),
        themes=tuple(Theme(theme) for theme in rest.pop("themes")),
        situation=Situation(rest.pop("situation", "approved")),
        child=read_answers(rest.pop("child")),
        guardian=read_answers(rest.pop("guardian", None)),
        first_child=read_answers(rest.pop("first_child", None)),
        guardian_locale=Locale(rest.pop("guardian_locale")) if "guardian_locale" in rest else None,
        relation=Relation(rest.pop("relation", "mother")),
        evidence=Method(rest.pop("evidence")) if "evidence" in rest else None,
        drawings=tuple(Drawing(scene, seed) for scene, seed in rest.pop("drawings", [])),
        helper=Helper(rest.pop("helper", "nobody")),
        help=Help(rest.pop("help", "none")),
        age=timedelta(days=rest.pop("days_ago")),
        **rest,
    )


def read_answers(written: str | None) -> dict[str, Answer]:
    """`"gallery ?print"` is a yes, an unsure, and a no to all other questions; nothing written is silence."""
    if written is None:
        return {}
    words = written.split()
    unknown = {word.removeprefix("?") for word in words} - set(QUESTIONS)
    if unknown:
        raise ValueError(f"no such question: {', '.join(sorted(unknown))}")
    given = dict.fromkeys(QUESTIONS, Answer.NO)
    return given | {word.removeprefix("?"): Answer.UNSURE if word[0] == "?" else Answer.YES for word in words}
