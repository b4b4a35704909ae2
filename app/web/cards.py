"""A story card on a page, until the child has shown once that they have it; from then on only its hash exists."""

from typing import Any

from flask import request
from flask_babel import LazyString, lazy_gettext as _

from app.people.keys import unseal
from app.people.models import Storyteller
from app.people.rules import CardNumber
from app.web.forms import only_fields
from app.web.links import card_address
from app.web.qr import qr


def readable_card(storyteller: Storyteller) -> CardNumber | None:
    """The card, while it can be read."""
    if storyteller.card_sealed is None:
        return None
    return CardNumber(unseal(storyteller.id, "card", storyteller.card_sealed))


def printed(storyteller: Storyteller, card: CardNumber, errors: dict[str, LazyString]) -> dict[str, Any]:
    """The card as the templates print it, and what was typed to confirm it."""
    return {
        "card": card,
        "code": qr(card_address(card)),
        "address": card_address(),
        "reference": storyteller.reference,
        "errors": errors,
        "values": request.form,
    }


def read_confirmation(card: CardNumber) -> dict[str, LazyString]:
    """Nothing where the picture or the last four digits fit, else a sentence beside what was typed."""
    only_fields("picture", "last_four")
    typed = "".join(sign for sign in request.form.get("last_four", "") if sign.isdecimal())
    if typed == card.digits[-4:] or request.form.get("picture") == str(card.check):
        return {}
    if not typed and not request.form.get("picture"):
        return {"picture": _("Please choose the picture that is on your card.")}
    words = _("That is not what is on your card. Look at it once more and try again.")
    return {"last_four" if typed else "picture": words}
