"""Confirming a story card: the child shows once that they have it, and from then on only its hash exists."""

from flask import request
from flask_babel import LazyString, lazy_gettext as _

from app.people.rules import CardNumber
from app.web.forms import only_fields


def read_confirmation(card: CardNumber) -> dict[str, LazyString]:
    """Nothing where the picture or the last four digits fit, else a sentence beside what was typed."""
    only_fields("picture", "last_four")
    typed = "".join(sign for sign in request.form.get("last_four", "") if sign.isdecimal())
    if typed == card.digits[-4:] or request.form.get("picture") == str(card.check):
        return {}
    words = _("That is not what is on your card. Look at it once more and try again.")
    return {"last_four" if typed else "picture": words}
