"""The public store: a copy of what is shown now, filled from the vault and emptied when a story leaves.

The showcase decides; the store only follows. A file that is missing is copied when it is asked for, and a file
that should not be there is never served, because every answer asks the showcase first.
"""

from collections.abc import Iterator

import structlog
from sqlalchemy import select

from app.adapters import outside
from app.adapters.queue import rollback
from app.adapters.sealing import Damaged
from app.adapters.storage import Missing
from app.errors import Gone
from app.extensions import db, only_reading
from app.media.actions import open_rendition
from app.media.models import Asset, Rendition
from app.release import queries
from app.release.models import ShowingMedia

log = structlog.get_logger()


def published_name(story_id: str, name: str) -> str:
    """Where a public file lies in the public store."""
    return f"{story_id}/{name}"


def open_public(file: queries.File, start: int = 0, length: int | None = None) -> Iterator[bytes]:
    """The bytes of a file that `queries.media` found."""
    return outside().public.open(find_public(file), start, length)


def find_public(file: queries.File) -> str:
    """Where a file that `queries.media` found lies in the public store; copied from the vault where it is missing.

    To copy ends the transaction, in which nothing may wait to be written. Raises `Gone` for a file that was taken back
    meanwhile.
    """
    name = published_name(file.story_id, file.name)
    try:
        outside().public.size(name)
    except Missing:
        if not _publish(file.story_id, file.name):
            raise Gone from None
    return name


@only_reading()
def publish(story_id: str) -> None:
    """Bring the public store in line with the showcase for one story: copy what is missing, delete the rest."""
    store, wanted = outside().public, _wanted(story_id)
    present = {name.rpartition("/")[2] for name in store.names(f"{story_id}/")}
    for name in sorted(present - wanted):
        store.delete(published_name(story_id, name))
    for name in sorted(wanted - present):
        _publish(story_id, name)


def _wanted(story_id: str) -> set[str]:
    """The names of a story's files that can be fetched at this moment."""
    names = select(ShowingMedia.name).where(ShowingMedia.story_id == story_id)
    return set(db.session.scalars(names)) if queries.is_online_now(story_id) else set()


def _publish(story_id: str, name: str) -> bool:
    """Copy one file; whether it may stay: a withdrawal that came meanwhile could not find it to delete it."""
    rendition = db.session.scalar(
        select(Rendition)
        .join(Asset, Asset.id == Rendition.asset_id)
        .where(Rendition.name == name, Asset.story_id == story_id)
    )
    if rendition is None:
        raise Gone
    outside().public.put(published_name(story_id, name), open_rendition(rendition))
    rollback()  # what is shown now, and not when the copy was begun
    if name in _wanted(story_id):
        return True
    outside().public.delete(published_name(story_id, name))
    return False


def sweep() -> int:
    """Bring the public store in line for every story of which it holds too much or too little; how many there were."""
    with only_reading():
        present = set(outside().public.names(""))
        wanted = {published_name(story_id, name) for story_id, name in queries.files_online()}
    differing = sorted({name.partition("/")[0] for name in present ^ wanted})
    for story_id in differing:
        rollback()  # what is shown now, and not when the store was listed
        try:
            publish(story_id)
        except (Missing, Damaged, Gone) as error:  # one story's file must not keep the others' from going
            log.warning("publishing.failed", story=story_id, failure=error.code)
    return len(differing)
