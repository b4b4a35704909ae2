"""The one rule: may this story be shown at this place, now? (design §2)

Publication is computed, never set. `verdict` is pure; the moderator's, the child's and the guardian's pages print
its reasons, and the showcase is its projection. The moments at which all terms hold form one interval: `window`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from app.consent.rules import CAMPAIGN, Attribute, Scope, Value
from app.release.consensus import about_attribute, about_place, alone_since, terms_of
from app.release.terms import ALWAYS, FOREVER, Facts, Reason, Term, can_hold, from_moment, never, until_moment
from app.stories.lifecycle import State
from app.stories.rules import approvals_needed

PLACES = ("gallery", "embed", "print", "press", "counts", "research", "archive")
"""The places every story could be shown at; each campaign adds `campaign:<id>`."""

ONLINE = ("gallery", "embed")
"""The places that have addresses, as each campaign has; at the others people look at paper, or at numbers."""

WORDLESS = ("counts", "research", "archive")
"""The places at which nothing of a story is printed but what it is counted by; archives take what the others show."""

SCOPE_OF_PLACE: Mapping[str, str] = {
    "gallery": Scope.GALLERY,
    "embed": Scope.EMBED,
    "print": Scope.PRINT,
    "press": Scope.PRESS,
    "counts": Scope.RESEARCH_COUNTS,
    "research": Scope.RESEARCH_MICRODATA,
    "archive": Scope.ARCHIVE,
}

VOICE, FACE = Attribute.VOICE, Attribute.FACE
ATTRIBUTES = (VOICE, FACE, Attribute.NAME, Attribute.AGE, Attribute.PLACE)
"""The first two could let somebody recognise the child."""

OWN, ALTERED = 2, 1
"""The grades of a voice: as it is, and made different."""


class Verdict(NamedTuple):
    """Whether, why not, and until when a yes holds."""

    allowed: bool
    reasons: tuple[Reason, ...]
    until: datetime | None


class Shown(NamedTuple):
    """How much of an attribute everybody lets be seen, and the terms of that."""

    grade: int
    terms: Sequence[Term]


NOTHING = Shown(0, ())


def verdict(facts: Facts, place: str, now: datetime) -> Verdict:
    """Whether a story may be shown at `place` at the moment `now`, with every reason against it."""
    reasons: list[Reason] = []
    until = FOREVER
    for reason, opens, closes in terms(facts, place):
        if not opens <= now < closes:
            reasons.append(reason)
        elif closes < until:
            until = closes
    if reasons:
        return Verdict(False, tuple(dict.fromkeys(reasons)), None)
    return Verdict(True, (), until)


def window(facts: Facts, place: str) -> tuple[datetime, datetime] | None:
    """The one interval [from, until) in which `verdict` allows, or None when there is none."""
    begins, ends = ALWAYS, FOREVER
    for _reason, opens, closes in terms(facts, place):
        begins, ends = max(begins, opens), min(ends, closes)
    return (begins, ends) if begins < ends else None


def places_of(facts: Facts) -> tuple[str, ...]:
    """Every place that could be asked about for this story."""
    return (*PLACES, *(CAMPAIGN + campaign_id for campaign_id in facts.campaigns))


def is_online(place: str) -> bool:
    """Whether anybody who knows an address can see, and fetch, what is shown at `place`."""
    return place in ONLINE or place.startswith(CAMPAIGN)


def scope_of(place: str) -> str:
    """The scope whose yes opens a place."""
    return place if place.startswith(CAMPAIGN) else SCOPE_OF_PLACE[place]


def shown(facts: Facts, attribute: Attribute) -> Shown:
    """How much of one attribute may be seen: the most that exists and everybody who must has said yes to.

    A yes that has run out closes the story rather than going on without: until the question is asked again, nobody
    can say that less would have been agreed to.
    """
    for wanted in _grades_there_are(facts, attribute):
        terms = terms_of(facts, about_attribute(attribute, wanted))
        if can_hold(terms):
            return Shown(wanted, terms)
    return NOTHING


def translated(facts: Facts) -> Shown:
    """Whether it may be read in other languages: the same, of words that others put the child's own into."""
    return translatable(facts) if facts.has_translation else NOTHING


def translatable(facts: Facts) -> Shown:
    """Whether everybody has said yes to putting it into other languages, done or not."""
    terms = _translation_terms(facts)
    return Shown(1, terms) if can_hold(terms) else NOTHING


def against_translation(facts: Facts) -> frozenset[Reason]:
    """Why it may not be put into other languages; nothing where it may."""
    return frozenset(reason for reason, opens, closes in _translation_terms(facts) if opens >= closes)


def _translation_terms(facts: Facts) -> list[Term]:
    return terms_of(facts, about_place(Scope.TRANSLATE, recognisable=False))


def _grades_there_are(facts: Facts, attribute: Attribute) -> tuple[int, ...]:
    """The grades that would change what is shown, the most first. No real name is kept, so none can be shown."""
    if attribute is VOICE:
        return (OWN,) * facts.has_sound + (ALTERED,) * facts.has_altered
    return (1,) * (attribute is not FACE or facts.has_blurred)


def decides_alone(facts: Facts, place: str) -> bool:
    """Whether the child's word about a place is that of a young person who needs no guardian for it."""
    given = facts.child.get(scope_of(place))
    recognisable = shown(facts, VOICE).grade == OWN or shown(facts, FACE).grade > 0
    question = about_place(scope_of(place), recognisable=recognisable)
    return given is not None and alone_since(facts, question, given) is not None


def approvals_for(facts: Facts, place: str) -> int:
    """How many reviewers must have approved this version for this place."""
    return _approvals(facts, place, shown(facts, VOICE).grade)


def _approvals(facts: Facts, place: str, voice: int) -> int:
    return approvals_needed(
        under_ten=facts.under_ten,
        own_voice=voice == OWN,
        press_or_campaign=place == "press" or place.startswith(CAMPAIGN),
    )


def terms(facts: Facts, place: str) -> Iterator[Term]:
    """The conditions, all of which must hold."""
    attributes = [shown(facts, attribute) for attribute in ATTRIBUTES]
    voice, face = attributes[0].grade, attributes[1].grade
    yield _approval_term(facts, _approvals(facts, place, voice))
    yield from _story_terms(facts, nothing_to_show=not (facts.has_other or voice or face))
    recognisable = voice == OWN or face > 0
    yield from terms_of(facts, about_place(scope_of(place), recognisable=recognisable))
    for one in (*attributes, translated(facts)):
        yield from one.terms
    yield from _place_terms(facts, place, recognisable)


_STATE_REASONS: Mapping[State, Reason] = {
    State.DRAFT: Reason.NOT_SUBMITTED,
    State.SUBMITTED: Reason.WAITING_FOR_REVIEW,
    State.IN_REVIEW: Reason.WAITING_FOR_REVIEW,
    State.CHANGES_ASKED: Reason.CHANGES_ASKED,
    State.DECLINED: Reason.DECLINED,
    State.ERASED: Reason.ERASED,
}


def _approval_term(facts: Facts, needed: int) -> Term:
    if facts.state is not State.APPROVED:
        return never(_STATE_REASONS[facts.state])
    if facts.shown_from is None or facts.approvals < needed:
        return never(Reason.APPROVALS_MISSING)
    return from_moment(Reason.COOLING_OFF, facts.shown_from)


def _story_terms(facts: Facts, *, nothing_to_show: bool) -> Iterator[Term]:
    private = facts.child.get(Scope.KEEP_PRIVATE)
    if facts.leaving:
        yield never(Reason.LEAVING)
    if facts.held:
        yield never(Reason.HELD)
    if facts.evidence_waiting:
        yield never(Reason.EVIDENCE_WAITING)
    if not facts.media_ready:
        yield never(Reason.MEDIA_NOT_READY)
    if nothing_to_show:
        yield never(Reason.NOTHING_TO_SHOW)
    if facts.refused:
        yield never(Reason.FINAL_REFUSED)
    elif facts.differs and not facts.accepted:
        yield never(Reason.FINAL_NOT_ACCEPTED)
    if private is not None and private.value == Value.YES:
        yield never(Reason.KEPT_PRIVATE)


def _place_terms(facts: Facts, place: str, recognisable: bool) -> Iterator[Term]:
    if place == Scope.ARCHIVE:
        for other in ONLINE:
            for _why, opens, closes in terms_of(facts, about_place(scope_of(other), recognisable=recognisable)):
                yield Reason.NOT_ELSEWHERE, opens, closes
    if not place.startswith(CAMPAIGN):
        return
    dates = facts.campaigns.get(place.removeprefix(CAMPAIGN))
    if dates is None:
        yield never(Reason.NOT_IN_CAMPAIGN)
    else:
        yield from_moment(Reason.CAMPAIGN_NOT_OPEN, dates[0])
        yield until_moment(Reason.CAMPAIGN_OVER, dates[1])
