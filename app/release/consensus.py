"""What the child and every holder of a key say together about one question (rights §1 and §2).

A question is about a place, or about how much of the child is shown. *No* wins over *yes*; *unsure*, silence and a yes
that is not confirmed count as no. Pure; `policy` puts the answers together with everything else.
"""

from collections.abc import Container
from datetime import datetime
from functools import cache
from operator import itemgetter
from typing import NamedTuple

from app.consent.rules import CAMPAIGN, OWN_VOICE, Attribute, Given, Scope, Value, enough, grade, silence_ends
from app.release.terms import FOREVER, Facts, Key, Reason, Term, from_moment, never, until_moment

REFUSALS = frozenset({Reason.GUARDIAN_NO, Reason.GUARDIAN_UNSURE, Reason.GUARDIAN_NO_STANDS})
YES = frozenset({Value.YES})
CLOSING = itemgetter(2)


class Question(NamedTuple):
    """Something to be said yes to. `yes` are the words that say it, `grade` how much of an attribute; 0 for a place."""

    scope: str
    yes: frozenset[str]
    identifying: bool
    """Whether somebody could recognise the child by it: then every key is needed, until they are of age."""
    grade: int = 0


def about_place(scope: str, *, recognisable: bool) -> Question:
    """May it be shown there? `recognisable` says whether what would be shown there includes a voice or a face."""
    return Question(scope, YES, recognisable or scope == Scope.PRESS)


@cache
def about_attribute(attribute: Attribute, wanted: int) -> Question:
    """May so much of the child be shown?"""
    own_voice = attribute is Attribute.VOICE and wanted >= grade(attribute, OWN_VOICE)
    real_name = attribute is Attribute.NAME and wanted >= grade(attribute, "first")
    identifying = own_voice or real_name or attribute is Attribute.FACE
    return Question(attribute.value, enough(attribute, wanted), identifying, wanted)


def terms_of(facts: Facts, question: Question) -> list[Term]:
    """The conditions under which everybody who must has said yes."""
    given = facts.child.get(question.scope)
    if given is None:
        return [never(Reason.CHILD_SILENT), *_key_terms(facts, question)]
    terms = _child_terms(facts, question, given)
    since = alone_since(facts, question, given)
    return terms + (_key_terms(facts, question) if since is None else [from_moment(Reason.NO_KEY, since)])


def _child_terms(facts: Facts, question: Question, given: Given) -> list[Term]:
    if given.value not in question.yes:
        return [never(Reason.CHILD_UNSURE if given.value == Value.UNSURE else Reason.CHILD_NO)]
    if given.superseded:
        return [never(Reason.CHILD_OLDER_TEXT)]
    terms = [until_moment(Reason.CHILD_EXPIRED, given.expires_at)]
    if facts.asked_anew:
        silence = silence_ends(given.at, given.said_seq, facts.asked_anew)
        terms += [until_moment(Reason.CHILD_GREW_UP, closes) for closes in silence]
    return terms


def alone_since(facts: Facts, question: Question, given: Given) -> datetime | None:
    """From when a young person needs no guardian for what they said: when they said it, perhaps by a clock ahead.

    None where they were not old enough to say it alone, or somebody stood against it.
    """
    alone = facts.majority if question.identifying else facts.own_age
    return given.at if alone is not None and alone.covers(given.at, given.said_seq) else None


def _key_terms(facts: Facts, question: Question) -> list[Term]:
    judged: list[Term] = []
    refusals: list[Term] = []
    alone = False
    for key in facts.keys:
        if key.scopes is None or _reaches(key.scopes, question.scope):
            term = judge(facts, key, question)
            judged.append(term)
            if term[0] in REFUSALS:
                refusals.append(term)
            alone = key.alone
    if not judged:
        return [never(Reason.KEY_GONE if facts.keyless else Reason.NO_KEY)]
    if refusals:
        return refusals
    if not (facts.joint or question.identifying):
        return [max(judged, key=CLOSING)] if len(judged) > 1 else judged
    if facts.unheard or (len(judged) == 1 and not alone):
        judged.append(never(Reason.GUARDIAN_MISSING))
    return judged


def _reaches(scopes: Container[str], scope: str) -> bool:
    """Whether an act about `scopes` is about this one too; one about campaigns is about each of them."""
    return scope in scopes or (scope.startswith(CAMPAIGN) and CAMPAIGN in scopes)


def judge(facts: Facts, key: Key, question: Question) -> Term:
    """What the answer of one key-holder says about the question, whoever else must be asked."""
    given = key.said.get(question.scope)
    if given is None:
        return never(Reason.GUARDIAN_SILENT)
    missing = _refusal(question, given) or (Reason.KEY_GONE if key.claimed else _fault(facts, given))
    if missing:
        return never(missing)
    if key.until is not None and key.until < (given.expires_at or FOREVER):
        return until_moment(Reason.KEY_GONE, key.until)
    return until_moment(Reason.GUARDIAN_EXPIRED, given.expires_at)


def _refusal(question: Question, given: Given) -> Reason | None:
    """The no in an answer, which binds everybody; it stands until a yes that follows it was confirmed."""
    if given.value not in question.yes:
        return Reason.GUARDIAN_UNSURE if given.value == Value.UNSURE else Reason.GUARDIAN_NO
    if given.stands is not None and given.stands not in question.yes:
        return Reason.GUARDIAN_NO_STANDS
    return None


def _fault(facts: Facts, given: Given) -> Reason | None:
    """Why a yes does not count now."""
    if given.superseded:
        return Reason.GUARDIAN_OLDER_TEXT
    if given.version != facts.version:
        return Reason.GUARDIAN_OLDER_VERSION
    return None if given.confirmed else Reason.GUARDIAN_UNCONFIRMED
