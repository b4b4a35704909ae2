"""A child asked for help: somebody from the team writes back, whatever becomes of the story."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.errors import Invalid
from app.moderation.actions import answer_call
from app.people.permissions import Permission
from app.stories.models import Story
from app.web.forms import only_fields
from app.web.guard import Audience, open_to
from app.web.login import me
from app.web.moderation import bp
from app.web.moderation.page import attempt
from app.web.moderation.typed import read_typed
from app.web.transaction import writes


@bp.post("/<story_id>/answer")
@open_to(Audience.STAFF, Permission.STORY_REVIEW)
@writes
def answer(story_id: str) -> ResponseReturnValue:
    """Write back to the child; the call is answered with it."""
    only_fields("answer")
    typed = read_typed()

    def act(story: Story) -> ResponseReturnValue:
        try:
            answer_call(me(), story, typed.answer)
        except Invalid as error:
            raise Invalid(error.code, "answer") from error
        flash(gettext("The child has your message."), "good")
        return redirect(url_for("moderation.review", story_id=story.id), 303)

    return attempt(story_id, typed, act)
