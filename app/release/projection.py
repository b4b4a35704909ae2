"""Projecting one story into the showcase: a row for each place the policy gives a window.

Runs inside the transaction that changed something the verdict depends on (see `hook`), and again, over every
story, in `flask release check`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any

from sqlalchemy import FromClause, RowMapping, Select, bindparam, delete, insert, select, update

from app import clock
from app.adapters.queue import later
from app.campaigns.models import CampaignItem
from app.consent.rules import CAMPAIGN, Attribute, Scope
from app.extensions import Base, db
from app.media.models import Asset, Rendition
from app.media.queries import renditions_of_all
from app.media.rules import Alteration, Kind
from app.people.keys import unseal
from app.release.beside import PrintedBeside, beside_in, printed_beside
from app.release.facets import mask_of_media, mask_of_themes
from app.release.facts import facts_with, usable
from app.release.indexing import Entry, entry_of, replace_entry, stored_entry
from app.release.models import Departed, LeftCampaign, ReleaseEpoch, Showing, ShowingMedia, Unframed, Unhung
from app.release.notices import follow_showing
from app.release.policy import ALTERED, OWN, WORDLESS, is_online, places_of, shown, translated, window
from app.release.records import keep_records
from app.release.rules import ARCHIVE, COUNTS, EMBED, Span, lent
from app.release.terms import Facts
from app.stories.lifecycle import State
from app.stories.models import Story, Version, Wording
from app.stories.queries import Content, assets_of_version, content_with, version_of
from app.stories.wordings import checked_beside

GALLERY = Scope.GALLERY.value
NOTHING: dict[str, Any] = {"tile": {}, "body": {}}
EXCERPT = 151
"""Signs of a text that a list keeps: one more than a tile prints, so that the tile knows that it goes on."""


@dataclass(frozen=True)
class Projection:
    """What the showcase should hold for one story: column values by place, its public files by name, what finds it."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    media: dict[str, dict[str, Any]] = field(default_factory=dict)
    entry: Entry | None = None

    @property
    def windows(self) -> dict[str, Span]:
        """When the story is shown, by place."""
        return {place: (row["visible_from"], row["visible_until"]) for place, row in self.rows.items()}


def project(story: Story) -> Projection:
    """Compute, from the policy alone, what the showcase should hold for `story`."""
    if story.state is State.ERASED:
        return Projection()
    version = version_of(story)
    assets, checked = assets_of_version(version.id), checked_beside(story.id, version.number)
    return project_facts(story, version, assets, checked, facts_with(story, version, assets, checked))


def project_facts(
    story: Story, version: Version, assets: tuple[Asset, ...], checked: Sequence[Wording], facts: Facts
) -> Projection:
    """What the showcase should hold for `story`, were these the facts."""
    windows = {place: window(facts, place) for place in places_of(facts)}
    opened = {place: span for place, span in windows.items() if span is not None}
    if not opened:
        return Projection()
    words = content_with(version, assets)
    grades = {attribute: shown(facts, attribute).grade for attribute in Attribute}
    files = [asset for asset in words.assets if usable(asset) and _may_be_seen(asset, grades)]
    beside = printed_beside(story, checked, translated=translated(facts).grade > 0)
    body, media = _body(story, words, files, grades, beside)
    positions = _positions(story.id) if facts.campaigns else {}
    facets, printed = _facets(story, body, files, grades), {"tile": tile_of(body), "body": body}
    rows = {
        place: facets
        | (NOTHING if place in WORDLESS else printed)
        | {
            "visible_from": span[0],
            "visible_until": span[1],
            "shown_on": span[0].date(),
            "position": positions.get(place, 0),
            "teller": story.storyteller_id if place == COUNTS else "",
        }
        for place, span in opened.items()
    }
    return Projection(rows, media, entry_of(rows[GALLERY]) if GALLERY in rows else None)


def _may_be_seen(asset: Asset, grades: Mapping[Attribute, int]) -> bool:
    """Whether a file shows no more of the child than everybody agreed to. A recording is own or altered, never both."""
    if asset.kind is Kind.SOUND:
        return grades[Attribute.VOICE] == (OWN if asset.alteration is Alteration.NONE else ALTERED)
    return asset.alteration is Alteration.NONE or grades[Attribute.FACE] > 0


def _facets(story: Story, body: dict[str, Any], files: list[Asset], grades: Mapping[Attribute, int]) -> dict[str, Any]:
    kinds = {asset.kind for asset in files}
    return {
        "locale": story.locale.value,
        "country": story.storyteller.country if grades[Attribute.PLACE] else "",
        "age_band": story.storyteller.age_band or "" if grades[Attribute.AGE] else "",
        "theme_mask": mask_of_themes(story.themes),
        "medium_mask": mask_of_media(
            drawing=Kind.IMAGE in kinds,
            text=bool(body["text"].strip()) or any(_unheard(body)),
            sound=Kind.SOUND in kinds,
        ),
    }


def _positions(story_id: str) -> dict[str, int]:
    statement = select(CampaignItem.campaign_id, CampaignItem.position).where(CampaignItem.story_id == story_id)
    return {CAMPAIGN + row.campaign_id: row.position for row in db.session.execute(statement)}


def _body(
    story: Story, words: Content, files: list[Asset], grades: Mapping[Attribute, int], beside: PrintedBeside
) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Everything a public page prints, and the files it links to."""
    teller = story.storyteller
    name = unseal(teller.id, "invented_name", teller.invented_name_sealed) if grades[Attribute.NAME] else ""
    images: list[dict[str, Any]] = []
    sounds: list[dict[str, Any]] = []
    media: dict[str, dict[str, Any]] = {}
    made = renditions_of_all([asset.id for asset in files])
    for asset in files:
        renditions = made[asset.id]
        media |= {item.name: _file(item) for item in renditions}
        if asset.kind is Kind.IMAGE:
            images.append(_image(asset, renditions) | beside.of_picture(asset.id))
        else:
            sounds.append(_sound(asset, renditions) | beside.of_sound(asset.id))
    body = {
        "title": words.title,
        "text": words.text,
        "invented_name": name,
        "themes": story.themes,
        "helper": words.helper,
        "help": words.help,
        "images": images,
        "sounds": sounds,
    } | beside.of_story(
        [asset for asset in words.assets if asset.kind is Kind.SOUND and asset not in files], story.locale.value
    )
    return body, media


def tile_of(body: dict[str, Any]) -> dict[str, Any]:
    """What a tile on a wall prints of a body: the first picture, the beginning of the text, how long each sound is.

    Of translations it prints the titles.
    """
    translations = body.get("translations", {})
    titles = {code: {"title": words["title"]} for code, words in translations.items() if words["title"]}
    parts = {"notes": body.get("notes"), "translations": titles}
    return {
        "title": body["title"],
        "text": next((text for text in (body["text"], *_unheard(body)) if text), "")[:EXCERPT],
        "invented_name": body["invented_name"],
        "images": body["images"][:1],
        "sounds": [{"duration_ms": sound["duration_ms"]} for sound in body["sounds"]],
    } | {name: part for name, part in parts.items() if part}


def _unheard(body: dict[str, Any]) -> list[str]:
    return [recording["text"] for recording in body.get("unheard", ())]


def _file(item: Rendition) -> dict[str, Any]:
    return {"media_type": item.media_type, "size": item.size, "sha256": item.sha256}


def _image(asset: Asset, renditions: list[Rendition]) -> dict[str, Any]:
    return {
        "width": asset.width,
        "height": asset.height,
        "placeholder": asset.placeholder,
        "renditions": [
            {"name": item.name, "width": item.width, "height": item.height, "media_type": item.media_type}
            for item in renditions
        ],
    }


def _sound(asset: Asset, renditions: list[Rendition]) -> dict[str, Any]:
    return {
        "duration_ms": asset.duration_ms,
        "altered": asset.alteration is Alteration.VOICE,
        "sources": [
            {"name": item.name, "media_type": item.media_type} for item in renditions if item.purpose != "peaks"
        ],
        "peaks": next((item.name for item in renditions if item.purpose == "peaks"), None),
    }


def stored(story_id: str) -> Projection:
    """What the showcase holds for a story now."""
    rows = db.session.execute(_ROWS, {"story": story_id}).mappings()
    files = db.session.execute(_FILES, {"story": story_id}).mappings()
    return Projection(_by("place", rows), _by("name", files), stored_entry(story_id))


def _of_story(table: FromClause) -> Select[Any]:
    return select(*(column for column in table.c if column is not table.c.story_id)).where(
        table.c.story_id == bindparam("story")
    )


_ROWS = _of_story(Showing.__table__)
_FILES = _of_story(ShowingMedia.__table__)


def _by(key: str, rows: Iterable[RowMapping]) -> dict[str, dict[str, Any]]:
    found = ({**row} for row in rows)
    return {row.pop(key): row for row in found}


class Change(IntEnum):
    """What became of a story's rows in the showcase; less is seen when anything is gone, or will be sooner."""

    NONE = 0
    SOME = 1
    LESS = 2


def reproject(story: Story) -> Change:
    """Bring the showcase in line with the policy for one story; what changed.

    The public store follows after the commit, and other sites are told.
    """
    before, after = stored(story.id), project(story)
    if before == after:
        return Change.NONE
    _replace(Showing, story.id, [{"place": place, **row} for place, row in after.rows.items()])
    if before.media != after.media:
        _replace(ShowingMedia, story.id, [{"name": name, **item} for name, item in after.media.items()])
    if before.entry != after.entry:
        replace_entry(story.id, after.entry)
    _remember_what_left(story.id, before, after)
    later("release.publish_media", story.id)  # our own files go before anybody else is told
    follow_showing(story.id, before.windows, after.windows)
    if _lent(before) != _lent(after):
        keep_records(story.id, after.windows)
    return Change.LESS if _shows_less(before, after, clock.now()) else Change.SOME


_TABLES = {each: Base.metadata.tables[each.__tablename__] for each in (Showing, ShowingMedia)}
_CLEAR = {each: delete(table).where(table.c.story_id == bindparam("story")) for each, table in _TABLES.items()}


def _replace(shown: type[Showing | ShowingMedia], story_id: str, rows: list[dict[str, Any]]) -> None:
    """Put these rows in place of a story's; without objects, of which nobody here has need."""
    db.session.execute(_CLEAR[shown], {"story": story_id})
    if rows:
        db.session.execute(insert(_TABLES[shown]), [{"story_id": story_id, **row} for row in rows])


def _lent(shown: Projection) -> dict[str, dict[str, Any]]:
    """What archives can learn of a story: its rows at every place with an address, while they may take it at all."""
    if lent(shown.windows) is None:
        return {}
    return {place: row for place, row in shown.rows.items() if is_online(place) or place == ARCHIVE}


_ADDRESSES: tuple[tuple[type[Departed | Unhung | Unframed], Callable[[str], bool]], ...] = (
    (Departed, is_online),
    (Unhung, GALLERY.__eq__),
    (Unframed, EMBED.__eq__),
)
"""What is kept in mind when a story left the last of these places."""


def _remember_what_left(story_id: str, before: Projection, after: Projection) -> None:
    """Keep in mind whose addresses began to answer and do not now; nobody asks while they do, so it stays in mind."""
    now = clock.now()
    for left, has_address in _ADDRESSES:
        if _opens(before, has_address, now) and not _opens(after, has_address, now):
            db.session.merge(left(story_id=story_id))
    campaigns = [place for place in before.rows if place.startswith(CAMPAIGN)]
    gone = [place for place in campaigns if _opens(before, place.__eq__, now) and not _opens(after, place.__eq__, now)]
    chosen = _positions(story_id) if gone else {}  # where a curator or a rule took it away, nobody took it back
    for place in gone:
        if place in chosen:
            db.session.merge(LeftCampaign(place=place, story_id=story_id))
    db.session.flush()


def _opens(shown: Projection, has_address: Callable[[str], bool], by: datetime) -> bool:
    """Whether a story's address began to answer before `by`, so that afterwards it must say that it is gone."""
    return any(has_address(place) and row["visible_from"] <= by for place, row in shown.rows.items())


def _shows_less(before: Projection, after: Projection, now: datetime) -> bool:
    """Whether anything that was to be seen from now on is seen no more, later or for a shorter time."""
    coming = {place: row for place, row in before.rows.items() if row["visible_until"] > now}
    if not coming:
        return False
    return not before.media.keys() <= after.media.keys() or any(
        _is_less(row, after.rows.get(place), now, with_words=place not in WORDLESS) for place, row in coming.items()
    )


def _is_less(row: Mapping[str, Any], left: Mapping[str, Any] | None, now: datetime, *, with_words: bool) -> bool:
    if left is None:
        return True
    printed = [(row[facet], left[facet]) for facet in ("country", "age_band")]
    if with_words:
        printed.append((row["body"]["invented_name"], left["body"]["invented_name"]))
    return (
        left["visible_from"] > max(row["visible_from"], now)
        or left["visible_until"] < row["visible_until"]
        or any(was and not is_now for was, is_now in printed)
        or (with_words and not beside_in(row["body"]) <= beside_in(left["body"]))
    )


def move_epoch() -> None:
    """Tell every cache that the showcase changed."""
    db.session.execute(update(ReleaseEpoch).values(value=ReleaseEpoch.value + 1))
