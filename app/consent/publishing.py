"""A text is published for a deployment once it is complete: every language, and in each words, sounds and pictures."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy import select

from app import clock
from app.audit.actions import record
from app.audit.rules import Verb
from app.consent.models import TextRelease
from app.consent.rules import ATTRIBUTE_VALUES, Attribute, Value
from app.consent.texts import (
    AROUND,
    GROUPS,
    TEXT_IDS,
    load,
    names,
    picture_file,
    sound_file,
    sounds,
    text_file,
    translations,
    versions,
)
from app.errors import Conflict
from app.extensions import db
from app.people.rules import Locale

TEXT, AUDIO, PICTOGRAM = "text", "audio", "pictogram"


def publish(text_id: str, version: int, *, major: bool) -> None:
    """Ask this version from now on. Raises `Conflict` when anything speaks against it."""
    if obstacles(text_id, version):
        raise Conflict("text_not_publishable")
    _release(text_id, version, major=major)
    record("cli", Verb.TEXT_PUBLISHED, f"{text_id}-{version}", major=major)


def publish_first() -> None:
    """A fresh deployment asks the newest complete version of each text."""
    if db.session.scalar(select(TextRelease.version).limit(1)) is None:
        for text_id in TEXT_IDS:
            complete = [version for version in versions(text_id) if not any(gaps(text_id, version))]
            _release(text_id, complete[-1], major=True)


def _release(text_id: str, version: int, *, major: bool) -> None:
    release = TextRelease(text_id=text_id, version=version, major=major, published_at=clock.now())
    release.digests = digests(text_id, version)
    db.session.add(release)
    db.session.flush()


def obstacles(text_id: str, version: int) -> list[str]:
    """A line for everything that speaks against publishing a version; none when it can be published."""
    published = releases(text_id)
    newest = max((release.version for release in published), default=0)
    return [
        *(f"{text_id} {version} lacks {gap}" for gap in gaps(text_id, version)),
        *(line for release in published for line in edits(release)),
        *([f"{text_id} {newest} is published already: a version must be newer"] if version <= newest else []),
    ]


def edits(release: TextRelease) -> list[str]:
    """A line for everything that has changed in a version since it was published.

    Pictures are not compared: all versions share them, and a better drawing of the same thing is no other question.
    """
    found = digests(release.text_id, release.version)
    changed = [key for key in sorted(release.digests) if found.get(key) != release.digests[key]]
    return [
        f"{release.text_id} {release.version} was edited after it was published: {key}"
        for key in changed
        if not key.endswith(PICTOGRAM)
    ]


def reworded() -> list[str]:
    """A line for each language of each text whose words are not those that were published: receipts quote them."""
    every = (release for text_id in TEXT_IDS for release in releases(text_id))
    return [line for release in every for line in edits(release) if line.endswith(f"/{TEXT}")]


def releases(text_id: str) -> list[TextRelease]:
    """What was published of a text, the oldest first."""
    statement = select(TextRelease).where(TextRelease.text_id == text_id).order_by(TextRelease.version)
    return list(db.session.scalars(statement))


def gaps(text_id: str, version: int) -> Iterator[str]:
    """Everything that a version lacks, as `locale/channel/part`."""
    for locale in Locale:
        yield from (f"{locale}/{TEXT}/{part}" for part in _unwritten(text_id, version, locale))
        spoken = [sound_file(text_id, version, locale, name) for name in sounds(text_id)]
        yield from (f"{locale}/{AUDIO}/{path.name}" for path in spoken if not path.exists())
        pictures = [picture_file(name) for name in names(text_id)]
        yield from (f"{locale}/{PICTOGRAM}/{path.name}" for path in pictures if not path.exists())


def _unwritten(text_id: str, version: int, locale: str) -> Iterator[str]:
    file = text_file(text_id, version, locale)
    if not file.exists():
        yield file.name
        return
    text = load(text_id, version, locale)
    asked = names(text_id)
    needed = {
        "groups": (text.groups, GROUPS),
        "choices": (text.choices, (*ATTRIBUTE_VALUES[Attribute.VOICE], Value.UNSURE)),
        "questions": (text.questions, asked),
        "explanations": (text.explanations, asked),
    }
    for part, (words, keys) in needed.items():
        yield from (f"{part}.{key}" for key in keys if not words.get(key))
    paragraphs = {"title": text.title, "intro": text.intro, "closing": text.closing}
    yield from (part for part, words in paragraphs.items() if not words)


def digests(text_id: str, version: int) -> dict[str, str]:
    """The SHA-256 (hex) of what is shown in each language through each channel, by `locale/channel`.

    What is said around the questions has a digest of its own, `locale/audio/part`: a release of the time when it could
    not be heard has none, and is not edited because it can be heard now.
    """
    shown = {}
    for text in translations(text_id, version):
        shown[f"{text.locale}/{TEXT}"] = text.sha256
        shown[f"{text.locale}/{AUDIO}"] = _of_all(
            sound_file(text_id, version, text.locale, name) for name in text.questions
        )
        for part in AROUND:
            shown[f"{text.locale}/{AUDIO}/{part}"] = _of_all([sound_file(text_id, version, text.locale, part)])
        shown[f"{text.locale}/{PICTOGRAM}"] = _of_all(picture_file(name) for name in text.questions)
    return shown


def _of_all(files: Iterable[Path]) -> str:
    """One hash of many files; one that is not there counts as empty."""
    whole = hashlib.sha256()
    for path in files:
        whole.update(hashlib.sha256(path.read_bytes() if path.exists() else b"").digest())
    return whole.hexdigest()
