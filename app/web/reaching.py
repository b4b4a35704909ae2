"""How a parent or carer can be reached: by letter, or by a link that somebody hands over."""

import hashlib
from dataclasses import dataclass

from flask import request
from flask_babel import LazyString, format_timedelta, lazy_gettext as _
from limits import RateLimitItem, RateLimitItemPerDay

from app.adapters import outside
from app.extensions import visitors_network
from app.people.rules import Locale
from app.web import counting
from app.web.forms import email, one_of

LETTER, HAND = "letter", "hand"
FIELDS = ("how", "email", "guardian_locale")
LETTERS, LETTERS_FROM_HERE = RateLimitItemPerDay(90), RateLimitItemPerDay(40)
"""To one address, in all and from one network: a helper may give their own for a whole class."""
MANY_LETTERS = _("Many letters went to this address today. Please hand the link over, or try tomorrow.")
"""What a child is told whose address has had enough of them."""


@dataclass(frozen=True)
class Reach:
    """An address, empty where the link is handed over, and the language that is read there."""

    locale: Locale
    address: str


def may_write_to(address: str) -> bool:
    """Whether this address, which a stranger may have typed, has had few first letters today; only its hash is kept."""
    return all(counting.has_room(*count) for count in _counts(address))


def note_letter(address: str) -> None:
    """It gets another one."""
    for count in _counts(address):
        counting.hit(*count)


def _counts(address: str) -> list[tuple[RateLimitItem, str, str]]:
    name = hashlib.sha256(address.lower().encode()).hexdigest()
    return [(LETTERS, "letters", name), (LETTERS_FROM_HERE, visitors_network(), name)]


def read_reach() -> tuple[Reach | None, dict[str, LazyString]]:
    """What was chosen, or a sentence for each field that is wrong."""
    how, address, locale = request.form.get("how"), email("email"), one_of("guardian_locale", Locale)
    errors: dict[str, LazyString] = {}
    if how not in (LETTER, HAND):
        errors["how"] = _("Please choose one of the two ways.")
    if how == LETTER and address is None:
        errors["email"] = _("The address should look like this: name@example.org")
    if locale is None:
        errors["guardian_locale"] = _("Please choose a language.")
    if errors or locale is None:
        return None, errors
    return Reach(locale, (address or "") if how == LETTER else ""), {}


def time_to_confirm() -> str:
    """How long after their answers a guardian gets the fresh link to say yes once more, in the page's language."""
    return str(format_timedelta(outside().settings.confirm_after))
