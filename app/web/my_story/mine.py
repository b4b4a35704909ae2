"""The story that belongs to the card which was shown in this browser."""

from collections.abc import Mapping
from datetime import timedelta
from typing import NoReturn

from flask import abort, flash, redirect, session, url_for
from flask_babel import gettext as _

from app import clock
from app.consent.queries import said_now, taken_back
from app.consent.rules import Given, Party, opens
from app.people.hashes import hash_token
from app.people.models import Storyteller
from app.people.queries import growing_up, has_come
from app.people.rules import Since
from app.stories import actions
from app.stories.lifecycle import State
from app.stories.models import Story
from app.stories.queries import of_storyteller, version_of
from app.stories.rules import Eraser, who_erases
from app.web.guard import CHILD_STORYTELLER
from app.web.questions import asked_about
from app.web.shared_phone import forget_all_but_mode
from app.web.verdicts import shown_grades

LEAVING = "leaving"
BY_CARD = "card"
"""The session key that says with which of the storyteller's cards their story was opened."""
SEEN = "seen"
"""The session key: when the story was last looked at in this browser, in seconds."""
STAYS_OPEN = timedelta(hours=24)
SEEN_GRAIN = timedelta(minutes=5)


def my_story(*, lock: bool = False) -> Story:
    """The child's newest story. Once all of it is erased, or a new card was issued, the old one opens nothing more.

    And whoever finds this browser a day later finds it closed.
    """
    stories = of_storyteller(session[CHILD_STORYTELLER])
    if not stories or session.get(BY_CARD, "") != mark_of(stories[0].storyteller):
        _close()
    if _nobody_came():
        flash(_("This was closed, because nobody used it for a day. The card opens it again."))
        _close()
    story = stories[0]
    if lock:
        actions.lock(story)
    return story


def _close() -> NoReturn:
    """Ask for the card."""
    session.pop(CHILD_STORYTELLER)
    abort(redirect(url_for("my_story.enter")))


def _nobody_came() -> bool:
    """Whether this browser was left with the story open for too long; else it is noted that somebody is there."""
    now = int(clock.now().timestamp())
    quiet = now - int(session.setdefault(SEEN, now))
    if quiet >= SEEN_GRAIN.total_seconds():
        session[SEEN] = now
    return quiet > STAYS_OPEN.total_seconds()


def standing(story: Story) -> str:
    """The key of what is said about it now: that it is being erased, and for whom, or hidden; whatever came before."""
    if story.erase_after is not None:
        asked = who_erases(story.erase_asked_by)
        return LEAVING if asked is Eraser.CHILD else f"{LEAVING}-{asked.value}"
    return "hidden" if story.state is State.APPROVED and taken_back(story.id) else story.state


def what_next(story: Story, stands: str) -> str:
    """The key of what is said about the time to come: an approved story of somebody old enough needs no guardian.

    Once they have said everything anew: what they said before is not theirs alone.
    """
    said = [given for scope, given in asked_now(story, said_now(story.id)[0]).items() if opens(scope, given.value)]
    ways = _decides(story, stands)
    for key, since in ways:
        if all(since.covers(given.at, given.said_seq) for given in said):
            return key if (key, since) == ways[0] else f"{stands}-nearly_of_age"
    return stands


def who_decides_from_now_on(story: Story, stands: str) -> str:
    """The same of what they are about to say; empty where a guardian decides with them."""
    return next((key for key, _since in _decides(story, stands)), "")


def _decides(story: Story, stands: str) -> list[tuple[str, Since]]:
    """The ways in which they decide alone, the one about everything first."""
    own_age, majority = growing_up(story.storyteller)
    ways = ((majority, "of_age"), (own_age, "grown"))
    return [(f"{stands}-{key}", since) for since, key in ways if stands == State.APPROVED and since and has_come(since)]


def asked_now(story: Story, said: Mapping[str, Given]) -> dict[str, Given]:
    """What they said to the questions that are still asked: a campaign may be over, a recording taken out."""
    open_today = {scope for scope, _name, _campaign in asked_about(Party.CHILD, version_of(story))}
    return {scope: given for scope, given in said.items() if scope in open_today}


def seen_of(story: Story, stands: str) -> dict[str, int]:
    """How much of the child people see, by attribute; nothing is said of it once it is hidden or being erased."""
    return {} if stands == "hidden" or stands.startswith(LEAVING) else shown_grades(story)


def can_be_opened(storyteller: Storyteller) -> bool:
    """Whether a card of theirs opens something."""
    stories = of_storyteller(storyteller.id)
    return bool(stories) and stories[0].state is not State.DRAFT


def open_for(storyteller: Storyteller) -> bool:
    """Remember in this browser whose card was shown; False when there is nothing left to open."""
    if not can_be_opened(storyteller):
        return False
    forget_all_but_mode()
    session[CHILD_STORYTELLER], session[BY_CARD] = storyteller.id, mark_of(storyteller)
    return True


def mark_of(storyteller: Storyteller) -> str:
    """What tells a storyteller's card from the one before it; empty where there is none."""
    return hash_token(storyteller.card_hash) if storyteller.card_hash else ""
