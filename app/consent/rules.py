"""Scopes, answers, and how a ledger of answers folds into what each party says now (rights §2).

Everything is off until somebody answers. `ai_training` is not a scope: it does not exist.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.errors import Invalid

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
    Attribute.NAME: ("none", "invented", "first", "unsure"),
    Attribute.VOICE: ("transcript", "altered", "own", "unsure"),
    Attribute.FACE: ("never", "blurred", "unsure"),
    Attribute.AGE: ("none", "band", "unsure"),
    Attribute.PLACE: ("none", "region", "unsure"),
}

OWN_VOICE = "own"

PUBLIC_SCOPES = (Scope.GALLERY, Scope.EMBED, Scope.PRINT, Scope.PRESS, Scope.RESEARCH_MICRODATA)
"""The scopes that open a place, beside one for each campaign."""


class Party(StrEnum):
    """Who answered."""

    CHILD = "child"
    GUARDIAN = "guardian"


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


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the ledger, as the fold needs it."""

    party: Party
    guardian_id: str | None
    scope: str
    value: str
    version: int
    expires_at: datetime | None


def fold(entries: Iterable[Entry]) -> tuple[dict[str, Given], dict[str, dict[str, Given]]]:
    """The latest word of each party: the child's by scope, and each guardian's by guardian id and scope.

    `entries` come in the order in which they were given.
    """
    child: dict[str, Given] = {}
    guardians: dict[str, dict[str, Given]] = {}
    for entry in entries:
        said = child if entry.party is Party.CHILD else guardians.setdefault(entry.guardian_id or "", {})
        said[entry.scope] = Given(entry.value, entry.version, entry.expires_at)
    return child, guardians


def campaign_scope(campaign_id: str) -> str:
    """The scope that opens one campaign."""
    return CAMPAIGN + campaign_id


def check_answer(scope: str, value: str) -> None:
    """Refuse a scope or value that does not exist. Raises `Invalid`."""
    if scope in {attribute.value for attribute in Attribute}:
        if value not in ATTRIBUTE_VALUES[Attribute(scope)]:
            raise Invalid("unknown_answer", scope)
        return
    campaign = scope.startswith(CAMPAIGN) and len(CAMPAIGN) < len(scope) <= SCOPE_MAX
    known = campaign or scope in {known.value for known in Scope}
    if not known or value not in {known.value for known in Value}:
        raise Invalid("unknown_answer", scope)


def expires(scope: str, value: str) -> bool:
    """Whether an answer runs out. A yes does, and so does leave to use the own voice; a no never does."""
    return value == Value.YES or (scope == Attribute.VOICE and value == OWN_VOICE)
