"""What the team wrote beside a story, as public pages print it: checked, about this version, not refused by the child.

In a showing's body a part that nobody wrote is not there. Each is kept by language:
`alts` of an image; `transcripts` of a sound (`[start, end, words]`, in milliseconds); and of the story `translations`
(`title`, `text`), `notes`, and `unheard`: the recordings that nobody may hear, as `transcripts`, with the whole `text`
of each in the story's own language.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.media.models import Asset
from app.stories.cues import Cue, write_vtt
from app.stories.models import Story, Wording
from app.stories.rules import Beside, puts_into_another_language
from app.stories.wordings import open_words

ByLanguage = dict[str, Any]


@dataclass(frozen=True)
class PrintedBeside:
    """The words of one version, by what they are about and by language."""

    captions: dict[str, ByLanguage] = field(default_factory=dict)
    transcripts: dict[str, ByLanguage] = field(default_factory=dict)
    translations: ByLanguage = field(default_factory=dict)
    notes: ByLanguage = field(default_factory=dict)

    def of_picture(self, asset_id: str) -> dict[str, Any]:
        """What is printed of a picture."""
        return {"alts": self.captions[asset_id]} if asset_id in self.captions else {}

    def of_sound(self, asset_id: str) -> dict[str, Any]:
        """What is printed of a recording that can be heard."""
        return {"transcripts": self.transcripts[asset_id]} if asset_id in self.transcripts else {}

    def of_story(self, silent: Iterable[Asset], told_in: str) -> dict[str, Any]:
        """What is printed of the whole; `silent` are the recordings that nobody may hear."""
        unheard = [
            {"text": said_in_words(of_sound, told_in), **of_sound}
            for asset in silent
            if (of_sound := self.of_sound(asset.id))
        ]
        parts = {"translations": self.translations, "notes": self.notes, "unheard": unheard}
        return {name: part for name, part in parts.items() if part}


def printed_beside(story: Story, checked: Sequence[Wording], *, translated: bool) -> PrintedBeside:
    """What of checked words may be printed; in other languages than the child's own only where it is `translated`."""
    printed = PrintedBeside()
    for each in open_words(story.id, checked):
        if puts_into_another_language(each.kind, each.locale, story.locale) and not translated:
            continue
        match each.kind:
            case Beside.CAPTION:
                printed.captions.setdefault(each.about, {})[each.locale] = each.text
            case Beside.TRANSCRIPT:
                printed.transcripts.setdefault(each.about, {})[each.locale] = [list(cue) for cue in each.cues]
            case Beside.TRANSLATION:
                printed.translations[each.locale] = {"title": each.title, "text": each.text}
            case Beside.NOTE:
                printed.notes[each.locale] = each.text
    return printed


def beside_in(body: dict[str, Any]) -> set[str]:
    """Everything in a showing's body that others wrote."""
    return set(_said(body)) - {""}


def _said(body: dict[str, Any]) -> Iterator[str]:
    for image in body["images"]:
        yield from image.get("alts", {}).values()
    for recording in (*body["sounds"], *body.get("unheard", ())):
        for cues in recording.get("transcripts", {}).values():
            yield from (cue[2] for cue in cues)
    for translation in body.get("translations", {}).values():
        yield from translation.values()
    yield from body.get("notes", {}).values()


def vtt_of(cues: Iterable[list[Any]], language: str) -> str:
    """A printed transcript as a WebVTT file."""
    return write_vtt([Cue(*cue) for cue in cues], language)


def told_in_words(body: dict[str, Any]) -> str:
    """Everything that the child told in words: the text, or what is said in recordings that nobody may hear."""
    return str(body["text"].strip() or "\n\n".join(recording["text"] for recording in body.get("unheard", ())))


def translated_in_words(body: dict[str, Any], locale: str) -> str:
    """The same in another language than the child's, as far as somebody translated it."""
    translation = body.get("translations", {}).get(locale, {}).get("text", "")
    unheard = () if body["text"].strip() else body.get("unheard", ())
    return str(translation or "\n\n".join(filter(None, (said_in_words(each, locale) for each in unheard))))


def said_in_words(recording: dict[str, Any], locale: str) -> str:
    """What is said in a recording, without its moments; empty where nobody wrote it down in this language."""
    between = "" if locale == "zh" else " "
    return between.join(cue[2] for cue in recording.get("transcripts", {}).get(locale, ()))
