"""What the one rule is made of: the facts it looks at, the conditions it puts, and the reasons it gives.

Every condition is a `Term` that either never holds, or holds from one moment until another. Time can therefore
open a story once (cooling-off, the opening of a campaign) and close it once. Pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from app.consent.rules import Given
from app.people.rules import Since
from app.stories.lifecycle import State

ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)


class Reason(StrEnum):
    """Why a story is not shown at a place."""

    NOT_SUBMITTED = "not_submitted"
    WAITING_FOR_REVIEW = "waiting_for_review"
    CHANGES_ASKED = "changes_asked"
    DECLINED = "declined"
    ERASED = "erased"
    LEAVING = "leaving"
    HELD = "held"
    EVIDENCE_WAITING = "evidence_waiting"
    MEDIA_NOT_READY = "media_not_ready"
    NOTHING_TO_SHOW = "nothing_to_show"
    APPROVALS_MISSING = "approvals_missing"
    COOLING_OFF = "cooling_off"
    FINAL_NOT_ACCEPTED = "final_not_accepted"
    FINAL_REFUSED = "final_refused"
    KEPT_PRIVATE = "kept_private"
    CHILD_SILENT = "child_silent"
    CHILD_NO = "child_no"
    CHILD_UNSURE = "child_unsure"
    CHILD_EXPIRED = "child_expired"
    CHILD_GREW_UP = "child_grew_up"
    CHILD_OLDER_TEXT = "child_older_text"
    NO_KEY = "no_key"
    KEY_GONE = "key_gone"
    GUARDIAN_MISSING = "guardian_missing"
    GUARDIAN_SILENT = "guardian_silent"
    GUARDIAN_NO = "guardian_no"
    GUARDIAN_UNSURE = "guardian_unsure"
    GUARDIAN_UNCONFIRMED = "guardian_unconfirmed"
    GUARDIAN_NO_STANDS = "guardian_no_stands"
    GUARDIAN_EXPIRED = "guardian_expired"
    GUARDIAN_OLDER_VERSION = "guardian_older_version"
    GUARDIAN_OLDER_TEXT = "guardian_older_text"
    NOT_ELSEWHERE = "not_elsewhere"
    NOT_IN_CAMPAIGN = "not_in_campaign"
    CAMPAIGN_NOT_OPEN = "campaign_not_open"
    CAMPAIGN_OVER = "campaign_over"


@dataclass(frozen=True, slots=True)
class Key:
    """A guardian who holds a key: what they say now, until when the key lives, and how far it reaches."""

    said: Mapping[str, Given]
    until: datetime | None = None
    scopes: frozenset[str] | None = None
    """The scopes that the act behind it is limited to; None: all."""
    alone: bool = True
    """Whether nobody else has a key, as its holder says."""
    claimed: bool = False
    """Whether its holder says that they decide by something else, and nobody has looked: a no counts, no yes does."""


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
    """Whether every key is needed for everything."""
    has_sound: bool
    """A recording in the child's own voice."""
    has_altered: bool
    """A recording in which the voice was made different."""
    has_blurred: bool
    """A picture in which a face was made unrecognisable."""
    has_other: bool
    """Words, what is said in a recording written down, or a picture without a face."""
    has_translation: bool
    """Checked words that say in another language what the child said."""
    media_ready: bool
    differs: bool
    accepted: bool
    refused: bool
    held: bool
    leaving: bool
    evidence_waiting: bool
    """Whether a guardian's voice or form has not been ruled about."""
    child: Mapping[str, Given]
    keys: tuple[Key, ...]
    keyless: bool
    """Whether somebody answered who holds no key now: an act has ended, or waits to be accepted."""
    unheard: bool
    """Whether somebody may decide who has not said who they are, or whose claim nobody has looked at."""
    own_age: Since | None
    majority: Since | None
    """From when, and after which entry of the log, what the child says counts alone."""
    asked_anew: tuple[Since, ...]
    """When the child, growing up, was or will be asked everything anew."""
    campaigns: Mapping[str, tuple[datetime, datetime | None]]


Term = tuple[Reason, datetime, datetime]
"""One condition: it holds from the first moment until the second; outside of that, the reason says why not."""


def can_hold(terms: Iterable[Term]) -> bool:
    """Whether no condition is one that never holds."""
    for _reason, opens, closes in terms:  # noqa: SIM110  half the time of `all` over a generator
        if opens >= closes:
            return False
    return True


def never(reason: Reason) -> Term:
    """A condition that does not hold at any time."""
    return reason, FOREVER, ALWAYS


def from_moment(reason: Reason, opens: datetime) -> Term:
    """A condition that begins to hold."""
    return reason, opens, FOREVER


def until_moment(reason: Reason, closes: datetime | None) -> Term:
    """A condition that stops holding."""
    return reason, ALWAYS, closes or FOREVER
