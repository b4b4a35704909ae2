"""What is written for the press kit: terms, captions, and the words of each story, as told and as others put them."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from flask import render_template
from flask_babel import gettext as _

from app import clock
from app.campaigns.models import Campaign
from app.campaigns.rules import in_language
from app.release.beside import said_in_words
from app.release.queries import Item
from app.web import words
from app.web.absolute import absolute
from app.web.campaigns.press import TERMS
from app.web.labels import credit_of, name_of, note_of, title_of
from app.web.locale import page_code
from app.web.sheets import sheet
from app.web.templating import LANGUAGES, country_name
from app.web.zipping import Member


class Part(NamedTuple):
    """One story of the kit: where its files lie there, and the address of its page."""

    folder: str
    item: Item
    page: str


class Named(NamedTuple):
    """A file as the captions name it; what it shows is a picture's checked caption."""

    name: str
    shows: str = ""


class Caption(NamedTuple):
    """What the captions say of one story; `titles` are those in other languages."""

    item: Item
    page: str
    titles: str
    files: list[Named]


def papers(campaign: Campaign, parts: Sequence[Part], files: Sequence[tuple[Named, Item]]) -> Iterator[Member]:
    """The terms, the captions twice, and the words of each story; `files` are what else the captions name."""
    written = [(name, text, part.item) for part in parts for name, text in words_of(part)]
    named = [*((Named(name), item) for name, _text, item in written), *files]
    captions = [
        Caption(item, page, titles_of(item), sorted(each for each, of in named if of is item))
        for _folder, item, page in parts
    ]
    terms = render_template(
        "campaigns/press_terms.txt",
        campaign=in_language(campaign.title, page_code()),
        page=absolute("campaigns.press", slug=campaign.slug),
        terms=TERMS,
        today=clock.now(),
    )
    text = render_template(
        "campaigns/press_captions.txt", captions=captions, title_of=title_of, credit_of=credit_of, note_of=note_of
    )
    yield paper("read-me.txt", terms.encode())
    yield paper("captions.txt", text.encode())
    yield paper("captions.csv", captions_sheet(captions))
    for name, text, _item in written:
        yield paper(name, text.encode())


def words_of(part: Part) -> Iterator[tuple[str, str]]:
    """The names and texts of a story's files of words: as told, translated, and what is said in each recording.

    A recording that nobody may hear is counted after the others: there is no sound of it, but there are its words.
    """
    item, note = part.item, note_of(part.item)
    if item.text:
        yield f"{part.folder}/words.txt", text_of(note, title_of(item), item.text)
    for code, told in translations_of(item):
        yield (
            f"{part.folder}/words.{code}.txt",
            text_of(mark_of(code, translated()), note, told["title"], told["text"]),
        )
    unheard: Sequence[dict[str, Any]] = item.body.get("unheard", ())
    for number, recording in enumerate((*item.sounds, *unheard), start=1):
        said = _("What is said") if number <= len(item.sounds) else aloud()
        for code in sorted(recording.get("transcripts", {})):
            mark = mark_of(code, said, "" if code == item.locale else translated())
            yield (
                f"{part.folder}/recording-{number}.{code}.txt",
                text_of(mark, note, said_in_words(recording, code)),
            )


def translations_of(item: Item) -> list[tuple[str, dict[str, str]]]:
    """The checked translations of a story, by their languages."""
    return sorted(item.body.get("translations", {}).items())


def titles_of(item: Item) -> str:
    """Its titles in other languages, each with the name of that."""
    return " · ".join(
        f"{told['title']} ({LANGUAGES[code][1]})" for code, told in translations_of(item) if told["title"]
    )


def translated() -> str:
    """What stands over words that the team put into another language."""
    return str(_("The translation is ours, and a second speaker has checked it."))


def aloud() -> str:
    """What stands over the words of a recording that nobody may hear."""
    return str(_("This was told aloud. The voice stays with the child; here are the words."))


def mark_of(code: str, *said: str) -> str:
    """The first line of a file: its language, and what it is."""
    return " · ".join(part for part in (LANGUAGES[code][1], *said) if part)


def text_of(*parts: str) -> str:
    """Paragraphs, without those that say nothing."""
    return "\n\n".join([*filter(None, parts), ""])


def captions_sheet(captions: Sequence[Caption]) -> bytes:
    """A row for each file."""
    head = [_("File"), _("Title"), _("Credit"), _("Told by"), _("Age"), _("From"), _("Language"), _("Shown since")]
    head += [_("What the picture shows"), _("Content note"), _("Address"), _("Title in translation")]
    rows = [
        (
            name,
            title_of(item),
            credit_of(item),
            name_of(item),
            words.AGES.get(item.age_band, ""),
            country_name(item.country) if item.country else "",
            LANGUAGES.get(item.locale, (item.locale,) * 2)[1],
            item.shown_on,
            shows,
            note_of(item),
            page,
            titles,
        )
        for item, page, titles, files in captions
        for name, shows in files
    ]
    return sheet(head, rows)


def paper(name: str, content: bytes) -> Member:
    """A file that was made for the kit."""
    return Member(name, lambda: [content])
