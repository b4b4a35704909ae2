"""Jobs about media."""

from app.adapters import outside
from app.adapters.queue import commit, job
from app.media import vault
from app.media.actions import claim, delete_for_story, finish


@job("media.make_renditions")
def make_renditions(asset_id: str) -> None:
    """Decode one asset. Two commits, because between them a decoder works and nobody should wait for it."""
    work = claim(asset_id)
    commit(outside().queue)
    if work is not None:
        finish(work, vault.make(work.shelf, work.form))
        commit(outside().queue)


@job("media.delete_files")
def delete_files(story_id: str) -> None:
    """Empty the vault of an erased story."""
    delete_for_story(story_id)
