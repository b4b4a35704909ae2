"""Looking at one story, and at its files."""

from flask import request
from flask.typing import ResponseReturnValue

from app.audit.actions import record
from app.audit.rules import Verb
from app.people.permissions import Permission
from app.web import previews
from app.web.guard import Audience, open_to
from app.web.inspection import find_story
from app.web.login import me
from app.web.moderation import bp
from app.web.moderation.page import render_review
from app.web.transaction import writes


@bp.get("/<story_id>")
@open_to(Audience.STAFF, Permission.STORY_REVIEW)
@writes
def review(story_id: str) -> str:
    """The story as it is, or an older version of it (`?version=1`)."""
    return render_review(find_story(me(), story_id), number=request.args.get("version", type=int))


@bp.get("/<story_id>/files/<name>")
@open_to(Audience.STAFF, Permission.STORY_REVIEW)
@writes
def file(story_id: str, name: str) -> ResponseReturnValue:
    """What was made of a file, decrypted on the way; the original stays in the vault."""
    story = find_story(me(), story_id)
    rendition = previews.find_rendition(story, name)
    record(me().id, Verb.PREVIEW_OPENED, story.id, asset=rendition.asset_id, purpose=rendition.purpose.value)
    return previews.stream(rendition)
