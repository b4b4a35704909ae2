"""Coming back with a card: sixteen digits and a picture, or the code on it. And leaving.

Only wrong cards count against the brakes, so that a class can come back at once. What is answered to a wrong card
is the same whatever was wrong with it. A card that is not whole is no guess: nothing is looked up for it.
"""

from collections.abc import Mapping

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, lazy_gettext as _
from werkzeug.wrappers import Response

from app.errors import Invalid
from app.people.queries import by_card
from app.people.rules import CARD_DIGITS, CardNumber, card_digits, read_card
from app.web.forms import only_fields
from app.web.guard import CHILD_STORYTELLER, Audience, is_from_elsewhere, open_to
from app.web.locale import page_code
from app.web.my_story import bp
from app.web.my_story.brakes import Brakes, was_guessed
from app.web.my_story.mine import can_be_opened
from app.web.my_story.opening import opened
from app.web.shared_phone import leave_for
from app.web.templating import leave_address
from app.web.words import ERRORS

WRONG = 422

brakes = Brakes("story-card", was_guessed)


@bp.get("/my-story")
@brakes
@open_to(Audience.VISITOR)
def enter() -> ResponseReturnValue:
    """The page on which a card is typed in; with the address of the card's code, the story at once.

    Not where another site's page leads there: opening a story ends what was going on in this browser, such as one that
    is being told. The card then stands in the form.
    """
    code = request.args.get("card", "")
    if code and not is_from_elsewhere():
        return _open(code, None)
    if not code and CHILD_STORYTELLER in session:
        return redirect(url_for("my_story.home"))
    return _show({}, {"card": code[:CARD_DIGITS], "picture": code[CARD_DIGITS:]})


def _show(errors: dict[str, LazyString], values: Mapping[str, str]) -> str:
    return render_template("my_story/enter.html", values=values, errors=errors)


@bp.post("/my-story")
@brakes
@open_to(Audience.VISITOR)
def open_story() -> ResponseReturnValue:
    """Look at a card that was typed in; with `anyway` it may end the story that is being told here."""
    only_fields("card", "picture", "anyway")
    picture = request.form.get("picture", "")
    return _open(request.form.get("card", ""), int(picture) if picture in tuple("0123456789") else None)


def _open(typed: str, picture: int | None) -> ResponseReturnValue:
    values = request.form or {"card": typed}
    errors = missing(typed, picture)
    if errors:
        return _show(errors, values), WRONG
    card = _read(typed, picture)
    storyteller = by_card(card) if card else None
    if card is None or storyteller is None or not can_be_opened(storyteller):
        brakes.note_guess()
        return _show({"card": ERRORS["card_unknown"]}, request.form), WRONG
    return opened(storyteller, card, anyway="anyway" in request.form)


def missing(typed: str, picture: int | None) -> dict[str, LazyString]:
    """What a card still lacks, by field. A code from a card has the picture as its last digit."""
    count, errors = len(card_digits(typed)), dict[str, LazyString]()
    if count < CARD_DIGITS:
        errors["card"] = _("A card has sixteen digits; some are missing.")
    if count <= CARD_DIGITS and picture is None:
        errors["picture"] = _("Please choose the picture on your card too.")
    return errors


def _read(typed: str, picture: int | None) -> CardNumber | None:
    """The card; None for a typing mistake, which is answered just as a card that does not exist."""
    try:
        return read_card(typed, picture)
    except Invalid:
        return None


@bp.post("/my-story/leave")
@open_to(Audience.VISITOR)
def leave() -> ResponseReturnValue:
    """Leave no trace in this browser: neither the card's session nor what its pages have kept."""
    only_fields()
    return leave_for(url_for("my_story.enter", lang=page_code()))


@bp.get("/my-story/away")
@open_to(Audience.VISITOR)
def away() -> ResponseReturnValue:
    """ "Leave quickly" from behind the card: a plain link, so that it needs one tap and no script, to a harmless page.

    It is a GET that changes something, but not where another site's page leads there: what is being told in this
    browser would be lost.
    """
    return redirect(leave_address()) if is_from_elsewhere() else leave_for(leave_address())


@bp.get("/my-story/still-here")
@open_to(Audience.VISITOR)
def still_here() -> ResponseReturnValue:
    """The script of a shared phone says that somebody is there; being asked is all there is to do."""
    return Response(status=204, mimetype="text/plain")
