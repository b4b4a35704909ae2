"""Which language an answer is in. A public page is told by its address or the browser, never by a cookie."""

from datetime import date
from functools import lru_cache

from babel.dates import format_date
from flask import has_request_context, request, session
from flask_babel import get_locale
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from app.people.rules import Locale
from app.web.guard import Audience, access_of

CODES = [locale.value for locale in Locale]
SESSION_KEY = "locale"
WRITTEN = {"en": "en_GB"}
"""Where a language of ours is written as in one country."""
QUOTES = {"en": ("“", "”"), "zh": ("“", "”"), "ro": ("„", "”"), "it": ("«", "»")}
"""The quotation marks of each language."""
FILES = ("static", "gallery.media", "consent_texts.sound", "embed.accent", "embed.script")
"""Addresses that are the same in every language."""


def select_locale() -> str:
    """`?lang=` in the address, else what this browser chose while telling or logging in, else its languages."""
    if not has_request_context():
        return Locale.EN.value
    asked = asked_language()
    if asked:
        return asked
    access = access_of(request.endpoint or "")
    if access is not None and access.audience not in (Audience.PUBLIC, Audience.OPERATOR):
        chosen = session.get(SESSION_KEY, "")
        if chosen in CODES:
            return str(chosen)
    return best_language(request.headers.get("Accept-Language", ""))


def asked_language() -> str:
    """The language that the address asks for by `?lang=`, when it is one of ours."""
    asked = request.args.get("lang", "")
    return asked if asked in CODES else ""


@lru_cache(maxsize=256)
def best_language(header: str) -> str:
    """The language of ours that an `Accept-Language` header asks for most."""
    return parse_accept_header(header, LanguageAccept).best_match(CODES, default="en")


def choose_locale(code: str) -> None:
    """Remember a language for this browser's session."""
    session[SESSION_KEY] = code


def keep_language(endpoint: str, values: dict[str, object]) -> None:
    """Carry `?lang=` from a public page to the pages it links to."""
    if endpoint not in FILES and has_request_context() and (asked := asked_language()):
        values.setdefault("lang", asked)


def remember_language() -> None:
    """Before a page with a session: keep the language that the address asks for."""
    if asked := asked_language():
        choose_locale(asked)


def format_day(day: date, length: str = "medium") -> str:
    """A day as the page's language writes it: in English with the day before the month."""
    code = page_code()
    return format_date(day, length, locale=WRITTEN.get(code, code))


def page_code() -> str:
    """The code of the language this page is in."""
    locale = get_locale()
    return str(locale.language) if locale else Locale.EN.value


def quoted(words: str, code: str = "") -> str:
    """Words in the quotation marks of their language, when it is told; else of the page's."""
    before, after = QUOTES.get(code or page_code(), QUOTES["en"])
    return f"{before}{words}{after}"


def gap() -> str:
    """What stands between a sentence and what is quoted after it, in the page's language."""
    return "" if page_code() == Locale.ZH else " "
