"""Erasing my story: with seven days to think again, or now; and thinking again."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from app.consent.actions import end_guardians_erasure
from app.errors import Invalid
from app.people.permissions import Role
from app.stories.actions import ask_erasure, can_undo_erasure, undo_erasure
from app.stories.rules import ERASE_UNDO_DAYS
from app.web.forms import only_fields
from app.web.guard import Audience, open_to
from app.web.locale import page_code
from app.web.my_story import bp
from app.web.my_story.mine import my_story
from app.web.shared_phone import leave_for
from app.web.transaction import writes


@bp.get("/my-story/erase")
@open_to(Audience.CHILD)
def erase() -> str:
    """The page with the two buttons, and what each of them does; only one where it is going away already."""
    story = my_story()
    leaving = story.erase_after is not None
    return render_template("my_story/erase.html", story=story, days=ERASE_UNDO_DAYS, leaving=leaving)


@bp.post("/my-story/erase")
@open_to(Audience.CHILD)
@writes
def confirm_erase() -> ResponseReturnValue:
    """Erase: nothing is shown from this moment on."""
    only_fields("when")
    when = request.form.get("when")
    if when not in ("later", "now"):
        raise Invalid
    ask_erasure(my_story(lock=True), Role.CHILD, now=when == "now")
    if when == "now":
        return leave_for(url_for("my_story.erased", lang=page_code()))
    flash(_("Nobody can see your story any more, and it will be erased. Until then you can still undo it."), "good")
    return redirect(url_for("my_story.home"))


@bp.post("/my-story/undo-erase")
@open_to(Audience.CHILD)
@writes
def undo_erase() -> ResponseReturnValue:
    """The child thought again."""
    only_fields()
    story = my_story(lock=True)
    if can_undo_erasure(story, Role.CHILD):
        end_guardians_erasure(story)
    undo_erasure(story)
    flash(_("Your story stays."), "good")
    return redirect(url_for("my_story.home"))


@bp.get("/my-story/erased")
@open_to(Audience.VISITOR)
def erased() -> str:
    """It is done."""
    return render_template("my_story/erased.html")
