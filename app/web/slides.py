"""A story in pieces that can be read from the back of a hall: each picture, some lines of text, each recording.

What somebody should know before stands before all of it. The words come as they were told, and once more in the
language of the exhibition where they were translated; so does what is said in a recording, behind it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.release.beside import said_in_words, told_in_words, translated_in_words
from app.release.queries import Item
from app.web.captions import Caption, caption_of
from app.web.templating import tag_of

SIGNS, SIGNS_OF_CHINESE = 420, 150
"""About how many signs a slide can hold."""
PIECES = 8
"""Slides that the words of one story may take; a longer one ends with an ellipsis."""
GLANCE, LOOK = 8, 14
"""Seconds before somebody reads, and for a picture, or a recording that is not played."""
READ, READ_OF_CHINESE = 14, 5
"""Signs that somebody at the back of a hall reads in a second."""
_SENTENCE = re.compile(r"[^.!?。！？…\n]+(?:[.!?。！？…]+[»”’\"'」』]*\s*|\n+|\Z)")


@dataclass(frozen=True)
class Slide:
    """One piece of a story; `content` is an image, a recording, some text or the note; `caption` is an image's.

    `said_in` is the name of the recording in which this text is said: who hears it there need not read it once more.
    """

    item: Item
    kind: str
    number: int
    content: Any
    code: str
    """The language of the words, which is the one the story is told in, or that of its translation."""
    caption: Caption | None = None
    said_in: str = ""

    @property
    def name(self) -> str:
        """The slide's anchor: the same for as long as the story stays as it is."""
        return f"{self.item.story_id}-{self.number}"

    @property
    def is_translated(self) -> bool:
        """Whether its words are ours, after the child's."""
        return self.kind == "words" and self.code != self.item.locale

    @property
    def tag(self) -> str:
        """The HTML tag of the language of its words."""
        return tag_of(self.code)

    @property
    def cues(self) -> list[tuple[str, Any]]:
        """What is said in a recording and when, in the language told and then in ours, each with its tag."""
        said = self.content.get("transcripts", {})
        return [(tag_of(code), said[code]) for code in languages(self.item.locale, self.code) if code in said]

    @property
    def seconds(self) -> int:
        """How long it stands before the next one comes: time to look, and to read what is to be read."""
        if self.kind == "words":
            return GLANCE + seconds_for(self.content, self.code)
        return LOOK + (seconds_for(self.caption.words, self.caption.code) if self.caption else 0)


def slides_of(item: Item, page: str) -> list[Slide]:
    """The slides of a story, in the order of its page; `page` is the language of the exhibition."""
    slides: list[Slide] = []

    def add(kind: str, content: Any, code: str, caption: Caption | None = None, said_in: str = "") -> None:
        slides.append(Slide(item, kind, len(slides) + 1, content, code, caption, said_in))

    def add_words(text: str, code: str, said_in: str = "") -> None:
        for some in pieces_of(text, signs_for(code)):
            add("words", some, code, said_in=said_in)

    if note := item.body.get("notes"):
        add("note", note, page)
    for image in item.images:
        add("picture", image, item.locale, caption_of(image, page, item.locale))
    add_words(told_in_words(item.body), item.locale)
    if page != item.locale:
        add_words(translated_in_words(item.body, page), page)
    for sound in item.sounds:
        add("sound", sound, page)
        name = slides[-1].name
        for code in languages(item.locale, page):
            add_words(said_in_words(sound, code), code, said_in=name)
    return slides


def languages(told_in: str, page: str) -> list[str]:
    """The language told and that of the page, once where they are the same."""
    return list(dict.fromkeys((told_in, page)))


def seconds_for(words: str, locale: str) -> int:
    """How long it takes to read these words in this language."""
    return len(words) // signs_for(locale, READ, READ_OF_CHINESE)


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
