"""Erasing the story: by a guardian who decides about all of it, with days to think; and thinking again.

Never now: until it is erased, the child can take their own work along.
"""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from app.consent.actions import reach
from app.errors import NotAllowed
from app.extensions import limiter
from app.mail.letters import guardian_erasing
from app.people.permissions import Role
from app.people.queries import decides_about_all
from app.stories.actions import ask_erasure_as_guardian, undo_erasure
from app.stories.rules import ERASE_UNDO_DAYS
from app.web.consent import bp
from app.web.consent.link import find_erasing, has_yes, open_link
from app.web.forms import only_fields
from app.web.guard import Audience, open_to
from app.web.templating import here
from app.web.transaction import writes


@bp.get("/<token>/erase")
@limiter.limit("60 per minute")
@open_to(Audience.GUARDIAN)
def erase(token: str) -> ResponseReturnValue:
    """What happens, before anybody presses the button; afterwards until when it can be stopped. Never the story."""
    leaving = find_erasing(token)
    opened = leaving or open_link(token)
    if "lang" not in request.args:
        return redirect(here(lang=opened.guardian.locale.value))
    if leaving is not None:
        return render_template("consent/erasing.html", token=token, story=leaving.story)
    if not decides_about_all(opened.guardian):
        raise NotAllowed
    return render_template("consent/erase.html", token=token, days=ERASE_UNDO_DAYS, any_yes=has_yes(opened))


@bp.post("/<token>/erase")
@limiter.limit("10 per minute")
@open_to(Audience.GUARDIAN)
@writes
def confirm_erase(token: str) -> ResponseReturnValue:
    """Nothing is shown from this moment on; a second tap changes nothing.

    Whoever can be written to is, with a link that stops it: somebody else may hold the first one.
    """
    only_fields()
    if find_erasing(token, lock=True) is None:
        opened = open_link(token, lock=True)
        ask_erasure_as_guardian(opened.story, opened.guardian)
        if opened.guardian.email_sealed:
            reach(opened.story, opened.guardian, guardian_erasing, opened.actor)
    return redirect(url_for("consent.erase", token=token))


@bp.post("/<token>/undo-erase")
@limiter.limit("10 per minute")
@open_to(Audience.GUARDIAN)
@writes
def undo_erase(token: str) -> ResponseReturnValue:
    """They thought again."""
    only_fields()
    opened = find_erasing(token, lock=True) or open_link(token, lock=True)
    undo_erasure(opened.story, Role.GUARDIAN, opened.actor)
    flash(_("The story stays. It is shown only where everybody's answers allow it."), "good")
    return redirect(url_for("consent.receipt", token=token))
