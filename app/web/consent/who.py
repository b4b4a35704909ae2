"""Who is answering: a parent, somebody whom a court or an office appointed, or somebody who may not say yes."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask_babel import LazyString, lazy_gettext as _

from app.extensions import limiter
from app.people.actions import declare_guardian
from app.people.authority import Act, claim_act, decides_together
from app.people.keys import unseal
from app.people.models import Guardian
from app.people.queries import authority_of
from app.people.rules import BASIS_OF_RELATION, GUARDIAN_NAME_MAX, Basis, Relation
from app.web import acts
from app.web.consent import bp
from app.web.consent.link import open_link
from app.web.forms import one_line, one_of
from app.web.guard import Audience, open_to
from app.web.links import consent_address
from app.web.qr import qr

FIELDS = ("name", "relation", "alone", *acts.FIELDS)
NOBODY = "nobody"
"""What stands for a relation where somebody is near the child and no court or office decided about it."""
ALONE, TOGETHER = "alone", "together"


@dataclass(frozen=True)
class Who:
    """What somebody says about themselves. `act` is None where nothing new was told."""

    name: str
    relation: Relation
    alone: bool
    act: Act | None


def stored(guardian: Guardian) -> dict[str, Any]:
    """What a guardian said before, as the form prints it. An act is told once, and then only read."""
    held = authority_of(guardian.id)
    parent = held is not None and held.basis is Basis.PARENT
    return {
        "name": name_of(guardian),
        "relation": _relation(guardian, parent=parent),
        "alone": (ALONE if held.alone else TOGETHER) if held and parent else "",
    }


def _relation(guardian: Guardian, *, parent: bool) -> str:
    """What they said last, where that goes with what they decide by."""
    said = guardian.relation
    return said.value if said is not None and (BASIS_OF_RELATION[said] is Basis.PARENT or not parent) else ""


def name_of(guardian: Guardian) -> str:
    """The name a guardian wrote; empty before."""
    return unseal(guardian.storyteller_id, f"name:{guardian.id}", guardian.name_sealed)


def typed() -> dict[str, Any]:
    """What was just written about who somebody is."""
    return {name: request.form.get(name, "") for name in FIELDS} | {"act_scopes": request.form.getlist("act_scopes")}


def read_who(guardian: Guardian, scopes: list[str]) -> tuple[Who | None, dict[str, LazyString]]:
    """What was said, or a sentence for each field that is wrong; an act can be limited to some of `scopes`."""
    errors: dict[str, LazyString] = {}
    name, relation = one_line("name"), one_of("relation", Relation)
    if not name:
        errors["name"] = _("Please write your name.")
    elif len(name) > GUARDIAN_NAME_MAX:
        errors["name"] = _("This name is too long for us. Please use at most 80 letters.")
    if relation is None:
        return None, errors | {"relation": _("Please say what you are to the child.")}
    alone, act = request.form.get("alone"), None
    if BASIS_OF_RELATION[relation] is not Basis.PARENT:
        basis = BASIS_OF_RELATION[relation]
        if not (acts.says_nothing() and acts.holds(guardian, basis)):
            act, wrong = acts.read_act(guardian, basis, scopes)
            errors |= wrong
    elif alone not in (ALONE, TOGETHER):
        errors["alone"] = _("Please say whether you decide alone.")
    elif alone == ALONE and decides_together(guardian):
        errors["alone"] = _(
            "You told us that you decide together with another parent. If that has changed, please answer by voice, or"
            " with the help of somebody beside the child: a second person listens to it."
        )
    return (None if errors else Who(name, relation, alone == ALONE, act)), errors


def declare(guardian: Guardian, who: Who) -> None:
    """Keep what was said."""
    declare_guardian(guardian, who.name, who.relation, alone=who.alone)
    if who.act is not None:
        claim_act(guardian, who.act)


@bp.get("/<token>/carer")
@limiter.limit("60 per minute")
@open_to(Audience.GUARDIAN)
def carer(token: str) -> str:
    """What somebody can do who is near the child, and whom nobody gave the right to say yes."""
    open_link(token)
    address = consent_address(token)
    return render_template("consent/carer.html", token=token, address=address, code=qr(address))
