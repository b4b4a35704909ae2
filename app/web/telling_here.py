"""What is going on in this browser: the story that is being told, and the one that a card has opened.

What is typed waits in the browser until it is saved (`static/src/js/draft.js`); the marks tell whose words they are.
"""

from flask import Flask, session

from app.people.hashes import hash_token
from app.stories.lifecycle import State
from app.stories.models import Story
from app.stories.queries import by_id
from app.web.guard import CHILD_STORYTELLER, keeps_session

DRAFT = "draft"
"""The session key of the story that is being told in this browser, until its card was confirmed."""
MARK_SIGNS = 16


def init_app(app: Flask) -> None:
    """Tell the templates whose drafts are kept."""
    app.jinja_env.globals.update(telling_mark=telling_mark, opened_mark=opened_mark, marks_here=marks_here)


def told_here(*, lock: bool = False) -> Story | None:
    """The story that is being told here, sent or not; None where nothing was begun, or it is erased."""
    story = by_id(session.get(DRAFT, ""), lock=lock)
    return None if story is None or story.state is State.ERASED else story


def is_telling() -> bool:
    """Whether a story was begun here and is not sent yet."""
    story = told_here()
    return story is not None and story.state is State.DRAFT


def card_waits() -> bool:
    """Whether the story was sent from here and nobody has confirmed its card, which is shown in no other place."""
    story = told_here()
    return story is not None and story.state is not State.DRAFT and story.storyteller.card_sealed is not None


def telling_mark() -> str:
    """What tells the drafts of the story that is being told here from those of any other."""
    return _mark(session.get(DRAFT, ""))


def opened_mark() -> str:
    """The same for the child whose card has opened a story here."""
    return _mark(session.get(CHILD_STORYTELLER, ""))


def marks_here() -> str:
    """Both, as far as there are any: the browser forgets a draft that has neither. None on a page without a cookie."""
    return " ".join(filter(None, (telling_mark(), opened_mark()))) if keeps_session() else ""


def _mark(whose: str) -> str:
    return hash_token(whose)[:MARK_SIGNS] if whose else ""
