"""The moderator's list, how long a claim lasts, and the clocks of safeguarding."""

from datetime import timedelta

import pytest

from app.errors import Invalid
from app.moderation.rules import CLAIM_LASTS, Line, Mark, check_approval
from app.safeguarding.rules import FIRST_STEP, Level
from app.stories.rules import version_digest

FINE = {line.value: Mark.FINE.value for line in Line}


def refused_line(marks: dict[str, str]) -> tuple[str, str | None]:
    with pytest.raises(Invalid) as caught:
        check_approval(marks)
    return caught.value.code, caught.value.field


def test_the_list_has_twenty_lines() -> None:
    assert len(Line) == 20


def test_a_story_with_nothing_against_it_can_be_approved() -> None:
    check_approval(FINE)
    check_approval(dict.fromkeys(FINE, Mark.NOT_APPLICABLE.value))


@pytest.mark.parametrize("line", Line)
def test_one_unanswered_line_makes_approval_impossible(line: Line) -> None:
    unanswered = {name: mark for name, mark in FINE.items() if name != line}
    assert refused_line(unanswered) == ("line_unanswered", line.value)
    assert refused_line(FINE | {line.value: ""}) == ("line_unanswered", line.value)
    assert refused_line(FINE | {line.value: "probably"}) == ("line_unanswered", line.value)


@pytest.mark.parametrize("line", Line)
def test_one_problem_makes_approval_impossible(line: Line) -> None:
    assert refused_line(FINE | {line.value: Mark.PROBLEM.value}) == ("line_is_a_problem", line.value)


def test_a_claim_lasts_a_quarter_of_an_hour() -> None:
    assert timedelta(minutes=15) == CLAIM_LASTS


def test_the_clocks_of_safeguarding_are_those_that_were_promised() -> None:
    assert {level.value: clock for level, clock in FIRST_STEP.items()} == {
        "red": timedelta(minutes=15),
        "amber": timedelta(hours=4),
        "green": timedelta(days=5),
        "illegal_image": timedelta(hours=24),
    }
    assert set(FIRST_STEP) == set(Level)


def test_a_version_is_known_by_everything_it_shows() -> None:
    told = version_digest("The kite", "We fly it.", ["a" * 64, "b" * 64])
    assert told == version_digest("The kite", "We fly it.", ["a" * 64, "b" * 64])
    others = [
        version_digest("The kites", "We fly it.", ["a" * 64, "b" * 64]),
        version_digest("The kite", "We fly it!", ["a" * 64, "b" * 64]),
        version_digest("The kite", "We fly it.", ["b" * 64, "a" * 64]),
        version_digest("The kite", "We fly it.", ["a" * 64]),
        version_digest("The kiteWe fly it.", "", ["a" * 64, "b" * 64]),
        version_digest("The kite", "We fly it.\x1f" + "a" * 64, ["b" * 64]),
    ]
    assert len({told, *others}) == 1 + len(others)
