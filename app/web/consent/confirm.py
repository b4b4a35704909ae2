"""Saying it once more: a yes by link counts when it was said again by a link that was made a day later."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from app.errors import Conflict
from app.extensions import limiter
from app.stories.queries import version_of
from app.web import questions
from app.web.consent import bp
from app.web.consent.answer import keep, show_anew
from app.web.consent.link import open_to_read
from app.web.consent.receipt import post_receipt
from app.web.forms import only_fields
from app.web.guard import Audience, open_to
from app.web.transaction import writes


@bp.post("/<token>/confirm")
@limiter.limit("30 per minute")
@open_to(Audience.GUARDIAN)
@writes
def confirm(token: str) -> ResponseReturnValue:
    """The page sends the answers that wait, as it showed them; they are answers like any other."""
    only_fields("version", *questions.fields("guardian"))
    opened = open_to_read(token, lock=True)
    try:
        if opened.guardian.relation is None:
            raise Conflict("not_in_this_state")
        text = questions.shown_text("guardian")
        values, errors = questions.read_answers(questions.ask_as_shown(text, version_of(opened.story)))
        if errors or not values:
            raise Conflict("not_in_this_state")
        keep(opened, values, text)
    except Conflict:
        return show_anew(token, opened)
    post_receipt(token, opened)
    flash(_("Thank you. We have written down that you said it again."), "good")
    return redirect(url_for("consent.receipt", token=token))
