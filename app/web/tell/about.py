"""About me, and who helped me. An invented name, a band of ages, a country, a region: nothing else is asked."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext, lazy_gettext as _

from app.errors import Invalid
from app.people.actions import describe
from app.people.keys import unseal
from app.people.models import Storyteller
from app.people.rules import COUNTRIES, AgeBand, Help, Helper
from app.stories.actions import tell_helper, working_version
from app.stories.queries import version_of
from app.web.forms import one_line, one_of, only_fields
from app.web.guard import Audience, open_to
from app.web.tell import bp
from app.web.tell.draft import STEPS, begun, goes_back, my_draft, onward
from app.web.templating import country_name
from app.web.transaction import writes
from app.web.words import AGES, HELP, HELPERS, sentence

ELSEWHERE = "other"
"""A country that is none of ours: kept as no country, which the rule treats strictly."""


def described(storyteller: Storyteller) -> dict[str, str]:
    """What is known about the child, as the form and the last page print it."""
    country = storyteller.country or (ELSEWHERE if storyteller.age_band else "")
    return {
        "invented_name": unseal(storyteller.id, "invented_name", storyteller.invented_name_sealed),
        "age_band": storyteller.age_band or "",
        "country": country,
        "region": unseal(storyteller.id, "region", storyteller.region_sealed),
    }


def countries() -> list[tuple[str, str]]:
    """The countries to choose from, by their names in the page's language."""
    named = sorted(((code, country_name(code)) for code in COUNTRIES), key=lambda pair: pair[1])
    return [*named, (ELSEWHERE, gettext("Another country"))]


@bp.get("/about")
@open_to(Audience.VISITOR)
def about() -> str:
    """The page."""
    draft = my_draft()
    return _show_about(begun(STEPS["about"]) or described(draft.storyteller), {})


def _show_about(values: dict[str, str], errors: dict[str, LazyString]) -> str:
    return render_template(
        "tell/about.html", step=STEPS["about"], values=values, errors=errors, ages=AGES, countries=countries()
    )


@bp.post("/about")
@open_to(Audience.VISITOR)
@writes
def save_about() -> ResponseReturnValue:
    """Keep what was said."""
    only_fields("invented_name", "age_band", "country", "region", "go")
    draft = my_draft(lock=True)
    age, country = one_of("age_band", AgeBand), request.form.get("country", "")
    errors: dict[str, LazyString] = {}
    if age is None:
        errors["age_band"] = _("Please choose your age.")
    if country not in (*COUNTRIES, ELSEWHERE):
        errors["country"] = _("Please choose the country you live in.")
    if age is not None and not errors:
        try:
            describe(
                draft.storyteller,
                invented_name=one_line("invented_name"),
                age_band=age,
                country="" if country == ELSEWHERE else country,
                region=one_line("region"),
            )
        except Invalid as error:
            errors[error.field or "invented_name"] = sentence(error.code)
    if errors and not goes_back():
        return _show_about(request.form.to_dict(), errors), 422
    return onward(STEPS["about"], errors)


@bp.get("/helper")
@open_to(Audience.VISITOR)
def helper() -> str:
    """The page."""
    version = version_of(my_draft())
    told = {"helper": version.helper or "", "help": version.help or ""}
    return _show_helper(begun(STEPS["helper"]) or told, {})


def _show_helper(values: dict[str, str], errors: dict[str, LazyString]) -> str:
    return render_template(
        "tell/helper.html", step=STEPS["helper"], values=values, errors=errors, helpers=HELPERS, help=HELP
    )


@bp.post("/helper")
@open_to(Audience.VISITOR)
@writes
def save_helper() -> ResponseReturnValue:
    """Keep who sat beside the child, and what they did."""
    only_fields("helper", "help", "go")
    version = working_version(my_draft())
    who, how = one_of("helper", Helper), one_of("help", Help)
    errors: dict[str, LazyString] = {}
    if who is None:
        errors["helper"] = _("Please choose who was with you.")
    elif how is None and who is not Helper.NOBODY:
        errors["help"] = _("Please choose what they did.")
    if errors and not goes_back():
        return _show_helper(request.form.to_dict(), errors), 422
    if who is not None and not errors:
        tell_helper(version, who, how or Help.NONE)
    return onward(STEPS["helper"], errors)
