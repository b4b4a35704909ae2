"""How a parent or carer can be reached: by letter, or by a link that the child hands over."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, lazy_gettext as _

from app.people.actions import add_guardian, readdress_guardian
from app.people.keys import unseal
from app.people.models import Storyteller
from app.people.queries import guardians_of
from app.people.rules import Locale
from app.web.forms import email, one_of, only_fields
from app.web.guard import Audience, open_to
from app.web.tell import bp
from app.web.tell.draft import STEPS, goes_back, my_draft, onward
from app.web.transaction import writes

STEP = STEPS["guardian"]
LETTER, HAND = "letter", "hand"


def reached(storyteller: Storyteller) -> dict[str, str]:
    """How the guardian is to be asked, as the form and the last page print it; empty while nothing was chosen."""
    known = guardians_of(storyteller.id)
    if not known:
        return {}
    address = unseal(storyteller.id, f"email:{known[0].id}", known[0].email_sealed)
    return {"how": LETTER if address else HAND, "email": address, "guardian_locale": known[0].locale.value}


@bp.get("/guardian")
@open_to(Audience.VISITOR)
def guardian() -> str:
    """The page."""
    draft = my_draft()
    return _show(reached(draft.storyteller) or {"guardian_locale": draft.locale.value}, {})


def _show(values: dict[str, str], errors: dict[str, LazyString]) -> str:
    return render_template("tell/guardian.html", step=STEP, values=values, errors=errors)


@bp.post("/guardian")
@open_to(Audience.VISITOR)
@writes
def save_guardian() -> ResponseReturnValue:
    """Keep how the guardian is to be asked; nobody is written to before the story is sent."""
    only_fields("how", "email", "guardian_locale", "go")
    draft = my_draft()
    how, address, locale = request.form.get("how"), email("email"), one_of("guardian_locale", Locale)
    errors: dict[str, LazyString] = {}
    if how not in (LETTER, HAND):
        errors["how"] = _("Please choose one of the two ways.")
    if how == LETTER and address is None:
        errors["email"] = _("This does not look like an e-mail address. It needs an @ in the middle.")
    if locale is None:
        errors["guardian_locale"] = _("Please choose a language.")
    if errors and not goes_back():
        return _show(request.form.to_dict(), errors), 422
    if locale is not None and not errors:
        _keep(draft.storyteller, locale, (address or "") if how == LETTER else "")
    return onward(STEP)


def _keep(storyteller: Storyteller, locale: Locale, address: str) -> None:
    known = guardians_of(storyteller.id)
    if known:
        readdress_guardian(known[0], locale, address)
    else:
        add_guardian(storyteller.id, locale, address)
