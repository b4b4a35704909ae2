"""Opening a story in a browser, which ends what was going on there: not before its child knows."""

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.people.models import Storyteller
from app.people.rules import CardNumber
from app.web.locale import SESSION_KEY, choose_locale
from app.web.my_story.mine import open_for
from app.web.telling_here import card_waits, is_telling, told_here


def opened(storyteller: Storyteller, card: CardNumber, *, anyway: bool = False) -> ResponseReturnValue:
    """The story behind this card. Where another one was sent and its card is not confirmed, that card first; where
    one is being told, a question first, unless it was answered with `anyway`.

    What was typed but not saved is known to the browser alone, so a story counts as begun from its first page on.
    """
    if _another_card_waits(storyteller):
        flash(_("First show us that you have this card. Then you can open the other story."), "info")
        return redirect(url_for("tell.card"))
    if is_telling() and not anyway:
        return render_template("my_story/open_other.html", card=card)
    language = session.get(SESSION_KEY)
    open_for(storyteller)
    choose_locale(language or storyteller.locale.value)
    return redirect(url_for("my_story.home"))


def _another_card_waits(storyteller: Storyteller) -> bool:
    """Whether a card would be lost: whoever types in that very card has it."""
    story = told_here()
    return story is not None and story.storyteller_id != storyteller.id and card_waits()
