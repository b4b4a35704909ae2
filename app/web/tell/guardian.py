"""How a parent or carer can be reached: by letter, or by a link that the child hands over."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import LazyString

from app.people.actions import add_guardian, readdress_guardian
from app.people.keys import unseal
from app.people.models import Storyteller
from app.people.queries import guardians_of
from app.web.forms import only_fields
from app.web.guard import Audience, open_to
from app.web.reaching import FIELDS, HAND, LETTER, Reach, read_reach
from app.web.tell import bp
from app.web.tell.draft import STEPS, begun, goes_back, my_draft, onward
from app.web.transaction import writes

STEP = STEPS["guardian"]


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
    return _show(begun(STEP) or reached(draft.storyteller) or {"guardian_locale": draft.locale.value}, {})


def _show(values: dict[str, str], errors: dict[str, LazyString]) -> str:
    return render_template("tell/guardian.html", step=STEP, values=values, errors=errors)


@bp.post("/guardian")
@open_to(Audience.VISITOR)
@writes
def save_guardian() -> ResponseReturnValue:
    """Keep how the guardian is to be asked; nobody is written to before the story is sent."""
    only_fields(*FIELDS, "go")
    draft = my_draft(lock=True)
    reach, errors = read_reach()
    if errors and not goes_back():
        return _show(request.form.to_dict(), errors), 422
    if reach is not None:
        _keep(draft.storyteller, reach)
    return onward(STEP, errors)


def _keep(storyteller: Storyteller, reach: Reach) -> None:
    known = guardians_of(storyteller.id)
    if known:
        readdress_guardian(known[0], reach.locale, reach.address)
    else:
        add_guardian(storyteller.id, reach.locale, reach.address)
