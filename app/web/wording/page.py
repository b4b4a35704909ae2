"""What the pages of one story share: finding it, and each kind of words with what stands in its form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from app.audit.rules import Verb
from app.curation.worded import Worded, find, note_looks
from app.errors import EyesError, Faulty, Invalid, NotFound
from app.extensions import is_id
from app.media.models import Asset
from app.media.rules import Kind
from app.people.rules import Locale
from app.stories.rules import Beside, Standing, puts_into_another_language
from app.stories.wordings import Written
from app.web import previews
from app.web.login import me
from app.web.transaction import look_again
from app.web.words import sentence

LOCALES = {locale.value for locale in Locale}
UNFIT, STALE = 422, 409


def find_worded(story_id: str, *, lock: bool = False, look: bool = False) -> Worded:
    """A story that words may be written beside; with `look` the log says that somebody saw it. Raises `NotFound`."""
    if not is_id(story_id):
        raise NotFound
    worded = find(story_id, lock=lock)
    if look:
        note_looks(me(), [worded])
    return worded


def chosen_locale(worded: Worded) -> Locale:
    """The language that the page is about: `?in=`, or the one the story is told in."""
    typed = request.values.get("in", "")
    return Locale(typed) if typed in LOCALES else worded.story.locale


@dataclass(frozen=True)
class Slot:
    """One kind of words about one thing in one language, as its form shows it."""

    kind: Beside
    about: str
    locale: str
    name: str
    newest: Written | None
    """The newest words about this version, whatever became of them."""
    printed: Written | None
    older: Written | None
    """Words about an older version, where there are none about this one."""
    original: Written | None
    """The same in the language the story is told in."""

    @property
    def base(self) -> str:
        """What the form was opened on."""
        return self.newest.id if self.newest else ""

    @property
    def value(self) -> Mapping[str, Any]:
        """What the form is filled with; what the child refused is not offered again."""
        source = self.newest or self.older
        return source.words if source and source.standing is not Standing.REFUSED else {}

    @property
    def field(self) -> str:
        """The name of its field."""
        return f"{self.kind.value}-{self.about}"


def slot_of(worded: Worded, kind: Beside, about: str, locale: str, name: str = "") -> Slot:
    """One kind of words as they stand."""
    same = [each for each in worded.written if (each.kind, each.about, each.locale) == (kind, about, locale)]
    mine = sorted(
        (each for each in same if each.version == worded.story.current),
        key=lambda each: (each.standing in (Standing.WAITING, Standing.RETURNED), each.written_at),
    )
    told_in = worded.story.locale.value
    original = [each for each in worded.current if (each.kind, each.about, each.locale) == (kind, about, told_in)]
    return Slot(
        kind,
        about,
        locale,
        name,
        newest=mine[-1] if mine else None,
        printed=next((each for each in mine if each.standing is Standing.CHECKED), None),
        older=same[-1] if same and not mine else None,
        original=original[-1] if original and locale != told_in else None,
    )


def slots(worded: Worded, locale: str) -> dict[str, list[Slot]]:
    """Everything that can be written in one language, by kind."""
    found: dict[str, list[Slot]] = {kind.value: [] for kind in Beside}
    counts = {Kind.IMAGE: 0, Kind.SOUND: 0}
    for asset in worded.words.assets:
        counts[asset.kind] += 1
        kind = Beside.CAPTION if asset.kind is Kind.IMAGE else Beside.TRANSCRIPT
        name = previews.name_of(asset.kind, counts[asset.kind])
        found[kind].append(slot_of(worded, kind, asset.id, locale, name))
    found[Beside.NOTE].append(slot_of(worded, Beside.NOTE, "", locale))
    if locale != worded.story.locale:
        found[Beside.TRANSLATION].append(slot_of(worded, Beside.TRANSLATION, "", locale))
    return found


def closed(worded: Worded, kind: Beside, locale: str) -> bool:
    """Whether nobody may write these words, because the family has not said yes to translations."""
    return puts_into_another_language(kind, locale, worded.story.locale) and not worded.translatable


def asset_of(worded: Worded, asset_id: str, kind: Kind) -> Asset:
    """A file of the newest version. Raises `NotFound`."""
    for asset in worded.words.assets:
        if asset.id == asset_id and asset.kind is kind:
            return asset
    raise NotFound


def address_of(worded: Worded) -> previews.Address:
    """Where the files of a story are looked at."""
    return lambda name: url_for("wording.file", story_id=worded.story.id, name=name)


def at(worded: Worded, locale: str, anchor: str = "") -> str:
    """The page of a story in one language."""
    inside: dict[str, Any] = {"in": locale} if locale != worded.story.locale else {}
    return url_for("wording.story", story_id=worded.story.id, _anchor=anchor or None, **inside)


def find_again(story_id: str) -> Worded:
    """The story for a form that comes back refused: what the form did is undone, and the log keeps who saw it."""
    look_again(me().id, Verb.STORY_VIEWED, story_id, words=True)
    return find_worded(story_id)


def sentences(refusal: EyesError | None, field: str = "") -> dict[str, Any]:
    """A sentence for each field that a refusal is about."""
    if isinstance(refusal, Faulty):
        return {f"{field}{name}": sentence(code) for name, code in refusal.faults.items()}
    if isinstance(refusal, Invalid):
        return {f"{field}{refusal.field or ''}": sentence(refusal.code)}
    return {}
