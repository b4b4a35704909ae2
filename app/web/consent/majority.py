"""The month of the child's 18th birthday, for whoever likes to tell it: from then on the child decides alone."""

import re

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from app.errors import Invalid, NotAllowed
from app.extensions import limiter
from app.people.actions import tell_majority
from app.people.queries import growing_up, key_of
from app.web.consent import bp
from app.web.consent.link import Opened, open_link
from app.web.consent.receipt import show_receipt
from app.web.forms import one_line, only_fields
from app.web.guard import Audience, open_to
from app.web.transaction import writes
from app.web.words import sentence

UNKNOWN = (None, None)
WAITS = _("Thank you. It counts as soon as everybody else who decides for the child has told the same month.")
ONCE_MORE = _("Thank you. It counts when you tell it once more, by the fresh link that we send you.")
MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")


@bp.post("/<token>/majority")
@limiter.limit("10 per minute")
@open_to(Audience.GUARDIAN)
@writes
def majority(token: str) -> ResponseReturnValue:
    """Keep the days that follow from the month, and not the month."""
    only_fields("majority")
    opened = open_link(token, lock=True)
    if key_of(opened.guardian.id) is None:
        raise NotAllowed
    try:
        _tell(opened, one_line("majority"))
    except Invalid as refusal:
        return show_receipt(token, opened, {"majority": sentence(refusal.code)}), 422
    counts = growing_up(opened.story.storyteller) != UNKNOWN
    waits = ONCE_MORE if opened.guardian.majority_holds_from is None else WAITS
    flash(_("Thank you. We ask the child in time.") if counts else waits, "good")
    return redirect(url_for("consent.receipt", token=token))


def _tell(opened: Opened, typed: str) -> None:
    month = MONTH.fullmatch(typed)
    if month is None:
        raise Invalid("majority_month", "majority")
    tell_majority(opened.story.storyteller, opened.guardian, int(month[1]), int(month[2]), opened.link_made_at)
