"""A record as it is written: a header, and Dublin Core in English about words in any language."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask_babel import force_locale

from app import clock
from app.adapters import outside
from app.campaigns.queries import open_campaigns
from app.release import elsewhere
from app.release.beside import told_in_words
from app.release.elsewhere import Record
from app.release.queries import Item
from app.web import words
from app.web.absolute import RIGHTS, absolute
from app.web.oai.harvest import SET
from app.web.templating import LANGUAGES, country_name
from app.web.xml_words import printable

Line = tuple[str, str, str]
"""An element of Dublin Core, the language its words are in (empty: none), and the words."""


@dataclass(frozen=True)
class Told:
    """What is told of a story: its header, and `item` unless it is gone."""

    record: Record
    item: Item | None
    sets: list[str]

    @property
    def identifier(self) -> str:
        """Its name among all archives."""
        return prefix() + self.record.story_id

    @property
    def dublin_core(self) -> list[Line]:
        """The elements of its metadata."""
        return dublin_core(self.item) if self.item else []


def prefix() -> str:
    """What the identifiers of this archive begin with."""
    return f"oai:{urlsplit(outside().settings.public_url).hostname}:"


def told(records: Sequence[Record]) -> list[Told]:
    """These records with what they say. A campaign is named while it shows the story."""
    ids = [record.story_id for record in records if not record.gone]
    slugs = {campaign.id: campaign.slug for campaign in open_campaigns(clock.now())}
    items, campaigns = elsewhere.stories(ids), elsewhere.campaigns_of(ids, slugs)
    return [
        Told(
            record,
            items.get(record.story_id),
            sorted(SET + slugs[campaign_id] for campaign_id in campaigns.get(record.story_id, ())),
        )
        for record in records
    ]


def dublin_core(item: Item) -> list[Line]:
    """A story as http://www.openarchives.org/OAI/2.0/oai_dc/ has it."""
    tag = LANGUAGES[item.locale][0]
    text = told_in_words(item.body)
    kinds = [("StillImage", item.images), ("Sound", item.sounds), ("Text", text)]
    with force_locale("en"):
        lines = [
            ("title", tag, printable(item.title)),
            ("creator", "", printable(item.invented_name)),
            *(("subject", "en", str(words.THEMES[theme])) for theme in item.themes),
            *(
                ("description", LANGUAGES[code][0], printable(note))
                for code, note in item.body.get("notes", {}).items()
            ),
            ("description", tag, printable(text)),
            ("publisher", "", "Eyes on Me"),
            ("contributor", "en", words.helped(item.helper, item.help)),
            ("date", "", item.shown_on.isoformat()),
            *(("type", "", kind) for kind, there in kinds if there),
            ("identifier", "", absolute("gallery.story", story_id=item.story_id)),
            ("relation", "", absolute("iiif.manifest", story_id=item.story_id)),
            ("language", "", item.locale),
            ("coverage", "en", country_name(item.country) if item.country else ""),
            ("rights", "", RIGHTS),
        ]
    return [line for line in lines if line[2].strip()]
