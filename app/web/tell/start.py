"""The first page: a language, and off we go."""

import re
import secrets

from flask import abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from app.errors import Invalid
from app.extensions import limiter
from app.people.rules import Locale
from app.stories.actions import begin as begin_story
from app.web.forms import one_of, only_fields
from app.web.guard import Audience, open_to
from app.web.locale import choose_locale
from app.web.shared_phone import share
from app.web.tell import bp
from app.web.tell.draft import BEGUN
from app.web.telling_here import DRAFT, card_waits, is_telling
from app.web.transaction import writes

CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{22,64}")


@bp.get("")
@open_to(Audience.VISITOR)
def start() -> str:
    """Choose a language and begin; or go on with what was begun in this browser."""
    _take_the_card_first()
    return render_template(
        "tell/start.html",
        client_id=secrets.token_urlsafe(24),
        under_way=is_telling(),
        begin_words={locale.value: _in(locale) for locale in Locale},
    )


def _take_the_card_first() -> None:
    """Another story would make this browser forget the one whose card nobody has confirmed, and the card with it."""
    if card_waits():
        abort(redirect(url_for("tell.card")))


def _in(locale: Locale) -> str:
    with force_locale(locale.value):
        return str(gettext("Tell my story"))


@bp.post("/shared")
@limiter.limit("60 per minute")
@open_to(Audience.VISITOR)
def share_phone() -> ResponseReturnValue:
    """Other people use this phone too: for telling, and for coming back."""
    only_fields("back")
    share()
    return redirect(url_for("my_story.enter" if request.form.get("back") == "enter" else "tell.start"))


@bp.post("")
@limiter.limit("60 per minute; 600 per hour")
@open_to(Audience.VISITOR)
@writes
def begin() -> ResponseReturnValue:
    """Begin a draft; the same client-made id finds the draft, or the sent story, that it began before."""
    only_fields("client_id", "locale")
    _take_the_card_first()
    locale = one_of("locale", Locale)
    client_id = request.form.get("client_id", "")
    if locale is None or not CLIENT_ID.fullmatch(client_id):
        raise Invalid("client_id")
    story = begin_story(client_id, locale)
    if session.get(DRAFT) != story.id:
        session.pop(BEGUN, None)
    session[DRAFT] = story.id
    choose_locale(locale.value)
    return redirect(url_for("tell.story", lang=None))
