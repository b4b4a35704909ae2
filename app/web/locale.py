"""Which language an answer is in. A public page is told by its address or the browser, never by a cookie."""

from flask import has_request_context, request, session, url_for

from app.people.rules import Locale
from app.web.guard import Audience, access_of

CODES = [locale.value for locale in Locale]
SESSION_KEY = "locale"


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


def in_language(code: str) -> str:
    """The address of the current page in another language."""
    kept = {key: value for key, value in request.args.items() if key != "lang"}
    return url_for(request.endpoint or "gallery.home", **(request.view_args or {}), **kept, lang=code)


def keep_language(endpoint: str, values: dict[str, object]) -> None:
    """Carry `?lang=` from a public page to the pages it links to."""
    if has_request_context() and request.args.get("lang") in CODES and not endpoint.startswith("static"):
        values.setdefault("lang", request.args["lang"])


def remember_language() -> None:
    """Before a page with a session: keep the language that the address asks for."""
    if request.args.get("lang") in CODES:
        choose_locale(request.args["lang"])
