"""A story in pieces that can be read from the back of a hall: each picture, some lines of text, each recording."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.release.queries import Item

SIGNS, SIGNS_OF_CHINESE = 420, 150
"""About how many signs a slide can hold."""
PIECES = 8
"""Slides that the words of one story may take; a longer one ends with an ellipsis."""
_SENTENCE = re.compile(r"[^.!?。！？…\n]+(?:[.!?。！？…]+[»”’\"'」』]*\s*|\n+|\Z)")


@dataclass(frozen=True)
class Slide:
    """One piece of a story; `content` is an image, a recording or some of the text."""

    item: Item
    kind: str
    number: int
    content: Any

    @property
    def name(self) -> str:
        """The slide's anchor: the same for as long as the story stays as it is."""
        return f"{self.item.story_id}-{self.number}"


def slides_of(item: Item) -> list[Slide]:
    """The slides of a story, in the order of its page."""
    pieces = [
        *(("picture", image) for image in item.images),
        *(("words", words) for words in pieces_of(item.text, signs_for(item.locale))),
        *(("sound", sound) for sound in item.sounds),
    ]
    return [Slide(item, kind, number, content) for number, (kind, content) in enumerate(pieces, start=1)]


def signs_for(locale: str, large: int = SIGNS, chinese: int = SIGNS_OF_CHINESE) -> int:
    """How many signs of this language have room: Chinese ones are few and wide."""
    return chinese if locale == "zh" else large


def pieces_of(text: str, signs: int, most: int = PIECES) -> list[str]:
    """A text in at most `most` pieces of at most `signs`, cut between sentences where that is possible."""
    pieces = [""]
    for part in _parts(text, signs):
        if pieces[-1] and len(pieces[-1]) + len(part.rstrip()) > signs:
            pieces.append("")
        pieces[-1] += part
    kept = [piece.strip() for piece in pieces if piece.strip()]
    return kept if len(kept) <= most else [*kept[: most - 1], f"{kept[most - 1].rstrip('.。… ')}…"]


def _parts(text: str, signs: int) -> Iterator[str]:
    """Sentences with the space behind them; one that is too long in pieces, between words where it has some."""
    for sentence in _SENTENCE.findall(text) or [text]:
        rest = sentence
        while len(rest.rstrip()) > signs:
            at = rest.rfind(" ", signs // 2, signs) + 1 or signs
            yield rest[:at]
            rest = rest[at:]
        yield rest
