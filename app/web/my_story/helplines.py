"""Somebody to talk to: the help card of each country. No log, no cookie, no script needed."""

from flask import render_template, request

from app.people.profiles import Help, profiles, strict
from app.web.guard import Audience, open_to
from app.web.locale import page_code
from app.web.my_story import bp
from app.web.templating import country_name

LIKELY = {"en": "GB", "ro": "RO", "zh": "CN", "it": "IT"}
"""The country that stands first, where the address names none."""


@bp.get("/help")
@open_to(Audience.PUBLIC, query=("country",))
def help() -> str:  # noqa: A001 (the page's name)
    """Every country's numbers; the one in the address, or the likely one, on top."""
    first = request.args.get("country", "")
    if first not in profiles():
        first = LIKELY.get(page_code(), "RO")
    (missing_children,), emergency = strict().help.lines, strict().help.emergency
    return render_template(
        "my_story/help.html", first=first, countries=_ordered(first), europe=(missing_children.number, emergency)
    )


def _ordered(first: str) -> list[tuple[str, str, Help]]:
    named = [(code, country_name(code), found.help) for code, found in profiles().items()]
    return sorted(named, key=lambda row: (row[0] != first, row[1]))
