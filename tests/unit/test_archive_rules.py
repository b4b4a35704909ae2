"""What archives are told of a story and when: plain rules."""

from datetime import UTC, datetime, timedelta

import pytest

from app.release.rules import Span, lent, turns
from app.web.xml_words import printable

DAY_ZERO = datetime(2026, 3, 1, 12, tzinfo=UTC)


def at(day: int) -> datetime:
    return DAY_ZERO + timedelta(days=day)


def span(opens: int, closes: int) -> Span:
    return at(opens), at(closes)


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        ({}, None),
        ({"gallery": span(0, 9)}, None),
        ({"embed": span(0, 9), "archive": span(0, 9), "campaign:a": span(0, 9)}, None),
        ({"gallery": span(0, 5), "embed": span(2, 9)}, None),
        ({"gallery": span(0, 5), "embed": span(2, 9), "archive": span(0, 9)}, span(2, 5)),
        ({"gallery": span(0, 5), "embed": span(2, 9), "archive": span(3, 4)}, span(3, 4)),
        ({"gallery": span(0, 2), "embed": span(2, 9), "archive": span(0, 9)}, None),
    ],
)
def test_a_story_may_be_taken_while_it_may_be_kept_and_both_places_show_it(
    windows: dict[str, Span], expected: Span | None
) -> None:
    assert lent(windows) == expected


BOTH = {"gallery": span(0, 9), "embed": span(1, 8), "archive": span(0, 9)}


@pytest.mark.parametrize(
    ("windows", "now", "expected"),
    [
        (BOTH, 0, [(1, False), (8, True)]),
        (BOTH, 4, [(4, False), (8, True)]),
        (BOTH, 8, []),
        (BOTH | {"campaign:a": span(3, 6)}, 0, [(1, False), (3, False), (6, False), (8, True)]),
        (BOTH | {"campaign:a": span(0, 6), "campaign:b": span(6, 20)}, 5, [(5, False), (6, False), (8, True)]),
        (BOTH | {"print": span(3, 6)}, 0, [(1, False), (8, True)]),
        ({"gallery": span(0, 9)}, 0, []),
    ],
)
def test_it_is_told_when_it_comes_when_a_campaign_turns_and_when_it_goes(
    windows: dict[str, Span], now: int, expected: list[tuple[int, bool]]
) -> None:
    assert turns(windows, at(now)) == [(at(day), gone) for day, gone in expected]


def test_what_xml_cannot_hold_is_replaced() -> None:
    assert printable("a\x00\x0b\x1b\ud800\ufffe\uffff\tb\n😀 左") == "a" + "\ufffd" * 6 + "\tb\n😀 左"
