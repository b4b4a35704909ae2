"""Scopes, answers, and how a ledger of answers folds into what each party says now (rights §2).

Everything is off until somebody answers. `ai_training` is not a scope: it does not exist.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from app.errors import Invalid
from app.people.rules import Since

CAMPAIGN = "campaign:"
SCOPE_MAX = 40


class Scope(StrEnum):
    """What a party answers yes, no or unsure about. A campaign's scope is `campaign:<id>`."""

    KEEP_PRIVATE = "keep_private"
    GALLERY = "gallery"
    EMBED = "embed"
    PRINT = "print"
    PRESS = "press"
    RESEARCH_COUNTS = "research_counts"
    RESEARCH_MICRODATA = "research_microdata"
    ARCHIVE = "archive"
    TRANSLATE = "translate"
    MACHINE_PROCESS = "machine_process"
    RECONTACT = "recontact"


class Attribute(StrEnum):
    """How much of the child is shown, where it is shown."""

    NAME = "name"
    VOICE = "voice"
    FACE = "face"
    AGE = "age"
    PLACE = "place"


class Value(StrEnum):
    """An answer about a scope."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


ATTRIBUTE_VALUES: Mapping[Attribute, tuple[str, ...]] = {
    Attribute.NAME: ("none", "invented", "first"),
    Attribute.VOICE: ("transcript", "altered", "own"),
    Attribute.FACE: ("never", "blurred"),
    Attribute.AGE: ("none", "band"),
    Attribute.PLACE: ("none", "region"),
}
"""From nothing to the most. Beside these each can be answered *unsure*, which is as much as the first."""

OWN_VOICE = "own"

PUBLIC_SCOPES = (
    Scope.GALLERY,
    Scope.EMBED,
    Scope.PRINT,
    Scope.PRESS,
    Scope.RESEARCH_COUNTS,
    Scope.RESEARCH_MICRODATA,
    Scope.ARCHIVE,
)
"""The scopes that open a place, beside one for each campaign."""


class Party(StrEnum):
    """Who answered."""

    CHILD = "child"
    GUARDIAN = "guardian"


class EvidenceState(StrEnum):
    """What became of a form that was photographed or a voice that was recorded."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    ASK_AGAIN = "ask_again"


class Notice(StrEnum):
    """Why a guardian is written to again."""

    CONFIRM = "confirm"
    RUNS_OUT = "runs_out"
    NEW_VERSION = "new_version"
    NEW_TEXT = "new_text"
    OWN_AGE = "own_age"
    UNHEARD = "unheard"


UNDISTURBED = (Notice.CONFIRM, Notice.RUNS_OUT)
"""What is written although the guardian said no to something else: it is about their own yes."""
REMINDERS = (60, 30, 7)
"""Days before a yes runs out."""
UNHEARD_AFTER = (7, 30)
"""Days after somebody was asked: who has not said by then who they are is reminded."""
PEACE = timedelta(days=30)
"""How long nobody is asked again after a no."""
SILENCE_LASTS = timedelta(days=90)
"""How long an earlier answer holds after the young person was asked again because they grew up."""


class Again(StrEnum):
    """Why a child is asked again."""

    OWN_AGE = "own_age"
    OLDER = "older"
    NEW_TEXT = "new_text"
    RUNS_OUT = "runs_out"


class Method(StrEnum):
    """How an answer was obtained."""

    SELF = "self"
    LINK = "link"
    PAPER = "paper"
    VOICE = "voice"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Given:
    """What one party says now about one scope or attribute."""

    value: str
    version: int
    expires_at: datetime | None
    at: datetime
    confirmed: bool = True
    """Whether it was said for good: a yes by link counts when it was said again by a fresh link a day later."""
    stands: str | None = None
    """What the same person had said for good before, which stands until this is confirmed."""
    superseded: bool = False
    """Whether the text it was an answer to has changed so much since that it must be asked again."""
    said_seq: int = 0
    """After which entry of the audit log it was said."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the ledger, as the fold needs it."""

    party: Party
    guardian_id: str | None
    scope: str
    value: str
    version: int
    expires_at: datetime | None
    at: datetime
    confirmed: bool
    text_version: int
    said_seq: int = 0


def fold(entries: Iterable[Entry], majors: Mapping[str, int]) -> tuple[dict[str, Given], dict[str, dict[str, Given]]]:
    """The latest word of each party: the child's by scope, and each guardian's by guardian id and scope.

    `entries` come in the order in which they were given; `majors`: since which version of its text each party's hold.
    """
    child: dict[str, Given] = {}
    guardians: dict[str, dict[str, Given]] = {}
    for entry in entries:
        said = child if entry.party is Party.CHILD else guardians.setdefault(entry.guardian_id or "", {})
        said[entry.scope] = Given(
            entry.value,
            entry.version,
            entry.expires_at,
            entry.at,
            entry.confirmed,
            None if entry.confirmed else _said_for_good(said.get(entry.scope)),
            entry.text_version < majors[entry.party],
            entry.said_seq,
        )
    return child, guardians


def _said_for_good(given: Given | None) -> str | None:
    return None if given is None else given.value if given.confirmed else given.stands


def theirs(said: Mapping[str, Given], since: int | None) -> dict[str, Given]:
    """What somebody said after an entry of the audit log; None: everything.

    A yes from before was another's, or nobody's, to say. A no stands all the same, and so does the one behind a yes.
    """
    if since is None:
        return dict(said)
    kept = {scope: _left_of(scope, given, since) for scope, given in said.items()}
    return {scope: given for scope, given in kept.items() if given is not None}


def _left_of(scope: str, given: Given, since: int) -> Given | None:
    if since <= given.said_seq or not opens(scope, given.value):
        return given
    if given.stands is None or opens(scope, given.stands):
        return None
    return replace(given, value=given.stands, expires_at=None, confirmed=True, stands=None)


def campaign_scope(campaign_id: str) -> str:
    """The scope that opens one campaign."""
    return CAMPAIGN + campaign_id


def shows_more(scope: str, value: str, than: str) -> bool:
    """Whether a value opens a place that another leaves closed, or shows more of the child."""
    if scope in set(Attribute):
        return grade(Attribute(scope), value) > grade(Attribute(scope), than)
    return opens(scope, value) and not opens(scope, than)


def due_notices(
    said: Mapping[str, Given], version: int, text_version: int, now: datetime, wait: timedelta
) -> set[tuple[Notice, str]]:
    """Why a guardian who said this is to be written to now: the reason, and what tells it from others of its kind.

    `version` is the story's newest, `text_version` the one from which on answers hold. Whoever said no is left in
    peace for `PEACE`, but for what is about their own yes. Everything that waits to be said again is asked for at
    once, `wait` after the last of it: one link confirms it all.
    """
    due: set[tuple[Notice, str]] = set()
    waiting: list[datetime] = []
    if said and max(given.version for given in said.values()) < version:
        due.add((Notice.NEW_VERSION, str(version)))
    for scope, given in said.items():
        if not opens(scope, given.value) or given.version < version:
            continue
        if given.superseded:
            due.add((Notice.NEW_TEXT, str(text_version)))
        elif given.confirmed:
            due |= _reminders(given, now)
        else:
            waiting.append(given.at)
    if waiting and now >= max(waiting) + wait:
        due.add((Notice.CONFIRM, f"{max(waiting):%Y-%m-%d %H:%M:%S.%f}"))
    peace = peace_after(said, now)
    return {notice for notice in due if notice[0] in UNDISTURBED or peace is None}


@dataclass(frozen=True, slots=True)
class Peace:
    """Somebody said no then, and nobody asks them again before a day to come, unless they come by themselves."""

    since: datetime
    until: datetime


def peace_after(said: Mapping[str, Given], now: datetime) -> Peace | None:
    """The peace that somebody who said this is left in now."""
    last = max((given.at for given in said.values() if given.value == Value.NO), default=None)
    return Peace(last, last + PEACE) if last is not None and now < last + PEACE else None


def next_reminder(asked_at: datetime, now: datetime) -> datetime | None:
    """When somebody who was asked then, and does not say who they are, is reminded next."""
    moments = (asked_at + timedelta(days=days) for days in UNHEARD_AFTER)
    return next((moment for moment in moments if moment > now), None)


def due_again(
    said: Mapping[str, Given], now: datetime, grown: Iterable[Since | None], anew: Iterable[Since]
) -> set[Again]:
    """Why the child is asked again: the questions changed, a yes has run out or soon will, or they grew up since.

    `grown` says from when the child decides alone, `anew` since when an earlier yes holds for a while only,
    also while others decide with them.
    """
    due: set[Again] = set()
    ahead = now + timedelta(days=max(REMINDERS))
    for scope, given in said.items():
        if not opens(scope, given.value):
            continue
        if given.superseded:
            due.add(Again.NEW_TEXT)
        elif given.expires_at is not None and given.expires_at <= ahead:
            due.add(Again.RUNS_OUT)
        if any(one.asks_again(given.at, given.said_seq, now) for one in grown if one):
            due.add(Again.OWN_AGE)
        elif any(one.asks_again(given.at, given.said_seq, now) for one in anew):
            due.add(Again.OLDER)
    return due


def silence_ends(at: datetime, said_seq: int, anew: Iterable[Since]) -> list[datetime]:
    """When silence ends what a child said then: some time after each moment at which they were asked anew."""
    return [one.begins + SILENCE_LASTS for one in anew if not one.covers(at, said_seq)]


def _reminders(given: Given, now: datetime) -> set[tuple[Notice, str]]:
    """The one reminder that is due before an answer runs out: the nearest of those whose day has come."""
    if given.expires_at is None or now >= given.expires_at:
        return set()
    begun = [days for days in REMINDERS if now >= given.expires_at - timedelta(days=days)]
    return {(Notice.RUNS_OUT, f"{given.expires_at.date().isoformat()}/{min(begun)}")} if begun else set()


def check_answer(scope: str, value: str) -> None:
    """Refuse a scope or value that does not exist. Raises `Invalid`."""
    if scope in {attribute.value for attribute in Attribute}:
        if value not in (*ATTRIBUTE_VALUES[Attribute(scope)], Value.UNSURE):
            raise Invalid("unknown_answer", scope)
        return
    campaign = scope.startswith(CAMPAIGN) and len(CAMPAIGN) < len(scope) <= SCOPE_MAX
    known = campaign or scope in {known.value for known in Scope}
    if not known or value not in {known.value for known in Value}:
        raise Invalid("unknown_answer", scope)


_GRADES = {
    (attribute.value, value): number
    for attribute, values in ATTRIBUTE_VALUES.items()
    for number, value in enumerate(values)
}


def opens(scope: str, value: str) -> bool:
    """Whether an answer lets anything be seen. What does runs out, and by link it is asked twice; a no never is."""
    return _allows(scope, value) > 0


def closing(values: Mapping[str, str]) -> dict[str, str]:
    """Those answers that can only close: a no or unsure, and a yes to being kept private."""
    return {scope: word for scope, word in values.items() if opens(scope, word) is (scope == Scope.KEEP_PRIVATE)}


def nothing(scope: str) -> str:
    """The answer about a scope that lets nothing be seen."""
    return ATTRIBUTE_VALUES[Attribute(scope)][0] if scope in set(Attribute) else Value.NO.value


def closes(party: Party, scope: str, value: str, earlier: str | None) -> bool:
    """Whether an answer takes back something that `earlier`, what the same person had said before, would still allow.

    A child's silence allows nothing. A guardian's does: where another guardian said yes, only a no speaks against it.
    """
    if scope == Scope.KEEP_PRIVATE:
        return value == Value.YES
    if earlier is None:
        return party is Party.GUARDIAN and not opens(scope, value)
    return _allows(scope, value) < _allows(scope, earlier)


def _allows(scope: str, value: str) -> int:
    return 1 if value == Value.YES else grade(scope, value)


def grade(attribute: str, value: str) -> int:
    """How much of the child an answer lets be seen: 0 is nothing, and so are *unsure* and silence."""
    return _GRADES.get((attribute, value), 0)


def enough(attribute: Attribute, wanted: int) -> frozenset[str]:
    """The words that let at least so much of an attribute be seen."""
    return frozenset(ATTRIBUTE_VALUES[attribute][wanted:])


def repeats(earlier: Given | None, value: str, version: int) -> bool:
    """Whether an answer by link that does not hold yet says no more than the one that waits to be confirmed.

    It is not written down again: a fresh link that is on its way confirms what was said before it was made.
    """
    same = (value, version, False, False)
    return earlier is not None and (earlier.value, earlier.version, earlier.confirmed, earlier.superseded) == same


def said_once(said: Mapping[str, Given], version: int) -> dict[str, Given]:
    """By scope, what was said about this version and does not count before it was said once more."""
    return {
        scope: given
        for scope, given in said.items()
        if (given.confirmed, given.version, given.superseded) == (False, version, False)
    }


def confirms(
    earlier: Given | None, scope: str, value: str, version: int, asked_at: datetime, now: datetime, wait: timedelta
) -> bool:
    """Whether an answer by link holds at once (rights §2, "text plus").

    One that closes always does. One that opens does when the same was said before about this version, and that was
    confirmed and has not run out, or the link used now was made at least `wait` after it.
    """
    if not opens(scope, value):
        return True
    if earlier is None or (earlier.value, earlier.version, earlier.superseded) != (value, version, False):
        return False
    holds = earlier.confirmed and (earlier.expires_at is None or now < earlier.expires_at)
    return holds or asked_at >= earlier.at + wait
