"""Telling other sites: who must be told of which end, when they are asked again, and how a call is signed."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from app.release.rules import (
    BACK_OFF,
    CHASES,
    DAY,
    Span,
    ended,
    framed,
    framed_at,
    is_done,
    letter_is_due,
    next_attempt,
    signature,
    to_be_told,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
CAMPAIGN = "campaign:one"
PLACES = ("gallery", "press", "embed", CAMPAIGN, "campaign:two")


def span(opens: int, closes: int) -> Span:
    """A window in hours from noon."""
    return NOON + opens * HOUR, NOON + closes * HOUR


spans = st.tuples(st.integers(-5, 5), st.integers(1, 5)).map(lambda pair: span(pair[0], pair[0] + pair[1]))
windows = st.dictionaries(st.sampled_from(PLACES), spans)


def shows(shown: dict[str, Span], place: str, now: datetime) -> bool:
    """The naive question: is this place open at this moment?"""
    return place in shown and shown[place][0] <= now < shown[place][1]


@given(windows, st.integers(-6, 12).map(lambda hours: NOON + hours * HOUR))
def test_other_sites_show_a_story_at_embed_and_in_frames_of_campaigns_it_said_yes_to(
    shown: dict[str, Span], now: datetime
) -> None:
    expected = {
        place
        for place in ("embed", CAMPAIGN, "campaign:two")
        if shows(shown, place, now) and shows(shown, "embed", now)
    }
    assert framed_at(shown, now) == expected


@given(windows, windows, st.integers(-6, 12).map(lambda hours: NOON + hours * HOUR))
def test_what_could_be_seen_once_and_cannot_now_has_ended(
    before: dict[str, Span], after: dict[str, Span], now: datetime
) -> None:
    gone = ended(before, after, now)
    moments = [NOON + step * HOUR for step in range(-6, 13) if NOON + step * HOUR <= now]
    seen = {place for moment in moments for place in framed_at(before, moment)}
    assert gone.keys() == seen - framed_at(after, now)
    for place, at in gone.items():
        last = max(moment for moment in moments if place in framed_at(before, moment))
        assert at == min(last + HOUR, now)


def test_what_had_not_become_visible_has_not_ended() -> None:
    assert ended({"embed": span(1, 9)}, {}, NOON) == {}
    assert ended({"embed": span(0, 9)}, {}, NOON) == {"embed": NOON}


def test_a_campaign_without_a_yes_to_other_sites_was_in_no_frame() -> None:
    assert framed({CAMPAIGN: span(-9, 9), "gallery": span(-9, 9)}) == {}
    assert framed({CAMPAIGN: span(-9, 9), "embed": span(2, 3)}) == {CAMPAIGN: span(2, 3), "embed": span(2, 3)}


@pytest.mark.parametrize(
    ("campaigns", "registered", "told"),
    [
        (set(), -9, ["embed"]),
        ({"one"}, -9, [CAMPAIGN, "embed"]),
        ({"other"}, -9, ["embed"]),
        ({"one"}, -1, ["embed"]),
        ({"one"}, 0, ["embed"]),
        ({"one"}, 1, []),
    ],
)
def test_a_site_is_told_of_what_it_could_show_since_it_is_known(
    campaigns: set[str], registered: int, told: list[str]
) -> None:
    gone = {"embed": NOON, CAMPAIGN: NOON - 2 * HOUR}
    assert to_be_told(gone, campaigns, NOON + registered * HOUR) == told


def asked(*, reached: bool) -> tuple[list[timedelta], list[timedelta]]:
    """When a site that never says "done" is tried, and when it gets letters, counted from the first attempt."""
    now, attempts, chases = NOON, 0, 0
    mailed_at: datetime | None = None
    tried, letters = [], []
    while True:
        attempts += 1
        tried.append(now - NOON)
        if letter_is_due(now, mailed_at):
            chases += mailed_at is not None
            mailed_at = now
            letters.append(now - NOON)
        due = next_attempt(now, reached=reached, attempts=attempts, mailed_at=mailed_at or now, chases=chases)
        if due is None:
            return tried, letters
        assert due > now
        now = due


@pytest.mark.parametrize("reached", [True, False])
def test_a_silent_site_gets_a_letter_at_once_and_one_a_day_for_seven_days(reached: bool) -> None:
    _, letters = asked(reached=reached)
    assert letters == [DAY * day for day in range(CHASES + 1)]


def test_a_webhook_that_does_not_answer_is_tried_ever_more_rarely() -> None:
    assert asked(reached=True)[0] == [DAY * day for day in range(8)]
    tried, _ = asked(reached=False)
    assert [after - before for before, after in pairwise(tried[:6])] == list(BACK_OFF)
    assert tried[6:] == [DAY * day for day in range(1, 8)]


def test_a_call_is_signed_with_its_time_and_its_body() -> None:
    expected = hmac.new(b"secret", b'1767225600.{"a":1}', hashlib.sha256).hexdigest()
    assert signature("secret", 1767225600, b'{"a":1}') == f"t=1767225600,v1={expected}"
    others = {signature("secret", 1767225601, b'{"a":1}'), signature("other", 1767225600, b'{"a":1}')}
    assert expected not in " ".join(others | {signature("secret", 1767225600, b'{"a":2}')})


@pytest.mark.parametrize(
    ("body", "done"),
    [
        (b'{"acknowledged": true}', True),
        (b'{"acknowledged": true, "more": [1]}', True),
        (b'{"acknowledged": "true"}', False),
        (b'{"acknowledged": 1}', False),
        (b'{"acknowledged": false}', False),
        (b"[true]", False),
        (b"true", False),
        (b"", False),
        (b"\xff\xfe\x00", False),
        (b"[" * 65_000, False),
        (b'{"acknowledged": true', False),
        (b"9" * 65_000, False),
    ],
)
def test_only_a_plain_yes_is_an_answer(body: bytes, done: bool) -> None:
    assert is_done(body) is done
