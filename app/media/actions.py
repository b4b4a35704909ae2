"""Taking files in, making renditions of them, opening and deleting them.

Both long acts come in three steps, so that no transaction stays open while a slow telephone sends or a
decoder works: one that reads the database (`prepare`, `claim`), one that does the work without it (`take`,
`make`), and one that writes (`keep`, `finish`). `receive` and `make_renditions` do all three.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import clock
from app.adapters import outside
from app.adapters.queue import later
from app.adapters.sealing import decrypt_stream
from app.errors import Conflict, Gone, Invalid, Unavailable
from app.extensions import db, new_id
from app.media import queries, vault
from app.media.models import Asset, Rendition
from app.media.rules import (
    ASSET_ID,
    RENDITION_TYPES,
    Format,
    Kind,
    Refusal,
    Refused,
    State,
    back_off,
    format_of,
)
from app.media.sandbox import WALL_SECONDS
from app.media.vault import Outcome, Readable, Shelf, Taken
from app.people.keys import load_key
from app.people.line import lock_story

log = structlog.get_logger()

GIGABYTE = 1_000_000_000
MAX_CRASHES = 3
"""How often a file may take its decoder down without an answer before it is refused."""
LEASE_MARGIN = timedelta(seconds=30)
"""How much longer than the longest decode nobody else tries the same asset."""


def receive(story_id: str, stream: Readable, *, kind: Kind | None = None, asset_id: str | None = None) -> Asset:
    """Take a file in for a story; the same `asset_id` (client-made, 22 characters) gives the same asset.

    Raises `Invalid` with a `Refusal` as its code, `Gone` when the story was erased, `Unavailable` when the
    vault is full or does not answer.
    """
    known = find_taken(story_id, asset_id) if asset_id else None
    return known or keep(take(prepare(story_id, asset_id), stream, kind))


def find_taken(story_id: str, asset_id: str) -> Asset | None:
    """The asset that was taken in under this id before. Raises `Conflict` when it is another story's."""
    asset = db.session.get(Asset, asset_id)
    if asset is not None and asset.story_id != story_id:
        raise Conflict
    return asset


def prepare(story_id: str, asset_id: str | None = None) -> Shelf:
    """A place in the vault for a new file of this story."""
    if asset_id is not None and not ASSET_ID.fullmatch(asset_id):
        raise Invalid("bad_id")
    if queries.vault_bytes() >= outside().settings.vault_quota_gb * GIGABYTE:
        raise Unavailable("vault_full")
    return Shelf(story_id, asset_id or new_id(), load_key(story_id), vault.new_leaf())


def take(shelf: Shelf, stream: Readable, kind: Kind | None = None) -> Taken:
    """Read the file into the vault; needs no database. Raises `Invalid` with a `Refusal` as its code."""
    try:
        return vault.take(shelf, stream, kind)
    except Refused as refused:
        raise Invalid(refused.reason.value, field="file") from refused


def keep(taken: Taken) -> Asset:
    """Record a file that lies in the vault, and have it decoded."""
    shelf = taken.shelf
    first = find_taken(shelf.story_id, shelf.asset_id)
    if first is not None:
        vault.discard(shelf, [shelf.original])
        return first
    asset = Asset(
        id=shelf.asset_id,
        story_id=shelf.story_id,
        kind=taken.form.kind,
        size=taken.size,
        sha256=taken.sha256,
        media_type=taken.form.media_type,
        original=shelf.original,
        vault_bytes=vault.kept_bytes([taken.size]),
    )
    try:
        with db.session.begin_nested():
            db.session.add(asset)
    except IntegrityError as error:
        first = find_taken(shelf.story_id, shelf.asset_id)
        if first is None:
            raise Gone("erased") from error
        vault.discard(shelf, [shelf.original])
        return first  # the same upload, sent twice at the same moment
    later("media.make_renditions", asset.id)
    return asset


@dataclass(frozen=True)
class Work:
    """One attempt to decode one asset."""

    shelf: Shelf
    form: Format


def make_renditions(asset_id: str) -> None:
    """Decode an asset and record what became of it; nothing happens when that is done or somebody is at
    it."""
    work = claim(asset_id)
    if work is not None:
        finish(work, vault.make(work.shelf, work.form))


def claim(asset_id: str) -> Work | None:
    """Begin an attempt, unless there is nothing to do. Counted before it begins, so that a killed worker
    counts."""
    asset = _lock(asset_id)
    if asset is None or asset.state is not State.QUARANTINED or asset.next_attempt_at > clock.now():
        return None
    asset.attempts += 1
    asset.next_attempt_at = clock.now() + timedelta(seconds=WALL_SECONDS[asset.kind]) + LEASE_MARGIN
    db.session.flush()
    shelf = Shelf(asset.story_id, asset.id, load_key(asset.story_id), asset.original)
    return Work(shelf, format_of(asset.media_type))


def finish(work: Work, outcome: Outcome) -> None:
    """Record how an attempt ended."""
    asset = _lock(work.shelf.asset_id)
    if asset is None or asset.state is not State.QUARANTINED:
        # Erased in the meantime, or somebody else was faster.
        vault.discard(work.shelf, [file.name for file in outcome.files])
        return
    if outcome.made is not None:
        settle(asset, outcome)
    elif outcome.refusal is not None:
        refuse(asset, outcome.refusal)
    else:
        put_off(asset, outcome)
    db.session.flush()


def _lock(asset_id: str) -> Asset | None:
    """The asset as whoever came before left it; in line for its story first, as an erasure is."""
    story_id = db.session.scalar(select(Asset.story_id).where(Asset.id == asset_id))
    if story_id is None:
        return None
    lock_story(story_id)
    return db.session.get(Asset, asset_id, with_for_update=True, populate_existing=True)


def settle(asset: Asset, outcome: Outcome) -> None:
    """Everything was made: the asset is ready."""
    made = outcome.made
    if made is None:
        raise ValueError("nothing was made")
    asset.state = State.READY
    asset.width, asset.height = made.width, made.height
    asset.duration_ms, asset.placeholder = made.duration_ms, made.placeholder
    asset.vault_bytes += vault.kept_bytes([file.size for file in outcome.files])
    for file in outcome.files:
        db.session.add(Rendition(asset_id=asset.id, media_type=RENDITION_TYPES[file.purpose][0], **vars(file)))


def refuse(asset: Asset, reason: Refusal) -> None:
    """The file cannot be used. The original stays, sealed, until the story goes: a decoder can be wrong."""
    asset.state, asset.refusal = State.REFUSED, reason
    log.info("media.refused", asset=asset.id, reason=reason.value)


def put_off(asset: Asset, outcome: Outcome) -> None:
    """It did not work this time. Crashes that repeat are the file's; everything else is tried for as long
    as it takes."""
    asset.crashes += outcome.crashed
    if asset.crashes >= MAX_CRASHES:
        refuse(asset, Refusal.HOSTILE)
        return
    asset.next_attempt_at = clock.now() + back_off(asset.attempts)
    log.warning("media.failed", asset=asset.id, failure=outcome.failure, attempts=asset.attempts)


def open_original(asset: Asset, start: int = 0, length: int | None = None) -> Iterator[bytes]:
    """The file as it was handed in: for staff with the right, and for the child."""
    return vault.open_sealed(asset.vault_name, load_key(asset.story_id), start, length)


def open_rendition(rendition: Rendition, start: int = 0, length: int | None = None) -> Iterator[bytes]:
    """A rendition, decrypted."""
    return vault.open_sealed(rendition.vault_name, load_key(rendition.asset.story_id), start, length)


def opener(story_id: str) -> Callable[[str], Iterator[bytes]]:
    """How to decrypt any file of a story by its name in the vault, later and without the database."""
    key, store = load_key(story_id), outside().vault
    return lambda name: decrypt_stream(key, store.open(name), name.encode())


def delete_for_story(story_id: str) -> None:
    """Delete every file of a story from the vault; its rows are the story's to delete."""
    store = outside().vault
    for name in list(store.names(f"{story_id}/")):
        store.delete(name)
