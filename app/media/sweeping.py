"""The vault and the database, compared: what no row knows is deleted, what no file holds is reported."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

import structlog
from sqlalchemy import select

from app import clock
from app.adapters import outside
from app.adapters.storage import Stored
from app.extensions import db, only_reading
from app.media.models import Asset, Rendition

log = structlog.get_logger()

SETTLED = timedelta(hours=1)
"""A file that is younger may belong to a transaction that has not ended."""
BATCH = 500
ORIGINALS = "original"
"""How the names of files end that were handed in."""
FOREIGN = "/evidence"
"""How the names end of what lies beside a story's files and is not theirs: guardians' forms and voices."""


@dataclass
class Sweep:
    """What was found."""

    deleted: int = 0
    missing: list[str] = field(default_factory=list)


def sweep_orphans(prefix: str = "") -> Sweep:
    """Delete files older than an hour that have no row, and report assets of that age that have no original.

    `prefix` limits both to the stories whose id begins with it, so that a large vault can be swept in turns.
    """
    before = clock.now() - SETTLED
    with only_reading():
        result = Sweep()
        store = outside().vault
        store.discard_unfinished(before)
        there: set[str] = set()
        for files in batches(store.listing(prefix)):
            there |= {file.name for file in files if file.name.endswith(ORIGINALS)}
            settled = [file.name for file in files if file.modified < before and not file.name.endswith(FOREIGN)]
            for name in orphans(settled):
                store.delete(name)
                result.deleted += 1
        result.missing = [asset_id for asset_id, name in kept_since(before, prefix) if name not in there]
    if result.deleted or result.missing:
        log.warning("vault.swept", deleted=result.deleted, missing=result.missing[:10])
    return result


def batches(files: Iterable[Stored]) -> Iterator[list[Stored]]:
    """The listing in handfuls that one query can ask about."""
    source = iter(files)
    while batch := list(islice(source, BATCH)):
        yield batch


def asset_of(name: str) -> str:
    """The asset a vault name belongs to; nothing for a name of another shape."""
    parts = name.split("/")
    return parts[1] if len(parts) == 3 else ""


def orphans(names: list[str]) -> list[str]:
    """Those of `names` that no row stands for."""
    asset_ids = {asset_of(name) for name in names}
    known = {
        "/".join(row)
        for row in db.session.execute(select(Asset.story_id, Asset.id, Asset.original).where(Asset.id.in_(asset_ids)))
    }
    leaves = {name.rpartition("/")[2] for name in names}
    renditions = (
        select(Asset.story_id, Asset.id, Rendition.name)
        .join(Rendition, Rendition.asset_id == Asset.id)
        .where(Rendition.name.in_(leaves))
    )
    known |= {f"{story_id}/{asset_id}/{leaf}" for story_id, asset_id, leaf in db.session.execute(renditions)}
    return [name for name in names if name not in known]


def kept_since(before: datetime, prefix: str) -> Iterator[tuple[str, str]]:
    """The assets recorded before this moment: their ids, and where their originals lie."""
    recorded = Asset.created_at < before, Asset.story_id.startswith(prefix, autoescape=True)
    statement = select(Asset.story_id, Asset.id, Asset.original).where(*recorded)
    for story_id, asset_id, original in db.session.execute(statement.execution_options(yield_per=BATCH)):
        yield asset_id, f"{story_id}/{asset_id}/{original}"
