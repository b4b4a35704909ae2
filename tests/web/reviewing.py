"""What the tests of the review pages share: stories to look at, addresses, and a claim."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import select

from app.cli.writing import transaction
from app.extensions import db
from app.media.rules import State as AssetState
from app.people.permissions import Role
from app.people.rules import Help, Helper
from app.release.models import Showing
from app.stories import actions as telling
from app.stories.lifecycle import State
from app.stories.models import Story
from tests.factories.stories import FINE, add_picture, add_sound, begin_story, child_says
from tests.web.team import Colleague

NOON = datetime(2099, 11, 24, 12, 0, 0, tzinfo=UTC)
"""Later than the real moment at which a fixture logs somebody in: a code is good once, and never an older one."""
APPROVAL = {**FINE, "themes": "family", "version": "1", "decision": "approve"}
KIND = "Could you paint the school's sign blue?"


def made(app: Flask, make: Callable[..., Story], *arguments: object, **how: object) -> str:
    """The id of a story that was made and committed."""
    with app.app_context(), transaction():
        return make(*arguments, **how).id


def whole() -> Story:
    """A story with words, two pictures and a recording, by a child who had help."""
    story = begin_story()
    add_picture(story)
    add_picture(story, AssetState.REFUSED)
    add_sound(story)
    telling.tell_helper(telling.working_version(story), Helper.TEACHER, Help.TYPED_MY_WORDS)
    child_says(story, {"gallery": "yes"})
    telling.submit(story, Role.CHILD)
    return story


def state_of(app: Flask, story_id: str) -> State:
    with app.app_context():
        return db.session.get_one(Story, story_id).state


def at(story_id: str, *more: str) -> str:
    return "/".join(("/staff/review", story_id, *more))


def claimed(colleague: Colleague, story_id: str) -> None:
    """The story, taken for review on its own page."""
    colleague.get(at(story_id))
    assert colleague.post(at(story_id, "claim")).location == f"{at(story_id)}#review"
    colleague.get(at(story_id))


def shown(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Showing.story_id)))
