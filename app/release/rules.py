"""Plain rules about what is handed to others: what they may show, and how they are told that it is theirs no longer."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from app.consent.rules import CAMPAIGN

GALLERY, EMBED, ARCHIVE, COUNTS = "gallery", "embed", "archive", "counts"
DAY = timedelta(hours=24)
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
"""Waits between the calls of a webhook that does not answer; the letter has left after the first."""
CHASES = 7
"""How many days in a row a site that did not say "done" is asked again; then it is for the staff."""

Span = tuple[datetime, datetime]


class Phase(StrEnum):
    """How far the showcase has followed a change of settings: first what may have to go dark at once."""

    SUSPECTED = "suspected"
    REST = "rest"
    DONE = "done"


def is_open(span: Span | None, now: datetime) -> bool:
    """Whether a moment lies in a span."""
    return span is not None and span[0] <= now < span[1]


def framed(windows: Mapping[str, Span]) -> dict[str, Span]:
    """When other sites can show a story, by place: at `embed`, and in a campaign's frame while `embed` is open too."""
    if EMBED not in windows:
        return {}
    opens, closes = windows[EMBED]
    spans = {
        place: (max(span[0], opens), min(span[1], closes))
        for place, span in windows.items()
        if place == EMBED or place.startswith(CAMPAIGN)
    }
    return {place: span for place, span in spans.items() if span[0] < span[1]}


def framed_at(windows: Mapping[str, Span], now: datetime) -> set[str]:
    """Where other sites can show a story at one moment."""
    return {place for place, span in framed(windows).items() if is_open(span, now)}


def lent(windows: Mapping[str, Span]) -> Span | None:
    """When archives may take a story: while they may keep it, and the gallery and other sites both may show it."""
    if not {GALLERY, EMBED, ARCHIVE} <= windows.keys():
        return None
    begins, ends = zip(*(windows[place] for place in (GALLERY, EMBED, ARCHIVE)), strict=True)
    opens, closes = max(begins), min(ends)
    return (opens, closes) if opens < closes else None


def turns(windows: Mapping[str, Span], now: datetime) -> list[tuple[datetime, bool]]:
    """The moments from `now` on at which an archive is told something of a story, each with whether it is gone then.

    `now` is the first of them where the story is there already: whoever asks has just changed it. It is told again
    when a campaign that shows it opens or closes.
    """
    span = lent(windows)
    if span is None or span[1] <= now:
        return []
    opens, closes = max(span[0], now), span[1]
    campaigns = {at for place, window in windows.items() if place.startswith(CAMPAIGN) for at in window}
    told = {opens, *(at for at in campaigns if opens < at < closes)}
    return [*((at, False) for at in sorted(told)), (closes, True)]


def ended(before: Mapping[str, Span], after: Mapping[str, Span], now: datetime) -> dict[str, datetime]:
    """Where other sites could show a story and cannot any more, each with the moment at which that ended.

    `before` and `after` are the windows of the showcase around a change; they are equal when time alone passed. What
    had not become visible yet has not ended.
    """
    still = framed_at(after, now)
    return {
        place: min(closes, now)
        for place, (opens, closes) in framed(before).items()
        if opens <= now and place not in still
    }


def to_be_told(gone: Mapping[str, datetime], campaigns: set[str], registered_at: datetime) -> list[str]:
    """Of the places that ended, those at which a site could show the story: `embed`, and campaigns that allow it."""
    reachable = {EMBED, *(CAMPAIGN + campaign_id for campaign_id in campaigns)}
    return sorted(place for place, at in gone.items() if place in reachable and at >= registered_at)


def signature(secret: str, at: int, body: bytes) -> str:
    """The `Eyes-Signature` header: `t=<unix time>,v1=<hex>`, HMAC-SHA256 over the time, a full stop and the body."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def is_done(body: bytes) -> bool:
    """Whether a receiver answered `{"acknowledged": true}`; anything else, nonsense included, is no answer."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(said, dict) and said.get("acknowledged") is True


def letter_is_due(now: datetime, mailed_at: datetime | None) -> bool:
    """Whether it is time for the first letter, or for one that asks again."""
    return mailed_at is None or now >= mailed_at + DAY


def next_attempt(now: datetime, *, reached: bool, attempts: int, mailed_at: datetime, chases: int) -> datetime | None:
    """When a site that did not say "done" is tried again; None when it was asked for long enough.

    `reached` says that its webhook answered, or that it has none; `mailed_at` is its last letter, `chases` how many
    asked again.
    """
    again = mailed_at + DAY if chases < CHASES else None
    if reached or attempts > len(BACK_OFF):
        return again
    soon = now + BACK_OFF[attempts - 1]
    return soon if again is None else min(soon, again)
