"""The showcase compared with the policy, story by story, and brought in line with it."""

from collections.abc import Iterator

from sqlalchemy import select

from app.extensions import db
from app.people.growing import settle
from app.people.line import lock_stories_of
from app.people.models import Storyteller
from app.release.following import mark_followed
from app.release.indexing import index_is_sound, rebuild_index
from app.release.projection import move_epoch, project, reproject, stored
from app.release.records import correct_records
from app.stories.models import Story


def differences() -> Iterator[str]:
    """The ids of the stories whose rows in the showcase are not what the policy says."""
    for story_id in db.session.scalars(select(Story.id).order_by(Story.id)).all():
        story = db.session.get(Story, story_id)
        if story is not None and project(story) != stored(story_id):
            yield story_id
        db.session.expire_all()


def rebuild() -> int:
    """Bring every story's rows, their index and what archives are told in line with the policy; how many were not."""
    if not index_is_sound():
        rebuild_index()
    for teller in db.session.scalars(select(Storyteller).where(Storyteller.majority_from.is_not(None))):
        lock_stories_of(teller.id)
        db.session.refresh(teller, with_for_update=True)
        settle(teller)
    db.session.flush()
    wrong = list(differences())
    for story_id in wrong:
        story = db.session.get(Story, story_id)
        if story is not None:
            reproject(story)
    if correct_records() or wrong:
        move_epoch()
    mark_followed()
    return len(wrong)
