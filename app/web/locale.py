"""Which language an answer is in. A public page is told by its address or the browser, never by a cookie."""

from flask import has_request_context, request, session
from flask_babel import get_locale

from app.people.rules import Locale
from app.web.guard import Audience, access_of

CODES = [locale.value for locale in Locale]
SESSION_KEY = "locale"
FILES = ("static", "gallery.media", "consent_texts.sound")
"""Addresses that are the same in every language."""


def select_locale() -> str:
    """`?lang=` in the address, else what this browser chose while telling or logging in, else its languages."""
    if not has_request_context():
        return Locale.EN.value
    asked = request.args.get("lang", "")
    if asked in CODES:
        return asked
    access = access_of(request.endpoint or "")
    if access is not None and access.audience not in (Audience.PUBLIC, Audience.OPERATOR):
        chosen = session.get(SESSION_KEY, "")
        if chosen in CODES:
            return str(chosen)
    return request.accept_languages.best_match(CODES, default="en") or "en"


def choose_locale(code: str) -> None:
    """Remember a language for this browser's session."""
    session[SESSION_KEY] = code


def keep_language(endpoint: str, values: dict[str, object]) -> None:
    """Carry `?lang=` from a public page to the pages it links to."""
    if has_request_context() and request.args.get("lang") in CODES and endpoint not in FILES:
        values.setdefault("lang", request.args["lang"])


def remember_language() -> None:
    """Before a page with a session: keep the language that the address asks for."""
    if request.args.get("lang") in CODES:
        choose_locale(request.args["lang"])


def page_code() -> str:
    """The code of the language this page is in."""
    locale = get_locale()
    return str(locale.language) if locale else Locale.EN.value
