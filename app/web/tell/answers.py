"""My own answer for each place. Nothing is ticked beforehand; what is not answered stays off."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import LazyString

from app.consent.actions import answer_as_child
from app.consent.queries import said_now
from app.stories.models import Story
from app.stories.queries import version_of
from app.web import questions
from app.web.forms import only_fields
from app.web.guard import Audience, open_to
from app.web.tell import bp
from app.web.tell.draft import STEPS, begun, goes_back, my_draft, onward
from app.web.transaction import writes

STEP = STEPS["answers"]


@bp.get("/answers")
@open_to(Audience.VISITOR)
def answers() -> str:
    """The page."""
    draft = my_draft()
    return _show(draft, begun(STEP) or questions.said(said_now(draft.id)[0]), {})


def _show(draft: Story, values: dict[str, str], errors: dict[str, LazyString]) -> str:
    text = questions.page_text("child")
    sections = questions.sections(text, questions.ask(text, version_of(draft)), values, errors)
    return render_template("tell/answers.html", step=STEP, text=text, sections=sections, values=values, errors=errors)


@bp.post("/answers")
@open_to(Audience.VISITOR)
@writes
def save_answers() -> ResponseReturnValue:
    """Write the answers into the ledger, bound to the text that was shown."""
    only_fields("go", *questions.fields("child"))
    draft = my_draft()
    text = questions.shown_text("child")
    values, errors = questions.read_answers(questions.ask_as_shown(text, version_of(draft)))
    if errors and not goes_back():
        return _show(draft, request.form.to_dict(), errors), 422
    if values and not errors:
        answer_as_child(draft, values, text)
    return onward(STEP, errors)
