"""The story that belongs to the card which was shown in this browser."""

from flask import abort, redirect, session, url_for

from app.consent.queries import taken_back
from app.extensions import db
from app.people.models import Storyteller
from app.stories.lifecycle import State
from app.stories.models import Story
from app.stories.queries import of_storyteller
from app.web.guard import CHILD_STORYTELLER
from app.web.shared_phone import forget_all_but_mode
from app.web.verdicts import shown_grades


def my_story(*, lock: bool = False) -> Story:
    """The child's newest story. Once all of it is erased, the card opens nothing any more."""
    stories = of_storyteller(session[CHILD_STORYTELLER])
    if not stories:
        session.pop(CHILD_STORYTELLER)
        abort(redirect(url_for("my_story.enter")))
    story = stories[0]
    if lock:
        db.session.refresh(story, with_for_update=True)
    return story


def standing(story: Story) -> str:
    """The key of what is said about it now: whoever erases or hides it hears that, whatever became of it before."""
    if story.erase_after is not None:
        return "leaving"
    return "hidden" if story.state is State.APPROVED and taken_back(story.id) else story.state


def seen_of(story: Story) -> dict[str, int]:
    """How much of the child people see, by attribute; nothing is said of it once the child has hidden or erased it."""
    return {} if standing(story) in ("hidden", "leaving") else shown_grades(story)


def can_be_opened(storyteller: Storyteller) -> bool:
    """Whether a card of theirs opens something."""
    stories = of_storyteller(storyteller.id)
    return bool(stories) and stories[0].state is not State.DRAFT


def open_for(storyteller: Storyteller) -> bool:
    """Remember in this browser whose card was shown; False when there is nothing left to open."""
    if not can_be_opened(storyteller):
        return False
    forget_all_but_mode()
    session[CHILD_STORYTELLER] = storyteller.id
    return True
