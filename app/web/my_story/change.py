"""Changing a story because somebody asked; the guardian is asked again about the new version."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, lazy_gettext as _

from app.consent.notices import ask_again
from app.errors import Invalid
from app.extensions import limiter
from app.people.permissions import Role
from app.safeguarding.queries import is_locked
from app.stories.actions import detach, submit, working_version
from app.stories.lifecycle import State
from app.stories.models import Story, Version
from app.stories.queries import find_version, messages, version_of
from app.web import intake, pieces, previews
from app.web.guard import Audience, open_to
from app.web.my_story import bp
from app.web.my_story.look import file_address
from app.web.my_story.mine import my_story
from app.web.transaction import writes_late
from app.web.words import sentence


def _changing() -> Story:
    """The story, if it may be changed now."""
    story = my_story()
    if story.erase_after is not None:
        flash(_("Your story is going away. Stop that first, then you can change it."), "warn")
    if story.state is not State.CHANGES_ASKED or story.erase_after is not None:
        abort(redirect(url_for("my_story.home")))
    return story


def _look() -> Version:
    story = _changing()
    return find_version(story.id, story.current + 1) or version_of(story)


def _work() -> Version:
    return working_version(_changing())


DESK = pieces.Desk(look=_look, work=_work, remove="my_story.remove_file")


@bp.get("/my-story/change")
@open_to(Audience.CHILD)
def change() -> str:
    """The page."""
    return _show(pieces.stored(_look()), {})


def _show(typed: dict[str, str], errors: dict[str, LazyString]) -> str:
    version = _look()
    address = previews.no_address if is_locked(version.story_id) else file_address
    return render_template(
        "my_story/change.html",
        typed=typed,
        errors=errors,
        upload=url_for("my_story.receive_file", asset_id="ID"),
        files=pieces.files(DESK, version, address),
        messages=messages(_changing()),
    )


@bp.post("/my-story/change")
@limiter.limit("60 per minute")
@open_to(Audience.CHILD)
@writes_late
def save_change() -> ResponseReturnValue:
    """Keep the changes; with the button that sends them, hand the new version in and ask the guardian again."""
    errors = pieces.save(DESK)
    if not errors and request.form.get("go") == "send":
        errors = _send(_changing())
        if not errors:
            flash(_("Thank you. We have your new version, and we ask your parent or carer again."), "good")
            return redirect(url_for("my_story.home"))
    if errors:
        return _show(pieces.typed(), errors)
    flash(_("It is kept. You have not sent it yet."), "good")
    return redirect(url_for("my_story.change"))


def _send(story: Story) -> dict[str, LazyString]:
    try:
        submit(story, Role.CHILD)
    except Invalid as error:
        return {error.field or "text": sentence(error.code)}
    ask_again(story)
    return {}


@bp.post("/my-story/files/<asset_id>/remove")
@open_to(Audience.CHILD)
@writes_late
def remove_file(asset_id: str) -> ResponseReturnValue:
    """Take a file out of the new version; what was typed is kept too."""
    errors = pieces.save(DESK)
    detach(_work(), intake.read_id(asset_id))
    return _show(pieces.typed(), errors) if errors else redirect(url_for("my_story.change"))


@bp.put("/my-story/files/<asset_id>")
@limiter.limit("120 per minute")
@open_to(Audience.CHILD)
@writes_late
def receive_file(asset_id: str) -> ResponseReturnValue:
    """Take one file in, as the body of the request."""
    return pieces.receive_body(DESK, asset_id)
