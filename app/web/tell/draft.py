"""The draft that this browser is writing, and the way through its pages."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import abort, flash, redirect, request, session, url_for
from flask_babel import LazyString, lazy_gettext as _
from werkzeug.wrappers import Response

from app.stories.lifecycle import State
from app.stories.models import Story
from app.web.telling_here import told_here

BEGUN = "begun"
"""The session key of what was filled in on pages that were left by Back before they could be saved, by page."""
LONGEST = 100
"""Letters of a field that is kept so: all of them have to go into a cookie."""

SENT_ALREADY = _(
    "Your story was sent already. What you wrote after that is not in it. You can change it with your card."
)


@dataclass(frozen=True)
class Step:
    """One page on the way; `number` counts from 1."""

    name: str
    number: int
    total: int
    words: LazyString

    @property
    def endpoint(self) -> str:
        return f"tell.{self.name}"


WAY = (
    ("story", _("What I bring")),
    ("about", _("About me")),
    ("helper", _("Who helped me")),
    ("answers", _("Where it may be seen")),
    ("guardian", _("My parent or carer")),
    ("look", _("Look at everything")),
)

STEPS = {name: Step(name, number, len(WAY), words) for number, (name, words) in enumerate(WAY, start=1)}
_ENDPOINTS = ["tell.start", *(f"tell.{name}" for name, _words in WAY)]


def my_draft(*, lock: bool = False) -> Story:
    """The story that is being told here; whoever has none begins, whoever has sent it goes on to the card."""
    story = my_story(lock=lock)
    if story.state is not State.DRAFT:
        if request.method == "POST":
            flash(SENT_ALREADY, "warn")
        abort(redirect(url_for("tell.card")))
    return story


def my_story(*, lock: bool = False) -> Story:
    """The same, sent or not."""
    story = told_here(lock=lock)
    if story is None:
        abort(redirect(url_for("tell.start")))
    return story


def goes_back() -> bool:
    """Whether the form was sent by its Back button."""
    return request.form.get("go") == "back"


def begun(step: Step) -> dict[str, str] | None:
    """What was filled in on this page when it was left unfinished."""
    fields: dict[str, str] | None = session.get(BEGUN, {}).get(step.name)
    return fields


def onward(step: Step, errors: Mapping[str, LazyString]) -> Response:
    """After a page was saved: back, on, or to the last page when the child came from there to change something.

    Whoever goes back is not held up by `errors`: what cannot be saved for their sake waits in this browser.
    """
    waiting = {name: fields for name, fields in session.get(BEGUN, {}).items() if name != step.name}
    if errors:
        typed = request.form.items()
        waiting[step.name] = {
            name: value[:LONGEST] for name, value in typed if value and name not in ("csrf_token", "go")
        }
    session[BEGUN] = waiting
    if goes_back():
        return redirect(url_for(_ENDPOINTS[step.number - 1]))
    if request.args.get("then") == "look":
        return redirect(url_for("tell.look"))
    return redirect(url_for(_ENDPOINTS[step.number + 1]))
