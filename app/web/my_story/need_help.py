"""I need help: a few words, or none, that the team reads before everything else."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext, lazy_gettext as _

from app.errors import Invalid
from app.extensions import limiter
from app.people.profiles import profile
from app.stories.actions import ask_for_help
from app.stories.models import Story
from app.web.forms import many_lines, only_fields
from app.web.guard import Audience, open_to
from app.web.my_story import bp
from app.web.my_story.mine import my_story
from app.web.transaction import writes
from app.web.words import sentence


@bp.get("/my-story/need-help")
@open_to(Audience.CHILD)
def need_help() -> str:
    """Whom to call now, and what happens when I write."""
    return _show(my_story(), {})


def _show(story: Story, errors: dict[str, LazyString]) -> str:
    return render_template(
        "my_story/need_help.html",
        help=profile(story.storyteller.country).help,
        typed=request.form.get("message", ""),
        errors=errors,
    )


@bp.post("/my-story/need-help")
@limiter.limit("20 per minute")
@open_to(Audience.CHILD)
@writes
def send_call() -> ResponseReturnValue:
    """Tell the team; whoever cannot find words sends none."""
    only_fields("message")
    story = my_story(lock=True)
    try:
        ask_for_help(story, many_lines("message").strip() or gettext("I need help."))
    except Invalid as error:
        return _show(story, {"message": sentence(error.code)}), 422
    flash(_("We have your message. Somebody from our team reads it first, and writes back to you here."), "good")
    return redirect(url_for("my_story.home", _anchor="messages"))
