"""Changing my answer for each place, on any day."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, lazy_gettext as _

from app.consent.actions import answer_as_child
from app.consent.queries import said_now
from app.errors import Conflict
from app.stories.models import Story
from app.stories.queries import version_of
from app.web import questions
from app.web.child_words import NEXT_FOR_CHILD
from app.web.forms import only_fields
from app.web.guard import Audience, open_to
from app.web.my_story import bp
from app.web.my_story.mine import my_story, standing, who_decides_from_now_on
from app.web.transaction import writes


@bp.get("/my-story/answers")
@open_to(Audience.CHILD)
def answers() -> str:
    """The page."""
    story = my_story()
    return _show(story, questions.said(said_now(story.id)[0]), {})


def _show(story: Story, values: dict[str, str], errors: dict[str, LazyString]) -> str:
    text = questions.page_text("child")
    sections = questions.sections(text, questions.ask(text, version_of(story)), values, errors)
    from_now_on = who_decides_from_now_on(story, standing(story))
    return render_template(
        "my_story/answers.html",
        text=text,
        sections=sections,
        values=values,
        errors=errors,
        grown=NEXT_FOR_CHILD[from_now_on] if from_now_on else "",
    )


@bp.post("/my-story/answers")
@open_to(Audience.CHILD)
@writes
def save_answers() -> ResponseReturnValue:
    """Write the answers into the ledger; a no is obeyed from this moment on, even in words that are not today's."""
    only_fields(*questions.fields("child"))
    story = my_story(lock=True)
    try:
        text = questions.shown_text("child")
        values, errors = questions.read_answers(questions.ask_as_shown(text, version_of(story)))
    except Conflict:
        shown, noes = questions.read_noes("child", version_of(story))
        if shown is None or not noes:
            raise
        answer_as_child(story, noes, shown)
        flash(
            _("We have written our questions anew. What you said no to counts. Please answer the others again."), "info"
        )
        return redirect(url_for("my_story.answers"))
    if errors:
        return _show(story, request.form.to_dict(), errors), 422
    if values:
        answer_as_child(story, values, text)
    flash(_("We have your answers."), "good")
    return redirect(url_for("my_story.home"))
