"""The story card: shown until the child has confirmed to have it, and never again."""

from flask import abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, lazy_gettext as _
from werkzeug.wrappers import Response

from app.extensions import limiter
from app.people.actions import forget_card
from app.people.keys import unseal
from app.people.rules import CardNumber
from app.stories.lifecycle import State
from app.stories.models import Story
from app.web.forms import only_fields
from app.web.guard import Audience, open_to
from app.web.links import card_address, hand_over, qr
from app.web.tell import bp
from app.web.tell.draft import DRAFT, my_story
from app.web.transaction import writes


def _card_of(story: Story) -> CardNumber:
    """The card while it can be read; whoever has confirmed it goes on, whoever has not sent the story goes back."""
    if story.state is State.DRAFT:
        abort(redirect(url_for("tell.look")))
    if story.storyteller.card_sealed is None:
        abort(_finish())
    return CardNumber(unseal(story.storyteller_id, "card", story.storyteller.card_sealed))


def _finish() -> Response:
    session.pop(DRAFT, None)
    return redirect(url_for("tell.done"))


@bp.get("/card")
@open_to(Audience.VISITOR)
def card() -> str:
    """The page."""
    story = my_story()
    return _show(story, _card_of(story), {})


def _show(story: Story, number: CardNumber, errors: dict[str, LazyString]) -> str:
    link = hand_over(story)
    return render_template(
        "tell/card.html",
        card=number,
        code=qr(card_address(number)),
        address=card_address(),
        link=link,
        link_code=qr(link) if link else "",
        errors=errors,
        values=request.form,
    )


@bp.post("/card")
@limiter.limit("30 per minute")
@open_to(Audience.VISITOR)
@writes
def confirm() -> ResponseReturnValue:
    """The child has the card: the right picture, or its last four digits. From now on only its hash exists."""
    only_fields("picture", "last_four")
    story = my_story(lock=True)
    number = _card_of(story)
    typed = "".join(sign for sign in request.form.get("last_four", "") if sign.isdecimal())
    if typed != number.digits[-4:] and request.form.get("picture") != str(number.check):
        words = _("That is not what is on your card. Look at it once more and try again.")
        return _show(story, number, {"last_four" if typed else "picture": words}), 422
    forget_card(story.storyteller)
    return _finish()


@bp.get("/done")
@open_to(Audience.VISITOR)
def done() -> str:
    """It is sent."""
    return render_template("tell/done.html")
