"""What a feed says, however it is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template
from flask_babel import gettext as _

from app import clock
from app.adapters import outside
from app.campaigns.models import Campaign
from app.campaigns.rules import in_language, spoken
from app.release import elsewhere
from app.release.beside import told_in_words
from app.release.queries import Filters, Item
from app.web.absolute import RIGHTS, absolute, file_address
from app.web.locale import asked_language, page_code
from app.web.templating import by_width, tag_of
from app.web.xml_words import printable

NEWEST = 50


@dataclass(frozen=True)
class Entry:
    """A story as an entry of a feed."""

    item: Item

    @property
    def address(self) -> str:
        """Its page, which is its id too."""
        return absolute("gallery.story", story_id=self.item.story_id)

    @property
    def title(self) -> str:
        """What it is called."""
        return printable(self.item.title) or _("A story without a title")

    @property
    def author(self) -> str:
        """Who told it."""
        return printable(self.item.invented_name) or _("A child")

    @property
    def day(self) -> str:
        """The day on which it was first shown as it is, as a moment: no feed has days."""
        return moment(self.item.shown_on)

    @property
    def language(self) -> str:
        """The tag of the language it is told in."""
        return tag_of(self.item.locale)

    @property
    def note(self) -> str:
        """What stands in place of everything else, for no reader folds: what the story touches; empty for most."""
        return printable(self._note[0])

    @property
    def note_language(self) -> str:
        """The tag of the language that the note is in."""
        return tag_of(self._note[1])

    @property
    def _note(self) -> tuple[str, str]:
        return spoken(self.item.body.get("notes", {}), page_code())

    @property
    def images(self) -> list[str]:
        """The address of each picture, in a form that every reader shows."""
        if self.note:
            return []
        made = [by_width(image, "image/jpeg") or image["renditions"] for image in self.item.images]
        return [file_address(renditions[-1]["name"]) for renditions in made]

    @property
    def pictures(self) -> list[tuple[str, str]]:
        """The same, each with what it shows; empty where nobody has said."""
        if self.note:
            return []
        alts = [spoken(image.get("alts", {}), page_code())[0] for image in self.item.images]
        return list(zip(self.images, map(printable, alts), strict=True))

    @property
    def sounds(self) -> list[dict[str, Any]]:
        """Its recordings, each in each of its forms."""
        return [
            {
                "url": file_address(made["name"]),
                "media_type": made["media_type"],
                "seconds": sound["duration_ms"] / 1000,
            }
            for sound in self.item.sounds
            for made in sound["sources"]
            if not self.note
        ]

    @property
    def html(self) -> str:
        """All of it as a piece of a page."""
        return render_template("feeds/entry.html", entry=self, text=printable(told_in_words(self.item.body)))


@dataclass(frozen=True)
class Channel:
    """A feed before it is written; `slug` names its campaign, empty for the gallery."""

    slug: str
    title: str
    about: str
    page: str
    items: Sequence[Item]
    rights: str = RIGHTS

    def address(self, ending: str) -> str:
        """Where it is read, in the language it was asked for in."""
        endpoint, slug = ("feeds.campaign", self.slug) if self.slug else ("feeds.stories", None)
        return absolute(endpoint, slug=slug, ending=ending, lang=asked_language() or None)

    @property
    def entries(self) -> list[Entry]:
        """Its stories."""
        return [Entry(item) for item in self.items]

    @property
    def day(self) -> str:
        """The day of its newest story; today while it has none."""
        return moment(max((item.shown_on for item in self.items), default=clock.now().date()))

    @property
    def hub(self) -> str:
        """The WebSub hub that tells readers of changes; empty when there is none."""
        return str(outside().settings.websub_hub)


def moment(day: date) -> str:
    """The beginning of a day, which says nothing about the hour."""
    return f"{day}T00:00:00Z"


def newest() -> Channel:
    """The newest stories of the gallery."""
    about = _("Drawings, words and voices of children whose parents work far away.")
    items = elsewhere.listed(Filters(), None, NEWEST).items
    return Channel("", _("Eyes on Me"), about, absolute("gallery.wall"), items)


def of_campaign(campaign: Campaign) -> Channel:
    """A campaign's stories, in the curator's order."""
    title, about = (printable(in_language(words, page_code())) for words in (campaign.title, campaign.text))
    items = elsewhere.in_campaign(campaign.id, None, NEWEST).items
    return Channel(campaign.slug, title, about, absolute("campaigns.page", slug=campaign.slug), items)
