"""Words beside stories, written by one colleague and checked by another."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.curation.worded import find
from app.curation.wording import Place, accept_words, base_of, write_words
from app.extensions import db
from app.media.rules import Kind
from app.people.permissions import Role
from app.people.rules import Locale
from app.stories.models import Story, Wording
from app.stories.queries import assets_of_version, version_of
from app.stories.rules import Beside
from tests.factories.people import make_staff

CAPTION = "A red kite above a grey house."
CUES = [[0, 1_000, "Good evening, mother."], [1_000, 2_500, "I fed the hens."]]
WORDS: Mapping[Beside, dict[str, Any]] = {
    Beside.CAPTION: {"text": CAPTION},
    Beside.TRANSCRIPT: {"cues": CUES},
    Beside.TRANSLATION: {"title": "Zmeul", "text": "Mama lucrează departe."},
    Beside.NOTE: {"text": "It speaks of a death."},
}
KIND_OF = {Beside.CAPTION: Kind.IMAGE, Beside.TRANSCRIPT: Kind.SOUND}


def place_of(story: Story, kind: Beside, locale: Locale | None = None) -> Place:
    """Where words of a kind belong: the first file they can be about, in the language of the story."""
    assets = assets_of_version(version_of(story).id)
    about = next((asset.id for asset in assets if asset.kind is KIND_OF.get(kind)), "")
    return Place(kind, about, locale or story.locale)


def write_beside(story: Story, kind: Beside, locale: Locale | None = None, **words: Any) -> Wording:
    """Words that wait for a second person."""
    place = place_of(story, kind, locale)
    same = (Wording.kind == kind, Wording.about == place.about, Wording.locale == place.locale)
    rows = db.session.scalars(select(Wording).where(Wording.story_id == story.id, *same)).all()
    author = make_staff(Role.CURATOR)
    return write_words(author, find(story.id), place, words or WORDS[kind], base_of(rows, story.current))


def put_beside(story: Story, kind: Beside, locale: Locale | None = None, **words: Any) -> Wording:
    """Words that are printed."""
    row = write_beside(story, kind, locale, **words)
    accept_words(make_staff(Role.CURATOR), find(story.id), row.id, answered=True)
    return row
