"""What a guardian said, as it is written down from a form, a recording or a call: nothing is ticked beforehand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import LazyString, lazy_gettext as _

from app.consent.evidence import Ruling
from app.people.models import Guardian
from app.people.rules import BASIS_OF_RELATION, GUARDIAN_NAME_MAX, Basis, Relation
from app.web import acts, questions
from app.web.forms import one_line, one_of
from app.web.questions import Question

WHO = ("name", "relation", "alone", *acts.FIELDS)


@dataclass(frozen=True)
class Heard:
    """The form as it was filled in; `ruling` is None while something is wrong or missing."""

    typed: dict[str, Any]
    errors: dict[str, LazyString]
    ruling: Ruling | None


NOTHING = Heard({}, {}, None)


def read_heard(guardian: Guardian, asked: Sequence[Question]) -> Heard:
    """What was written down. A question that was left out stays off; an act that nobody knows of gives no key yet."""
    values, errors = questions.read_answers(asked)
    name, relation = one_line("name"), one_of("relation", Relation)
    if not name or len(name) > GUARDIAN_NAME_MAX:
        errors["name"] = _("Please write the name that was given, with at most 80 letters.")
    if relation is None:
        errors["relation"] = _("Please say what this guardian is to the child.")
    if not values:
        errors["questions"] = _("Please write down at least one answer. If there is none, ask again.")
    act = None
    if relation is not None and BASIS_OF_RELATION[relation] is not Basis.PARENT and not acts.says_nothing():
        act, wrong = acts.read_act(guardian, BASIS_OF_RELATION[relation], [question.scope for question in asked])
        errors |= wrong
    typed = request.form.to_dict() | {"act_scopes": request.form.getlist("act_scopes")}
    if errors or relation is None:
        return Heard(typed, errors, None)
    return Heard(typed, {}, Ruling(values, name, relation, bool(request.form.get("alone")), act))
