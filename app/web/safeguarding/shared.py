"""What the pages of a case and of a suspension share: finding it, and the story it is about."""

from typing import Any, TypeVar

from app.errors import NotFound
from app.extensions import db, is_id
from app.safeguarding.models import Case, Suspension
from app.stories.lifecycle import State
from app.stories.models import Story
from app.web.inspection import inspect
from app.web.login import me
from app.web.verdicts import shared_reasons, verdict_rows
from app.web.words import REASONS

Kind = TypeVar("Kind", Case, Suspension)


def find(kind: type[Kind], its_id: str, *, lock: bool = False) -> Kind:
    """A case or suspension by its id. Raises `NotFound`."""
    found = db.session.get(kind, its_id, with_for_update=lock or None) if is_id(its_id) else None
    if found is None:
        raise NotFound
    return found


def is_shown_now(story: Story) -> bool:
    """Whether anybody can see it, as everything stands."""
    return story.state is not State.ERASED and any(row["allowed"] for row in verdict_rows(story, REASONS))


def story_of(found: Case | Suspension) -> dict[str, Any]:
    """Its story as the templates print it, opened for whoever is logged in; nothing of one that was erased."""
    story = db.session.get_one(Story, found.story_id)
    if story.state is State.ERASED:
        return {"story": story, "it": None, "places": [], "everywhere": []}
    rows = verdict_rows(story, REASONS)
    return {"story": story, "it": inspect(me(), story), "everywhere": shared_reasons(rows), "places": rows}
