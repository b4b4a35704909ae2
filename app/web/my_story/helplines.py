"""Somebody to talk to: the help card of each country. No log, no cookie, no script needed."""

from flask import render_template, request

from app.people.profiles import Profile, profiles
from app.web.guard import Audience, open_to
from app.web.locale import page_code
from app.web.my_story import bp
from app.web.templating import country_name

LIKELY = {"en": "GB", "ro": "RO", "zh": "CN"}
"""The country that stands first, where the address names none."""


MISSING_CHILDREN, EMERGENCY = "116 000", "112"
"""The numbers of the whole European Union: Commission Decision 2007/116/EC, Directive (EU) 2018/1972 art. 109."""


@bp.get("/help")
@open_to(Audience.PUBLIC, query=("country",))
def help() -> str:  # noqa: A001 (the page's name)
    """Every country's numbers; the one in the address, or the likely one, on top."""
    first = request.args.get("country", "")
    if first not in profiles():
        first = LIKELY.get(page_code(), "RO")
    return render_template(
        "my_story/help.html", first=first, countries=_ordered(first), europe=(MISSING_CHILDREN, EMERGENCY)
    )


def _ordered(first: str) -> list[tuple[str, str, Profile]]:
    named = [(code, country_name(code), profile) for code, profile in profiles().items()]
    return sorted(named, key=lambda row: (row[0] != first, row[1]))
