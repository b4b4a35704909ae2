"""The story card: shown until the child has confirmed to have it, and never again."""

from flask import abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from werkzeug.wrappers import Response

from app.extensions import limiter
from app.people.actions import forget_card
from app.people.rules import CardNumber
from app.stories.lifecycle import State
from app.stories.models import Story
from app.web.cards import printed, read_confirmation, readable_card
from app.web.child_words import LINK_FOR
from app.web.guard import Audience, open_to
from app.web.links import hand_overs
from app.web.locale import page_code
from app.web.shared_phone import is_shared_phone, leave_nothing
from app.web.tell import bp
from app.web.tell.draft import my_story
from app.web.telling_here import DRAFT
from app.web.transaction import writes


def _card_of(story: Story) -> CardNumber:
    """The card while it can be read; whoever has confirmed it goes on, whoever has not sent the story goes back."""
    if story.state is State.DRAFT:
        abort(redirect(url_for("tell.look")))
    card = readable_card(story.storyteller)
    if card is None:
        abort(_finish(story))
    return card


def _finish(story: Story) -> Response:
    link = "1" if any(one.waits for one in hand_overs(story)) else None
    if is_shared_phone():
        return leave_nothing(redirect(url_for("tell.done", link=link, lang=page_code())))
    session.pop(DRAFT, None)
    return redirect(url_for("tell.done", link=link))


@bp.get("/card")
@open_to(Audience.VISITOR)
def card() -> str:
    """The page."""
    story = my_story()
    return _show(story, _card_of(story), {})


def _show(story: Story, number: CardNumber, errors: dict[str, LazyString]) -> str:
    return render_template(
        "tell/card.html", links=hand_overs(story), link_for=LINK_FOR, **printed(story.storyteller, number, errors)
    )


@bp.post("/card")
@limiter.limit("30 per minute")
@open_to(Audience.VISITOR)
@writes
def confirm() -> ResponseReturnValue:
    """The child has the card: the right picture, or its last four digits. From now on only its hash exists."""
    story = my_story(lock=True)
    number = _card_of(story)
    errors = read_confirmation(number)
    if errors:
        return _show(story, number, errors), 422
    forget_card(story.storyteller)
    return _finish(story)


@bp.get("/done")
@open_to(Audience.VISITOR)
def done() -> str:
    """It is sent; with `?link=1` a parent waits for the link that the child hands over."""
    return render_template("tell/done.html", hands_over="link" in request.args)
