"""The one rule: may this story be shown at this place, now? (design §2)

Publication is computed, never set. `verdict` is pure; the moderator's, the child's and the guardian's pages print
its reasons, and the showcase is its projection. *No* always wins over *yes*; *unsure* and silence count as no.

Every condition is a `Term` that either never holds, or holds from one moment until another. Time can therefore
open a story once (cooling-off, the opening of a campaign) and close it once, and the moments at which all terms
hold form one interval: `window`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

from app.consent.rules import CAMPAIGN, OWN_VOICE, Attribute, Given, Scope, Value
from app.stories.lifecycle import State
from app.stories.rules import approvals_needed

ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)

PLACES = ("gallery", "embed", "print", "press", "research")
"""The places every story could be shown at; each campaign adds `campaign:<id>`."""

ONLINE = ("gallery", "embed")
"""The places that have addresses, as each campaign has; at the others people look at paper, or at numbers."""

SCOPE_OF_PLACE: Mapping[str, str] = {
    "gallery": Scope.GALLERY,
    "embed": Scope.EMBED,
    "print": Scope.PRINT,
    "press": Scope.PRESS,
    "research": Scope.RESEARCH_MICRODATA,
}


class Reason(StrEnum):
    """Why a story is not shown at a place."""

    NOT_SUBMITTED = "not_submitted"
    WAITING_FOR_REVIEW = "waiting_for_review"
    CHANGES_ASKED = "changes_asked"
    DECLINED = "declined"
    ERASED = "erased"
    LEAVING = "leaving"
    HELD = "held"
    MEDIA_NOT_READY = "media_not_ready"
    NOTHING_TO_SHOW = "nothing_to_show"
    APPROVALS_MISSING = "approvals_missing"
    COOLING_OFF = "cooling_off"
    FINAL_NOT_ACCEPTED = "final_not_accepted"
    KEPT_PRIVATE = "kept_private"
    CHILD_SILENT = "child_silent"
    CHILD_NO = "child_no"
    CHILD_UNSURE = "child_unsure"
    CHILD_EXPIRED = "child_expired"
    NO_KEY = "no_key"
    GUARDIAN_SILENT = "guardian_silent"
    GUARDIAN_NO = "guardian_no"
    GUARDIAN_UNSURE = "guardian_unsure"
    GUARDIAN_EXPIRED = "guardian_expired"
    GUARDIAN_OLDER_VERSION = "guardian_older_version"
    NOT_IN_CAMPAIGN = "not_in_campaign"
    CAMPAIGN_NOT_OPEN = "campaign_not_open"
    CAMPAIGN_OVER = "campaign_over"


@dataclass(frozen=True, slots=True)
class Key:
    """A guardian who holds a key, until when, and what they say now."""

    said: Mapping[str, Given]
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the rule looks at, as plain values. `campaigns` holds the dates of those it was chosen for."""

    state: State
    version: int
    approvals: int
    shown_from: datetime | None
    """The approval and its cooling-off time; None while nobody approved."""
    under_ten: bool
    joint: bool
    has_sound: bool
    has_other: bool
    media_ready: bool
    differs: bool
    accepted: bool
    held: bool
    leaving: bool
    child: Mapping[str, Given]
    keys: tuple[Key, ...]
    campaigns: Mapping[str, tuple[datetime, datetime | None]]


class Verdict(NamedTuple):
    """Whether, why not, and until when a yes holds."""

    allowed: bool
    reasons: tuple[Reason, ...]
    until: datetime | None


class Term(NamedTuple):
    """One condition: it holds from `opens` until `closes`; outside of that, `before` or `after` says why not."""

    before: Reason
    opens: datetime
    after: Reason
    closes: datetime


def never(reason: Reason) -> Term:
    """A condition that does not hold at any time."""
    return Term(reason, FOREVER, reason, ALWAYS)


def from_moment(reason: Reason, opens: datetime) -> Term:
    """A condition that begins to hold."""
    return Term(reason, opens, reason, FOREVER)


def until_moment(reason: Reason, closes: datetime | None) -> Term:
    """A condition that stops holding."""
    return Term(reason, ALWAYS, reason, closes or FOREVER)


def verdict(facts: Facts, place: str, now: datetime) -> Verdict:
    """Whether a story may be shown at `place` at the moment `now`, with every reason against it."""
    reasons: list[Reason] = []
    closes = FOREVER
    for term in terms(facts, place):
        if now < term.opens:
            reasons.append(term.before)
        elif now >= term.closes:
            reasons.append(term.after)
        closes = min(closes, term.closes)
    if reasons:
        return Verdict(False, tuple(dict.fromkeys(reasons)), None)
    return Verdict(True, (), closes)


def window(facts: Facts, place: str) -> tuple[datetime, datetime] | None:
    """The one interval [from, until) in which `verdict` allows, or None when there is none."""
    opens, closes = ALWAYS, FOREVER
    for term in terms(facts, place):
        opens, closes = max(opens, term.opens), min(closes, term.closes)
    return (opens, closes) if opens < closes else None


def places_of(facts: Facts) -> tuple[str, ...]:
    """Every place that could be asked about for this story."""
    return (*PLACES, *(CAMPAIGN + campaign_id for campaign_id in facts.campaigns))


def is_online(place: str) -> bool:
    """Whether anybody who knows an address can see, and fetch, what is shown at `place`."""
    return place in ONLINE or place.startswith(CAMPAIGN)


def scope_of(place: str) -> str:
    """The scope whose yes opens a place."""
    return place if place.startswith(CAMPAIGN) else SCOPE_OF_PLACE[place]


def own_voice(facts: Facts) -> bool:
    """Whether the child and every key-holder allowed the child's own voice, the latter in this very version."""
    child = facts.child.get(Attribute.VOICE)
    if not facts.has_sound or not facts.keys or child is None or child.value != OWN_VOICE:
        return False
    voices = [key.said.get(Attribute.VOICE) for key in facts.keys]
    return all(v is not None and v.value == OWN_VOICE and v.version == facts.version for v in voices)


def approvals_for(facts: Facts, place: str) -> int:
    """How many reviewers must have approved this version for this place."""
    return approvals_needed(
        under_ten=facts.under_ten,
        own_voice=own_voice(facts),
        press_or_campaign=place == "press" or place.startswith(CAMPAIGN),
    )


def terms(facts: Facts, place: str) -> Iterator[Term]:
    """The conditions, all of which must hold."""
    yield from _story_terms(facts, place)
    yield from _child_terms(facts, place)
    yield from _key_terms(facts, place)
    yield from _place_terms(facts, place)


_STATE_REASONS: Mapping[State, Reason] = {
    State.DRAFT: Reason.NOT_SUBMITTED,
    State.SUBMITTED: Reason.WAITING_FOR_REVIEW,
    State.IN_REVIEW: Reason.WAITING_FOR_REVIEW,
    State.CHANGES_ASKED: Reason.CHANGES_ASKED,
    State.DECLINED: Reason.DECLINED,
    State.ERASED: Reason.ERASED,
}


def _story_terms(facts: Facts, place: str) -> Iterator[Term]:
    yield _approval_term(facts, place)
    hindrances = {
        Reason.LEAVING: facts.leaving,
        Reason.HELD: facts.held,
        Reason.MEDIA_NOT_READY: not facts.media_ready,
        Reason.NOTHING_TO_SHOW: not facts.has_other and not own_voice(facts),
        Reason.FINAL_NOT_ACCEPTED: facts.differs and not facts.accepted,
    }
    yield from (never(reason) for reason, there in hindrances.items() if there)


def _approval_term(facts: Facts, place: str) -> Term:
    if facts.state is not State.APPROVED:
        return never(_STATE_REASONS[facts.state])
    if facts.shown_from is None or facts.approvals < approvals_for(facts, place):
        return never(Reason.APPROVALS_MISSING)
    return from_moment(Reason.COOLING_OFF, facts.shown_from)


def _child_terms(facts: Facts, place: str) -> Iterator[Term]:
    private = facts.child.get(Scope.KEEP_PRIVATE)
    if private is not None and private.value == Value.YES:
        yield never(Reason.KEPT_PRIVATE)
    given = facts.child.get(scope_of(place))
    if given is None:
        yield never(Reason.CHILD_SILENT)
    elif given.value != Value.YES:
        yield never(Reason.CHILD_NO if given.value == Value.NO else Reason.CHILD_UNSURE)
    else:
        yield until_moment(Reason.CHILD_EXPIRED, given.expires_at)
    if own_voice(facts):
        yield until_moment(Reason.CHILD_EXPIRED, facts.child[Attribute.VOICE].expires_at)


def _key_terms(facts: Facts, place: str) -> Iterator[Term]:
    if not facts.keys:
        yield never(Reason.NO_KEY)
        return
    scope = scope_of(place)
    judged = [_judge_key(facts, key, scope) for key in facts.keys]
    refusals = [term for term in judged if term.before in (Reason.GUARDIAN_NO, Reason.GUARDIAN_UNSURE)]
    if refusals:
        yield from refusals
    elif facts.joint or place == "press" or own_voice(facts):
        yield from judged
    else:
        yield max(judged, key=lambda term: term.closes)
    if own_voice(facts):
        for key in facts.keys:
            yield until_moment(Reason.GUARDIAN_EXPIRED, _earlier(key.said[Attribute.VOICE].expires_at, key.until))


def _judge_key(facts: Facts, key: Key, scope: str) -> Term:
    given = key.said.get(scope)
    if given is None:
        return never(Reason.GUARDIAN_SILENT)
    if given.value != Value.YES:
        return never(Reason.GUARDIAN_NO if given.value == Value.NO else Reason.GUARDIAN_UNSURE)
    if given.version != facts.version:
        return never(Reason.GUARDIAN_OLDER_VERSION)
    return until_moment(Reason.GUARDIAN_EXPIRED, _earlier(given.expires_at, key.until))


def _earlier(one: datetime | None, other: datetime | None) -> datetime:
    return min(one or FOREVER, other or FOREVER)


def _place_terms(facts: Facts, place: str) -> Iterator[Term]:
    if not place.startswith(CAMPAIGN):
        return
    dates = facts.campaigns.get(place.removeprefix(CAMPAIGN))
    if dates is None:
        yield never(Reason.NOT_IN_CAMPAIGN)
    else:
        yield Term(Reason.CAMPAIGN_NOT_OPEN, dates[0], Reason.CAMPAIGN_OVER, dates[1] or FOREVER)
