"""Coming back with a card: sixteen digits and a picture, or the code on it. And leaving.

Only wrong cards count against the brakes, so that a class can come back at once. What is answered to a wrong card
is the same whatever was wrong with it.
"""

from collections.abc import Mapping

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from werkzeug.wrappers import Response

from app.errors import Invalid
from app.people.models import Storyteller
from app.people.queries import by_card
from app.people.rules import CARD_DIGITS, read_card
from app.web.forms import only_fields
from app.web.guard import CHILD_STORYTELLER, Audience, is_from_elsewhere, open_to
from app.web.locale import SESSION_KEY, choose_locale, page_code
from app.web.my_story import bp
from app.web.my_story.brakes import Brakes
from app.web.my_story.mine import open_for
from app.web.shared_phone import leave_for
from app.web.templating import leave_address
from app.web.words import ERRORS

WRONG = 422


def was_wrong(response: Response) -> bool:
    """Whether an answer counts against the brakes."""
    return response.status_code == WRONG


brakes = Brakes("story-card", was_wrong)


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
    """Look at a card that was typed in."""
    only_fields("card", "picture")
    picture = request.form.get("picture", "")
    return _open(request.form.get("card", ""), int(picture) if picture in tuple("0123456789") else None)


def _open(typed: str, picture: int | None) -> ResponseReturnValue:
    storyteller = find(typed, picture)
    language = session.get(SESSION_KEY)
    if storyteller is None or not open_for(storyteller):
        brakes.note_guess()
        return _show({"card": ERRORS["card_unknown"]}, request.form), WRONG
    choose_locale(language or storyteller.locale.value)
    return redirect(url_for("my_story.home"))


def find(typed: str, picture: int | None) -> Storyteller | None:
    """Whose card this is; None for a typing mistake just as for a card that does not exist."""
    try:
        return by_card(read_card(typed, picture))
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
