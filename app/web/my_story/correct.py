"""Changing a story because I want to, on any day: it is hidden at once, and comes back when the team has read it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from app.stories.actions import correct as correct_story
from app.web.forms import only_fields
from app.web.guard import Audience, open_to
from app.web.my_story import bp
from app.web.my_story.mine import my_story
from app.web.transaction import writes


@bp.get("/my-story/correct")
@open_to(Audience.CHILD)
def correct() -> ResponseReturnValue:
    """The page that says what will happen."""
    story = my_story()
    if story.erase_after is not None:
        return redirect(url_for("my_story.home"))
    return render_template("my_story/correct.html", story=story)


@bp.post("/my-story/correct")
@open_to(Audience.CHILD)
@writes
def start_correcting() -> ResponseReturnValue:
    """From the commit on nobody can see it."""
    only_fields()
    correct_story(my_story(lock=True))
    flash(_("Nobody can see your story now. Change what you like, then send it."), "good")
    return redirect(url_for("my_story.change"))
