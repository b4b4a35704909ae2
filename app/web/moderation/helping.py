"""What a reviewer does besides deciding: a version that protects the child, and a few words to the child."""

from dataclasses import replace

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.errors import Invalid
from app.moderation import actions
from app.people.permissions import Permission
from app.stories.models import Story
from app.web.guard import Audience, open_to
from app.web.login import me
from app.web.moderation import bp
from app.web.moderation.page import attempt, go_on
from app.web.moderation.typed import read_typed
from app.web.transaction import writes

NOTHING_LEFT = {"nothing_told": "nothing_left"}
"""The child is told the one, the reviewer the other."""


@bp.post("/<story_id>/protect")
@open_to(Audience.STAFF, Permission.STORY_REVIEW)
@writes
def protect(story_id: str) -> ResponseReturnValue:
    """Make another version. The list is begun anew: it is about what the child will be shown."""
    typed = read_typed()

    def act(story: Story) -> ResponseReturnValue:
        typed.check_version(story)
        try:
            actions.protect(me(), story, title=typed.title, text=typed.text, left_out=typed.left_out)
        except Invalid as refusal:
            raise Invalid(NOTHING_LEFT.get(refusal.code, refusal.code), refusal.field) from refusal
        flash(gettext("The new version is made. It is shown nowhere before the child has accepted it."), "good")
        return go_on(story, typed.about_no_version())

    return attempt(story_id, typed, act)


@bp.post("/<story_id>/write")
@open_to(Audience.STAFF, Permission.STORY_REVIEW)
@writes
def write(story_id: str) -> ResponseReturnValue:
    """Write to the child without deciding."""
    typed = read_typed()

    def act(story: Story) -> ResponseReturnValue:
        try:
            actions.write_to_child(me(), story, typed.words)
        except Invalid as refusal:
            raise Invalid(refusal.code, "words") from refusal
        flash(gettext("The child has your message."), "good")
        return go_on(story, replace(typed, words=""))

    return attempt(story_id, typed, act)
