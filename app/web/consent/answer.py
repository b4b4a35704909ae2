"""The guardian's answers are written into the ledger, and can be taken back in one tap."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, lazy_gettext as _

from app.consent.actions import Asked, answer_as_guardian, hide as take_back_every_yes
from app.consent.rules import Method, Party
from app.consent.texts import ConsentText
from app.errors import Conflict
from app.extensions import limiter
from app.people.actions import declare_guardian
from app.people.rules import GUARDIAN_NAME_MAX, Relation
from app.stories.queries import version_of
from app.web import questions
from app.web.consent import bp
from app.web.consent.link import Opened, open_link, open_to_read
from app.web.consent.read import show
from app.web.consent.receipt import post_receipt
from app.web.forms import one_line, one_of, only_fields
from app.web.guard import Audience, open_to
from app.web.transaction import writes


@bp.post("/<token>")
@limiter.limit("30 per minute")
@open_to(Audience.GUARDIAN)
@writes
def answer(token: str) -> ResponseReturnValue:
    """Answer for each place. About a story or a text that has changed since, nothing is kept and the new one shown."""
    only_fields("name", "relation", "version", *questions.fields("guardian"))
    opened = open_to_read(token, lock=True)
    try:
        text = questions.shown_text("guardian")
        values, errors = questions.read_answers(questions.ask(text, version_of(opened.story)))
        errors |= _check(values)
        if errors:
            return show(token, opened, request.form.to_dict(), errors), 422
        _keep(opened, values, text)
    except Conflict:
        changed = _("The story or the questions have changed since you opened this page. Please look again and answer.")
        return show(token, opened, _who(), {}, changed), 409
    post_receipt(token, opened)
    return redirect(url_for("consent.receipt", token=token))


def _check(values: dict[str, str]) -> dict[str, LazyString]:
    errors: dict[str, LazyString] = {}
    name = one_line("name")
    if not name:
        errors["name"] = _("Please write your name.")
    elif len(name) > GUARDIAN_NAME_MAX:
        errors["name"] = _("This name is too long for us. Please use at most 80 letters.")
    if one_of("relation", Relation) is None:
        errors["relation"] = _("Please say what you are to the child.")
    if not values:
        errors["questions"] = _("Please answer at least one of the questions.")
    return errors


def _who() -> dict[str, str]:
    return {"name": one_line("name"), "relation": request.form.get("relation", "")}


def _keep(opened: Opened, values: dict[str, str], text: ConsentText) -> None:
    """The version comes first: answers about an older one are refused before anything is written."""
    version = request.form.get("version", "")
    asked = Asked(Method.LINK, text, int(version) if version.isdecimal() else 0, link_made_at=opened.link_made_at)
    answer_as_guardian(opened.story, opened.guardian, values, asked)
    declare_guardian(opened.guardian, one_line("name"), Relation(request.form["relation"]))


@bp.post("/<token>/take-back")
@limiter.limit("30 per minute")
@open_to(Audience.GUARDIAN)
@writes
def take_back(token: str) -> ResponseReturnValue:
    """Every yes of this guardian becomes a no."""
    only_fields()
    opened = open_link(token, lock=True)
    take_back_every_yes(opened.story, Party.GUARDIAN, opened.guardian)
    flash(_("You have taken everything back. With your yes, the story is gone from our pages."), "good")
    return redirect(url_for("consent.receipt", token=token))
