"""What a guardian said, as it is written down from a form, a recording or a call: nothing is ticked beforehand."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from flask_babel import LazyString, lazy_gettext as _

from app.consent.evidence import Ruling
from app.people.rules import GUARDIAN_NAME_MAX, Relation
from app.web import questions
from app.web.forms import one_line, one_of
from app.web.questions import Question

WHO = ("name", "relation", "alone")


@dataclass(frozen=True)
class Heard:
    """The form as it was filled in; `ruling` is None while something is wrong or missing."""

    typed: dict[str, str]
    errors: dict[str, LazyString]
    ruling: Ruling | None


NOTHING = Heard({}, {}, None)


def read_heard(asked: Sequence[Question]) -> Heard:
    """What was written down. A question that was left out stays off."""
    values, errors = questions.read_answers(asked)
    name, relation = one_line("name"), one_of("relation", Relation)
    if not name or len(name) > GUARDIAN_NAME_MAX:
        errors["name"] = _("Please write the name that was given, with at most 80 letters.")
    if relation is None:
        errors["relation"] = _("Please say what this guardian is to the child.")
    if not values:
        errors["questions"] = _("Please write down at least one answer. If there is none, ask again.")
    if errors or relation is None:
        return Heard(request.form.to_dict(), errors, None)
    alone = bool(request.form.get("alone"))
    return Heard(request.form.to_dict(), {}, Ruling(values, name, relation, alone))
