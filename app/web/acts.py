"""Reading what somebody says of the decision of a court or an office: by link, or to whoever writes it down."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask import request
from flask_babel import LazyString

from app.errors import Invalid
from app.people.authority import Act, check_act, end_of, longest_act, start_of
from app.people.models import Guardian
from app.people.queries import authority_of
from app.people.rules import Basis
from app.web.forms import one_line
from app.web.questions import Question
from app.web.words import sentence

FIELDS = ("act_note", "act_from", "act_until", "act_scopes")


def asked_of(guardian: Guardian, asked: Sequence[Question]) -> dict[str, Any]:
    """What the questions about an act print: the one that was told, how long one holds, what it can be limited to."""
    return {
        "held": authority_of(guardian.id),
        "act_months": longest_act(guardian),
        "scopes": [(question.scope, question.words) for question in asked],
    }


def says_nothing() -> bool:
    """Whether nothing was filled in of all that is asked about an act."""
    lines = (one_line(name) for name in ("act_note", "act_from", "act_until"))
    return not (any(lines) or request.form.getlist("act_scopes"))


def holds(guardian: Guardian, basis: Basis) -> bool:
    """Whether a guardian has told of such an act before."""
    held = authority_of(guardian.id)
    return held is not None and held.basis is basis


def read_act(guardian: Guardian, basis: Basis, scopes: list[str]) -> tuple[Act | None, dict[str, LazyString]]:
    """The act that was told, or what is wrong with it; it can be limited to some of `scopes`."""
    note, chosen = one_line("act_note"), request.form.getlist("act_scopes")
    errors: dict[str, LazyString] = {}
    opens_on, closes_on = _day(one_line("act_from")), _day(one_line("act_until"))
    closes_at = _end_of(closes_on)
    told = Act(
        basis,
        note,
        closes_at,
        list(dict.fromkeys(chosen)) or None,
        opens_at=start_of(opens_on) if opens_on is not None else None,
    )
    if opens_on is None and one_line("act_from"):
        errors["act_from"] = sentence("act_from")
    if closes_at is None:
        errors["act_until"] = sentence("act_until")
    if not set(chosen) <= set(scopes):
        errors["act_scopes"] = sentence("unknown_answer")
    try:
        check_act(guardian, told)
    except Invalid as refusal:
        errors[refusal.field or "act_note"] = sentence(refusal.code)
    return (None, errors) if errors else (told, {})


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _end_of(day: date | None) -> datetime | None:
    try:
        return None if day is None else end_of(day)
    except OverflowError:
        return None
