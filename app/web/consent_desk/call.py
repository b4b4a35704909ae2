"""A live call: a trained person asked a guardian, question by question, and notes what was said."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext

from app.adapters.queue import rollback
from app.consent.evidence import note_call
from app.consent.rules import Party
from app.errors import Conflict, Invalid
from app.extensions import limiter
from app.people.permissions import Permission
from app.stories.queries import version_of
from app.web import acts, questions
from app.web.consent_desk import bp
from app.web.consent_desk.asking import Asking, open_asking
from app.web.consent_desk.children import number_of
from app.web.consent_desk.heard import NOTHING, WHO, Heard, read_heard
from app.web.forms import many_lines, only_fields
from app.web.guard import Audience, open_to
from app.web.login import me
from app.web.questions import Question
from app.web.transaction import writes
from app.web.words import RELATIONS, sentence

WRONG = 422


@bp.get("/ask/<token>/call")
@open_to(Audience.STAFF, Permission.CONSENT_TAKE)
def call(token: str) -> str:
    """What to ask, and where to write down what is said."""
    return _show(open_asking(token), NOTHING)


def _show(asking: Asking, heard: Heard) -> str:
    asked = _asked(asking)
    return render_template(
        "consent_desk/call.html",
        asking=asking,
        only_noes=sentence("only_noes"),
        number=number_of(asking.guardian),
        questions=asked,
        relations=RELATIONS,
        **acts.asked_of(asking.guardian, asked),
        values=heard.typed,
        errors=heard.errors,
    )


def _asked(asking: Asking) -> list[Question]:
    return questions.ask(asking.text, version_of(asking.story, asking.version), asking.shown_at)


@bp.post("/ask/<token>/call")
@limiter.limit("30 per minute")
@open_to(Audience.STAFF, Permission.CONSENT_TAKE)
@writes
def note(token: str) -> ResponseReturnValue:
    """Write it down: the answers hold at once. Where the story has changed meanwhile, a no does."""
    only_fields("note", *WHO, *questions.fields(Party.GUARDIAN))
    asking = open_asking(token, lock=True, older=True)
    heard = read_heard(asking.guardian, _asked(asking))
    if heard.ruling is None:
        return _show(asking, heard), WRONG
    try:
        note_call(
            me(), asking.story, asking.guardian, asking.text, many_lines("note"), heard.ruling, version=asking.version
        )
    except Invalid as refusal:
        rollback()
        return _again(token, heard, {"note": sentence(refusal.code)})
    except Conflict as refusal:
        if refusal.code != "only_noes":
            raise
        rollback()
        return _again(token, heard, {"questions": sentence(refusal.code)})
    if asking.is_older:
        flash(sentence("only_noes"), "info")
    else:
        flash(gettext("The answers of the call are kept, and hold at once."), "good")
    return redirect(url_for("consent_desk.desk", reference=asking.reference), 303)


def _again(token: str, heard: Heard, wrong: dict[str, LazyString]) -> ResponseReturnValue:
    return _show(open_asking(token, older=True), Heard(heard.typed, wrong, None)), WRONG
