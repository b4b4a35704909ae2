"""Taking a story for review, giving it back, taking it over."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.moderation import actions
from app.people.permissions import Permission
from app.stories.models import Story
from app.web.guard import Audience, open_to
from app.web.inspection import find_story
from app.web.login import me
from app.web.moderation import bp
from app.web.moderation.page import attempt, render_review
from app.web.moderation.typed import Typed, read_typed
from app.web.transaction import writes


@bp.post("/<story_id>/claim")
@open_to(Audience.STAFF, Permission.STORY_REVIEW)
@writes
def claim(story_id: str) -> ResponseReturnValue:
    """Take the story, or keep it for longer. What was filled in already stays on the page."""
    typed = read_typed()

    def act(story: Story) -> ResponseReturnValue:
        actions.claim(me(), story)
        return claimed(story, typed)

    return attempt(story_id, typed, act)


@bp.post("/<story_id>/break")
@open_to(Audience.STAFF, Permission.STORY_REVIEW)
@writes
def break_claim(story_id: str) -> ResponseReturnValue:
    """Take the story over from a colleague, saying why."""
    typed = read_typed()

    def act(story: Story) -> ResponseReturnValue:
        actions.break_claim(me(), story, typed.reason)
        return claimed(story, typed)

    return attempt(story_id, typed, act)


def claimed(story: Story, typed: Typed) -> ResponseReturnValue:
    """On to the review; the page itself when something was filled in, which an address could not carry."""
    if typed.is_empty:
        return redirect(url_for("moderation.review", story_id=story.id, _anchor="review"), 303)
    return render_review(story, typed)


@bp.post("/<story_id>/release")
@open_to(Audience.STAFF, Permission.STORY_REVIEW)
@writes
def release(story_id: str) -> ResponseReturnValue:
    """Give the story back, for whatever reason: nobody asks for one."""
    actions.release_claim(me(), find_story(me(), story_id, lock=True))
    flash(gettext("The story is back in the queue."), "good")
    return redirect(url_for("moderation.queue"), 303)
