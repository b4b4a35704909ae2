"""Scopes and answers: what exists, what runs out, and that the latest word of each party counts."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from app.consent.actions import later_by_months
from app.consent.rules import (
    ATTRIBUTE_VALUES,
    PUBLIC_SCOPES,
    SCOPE_MAX,
    Again,
    Attribute,
    Entry,
    Given,
    Party,
    Scope,
    campaign_scope,
    check_answer,
    closes,
    confirms,
    due_again,
    fold,
    grade,
    opens,
)
from app.errors import Invalid
from app.people.rules import Since
from app.release.policy import PLACES, SCOPE_OF_PLACE

CAMPAIGN = campaign_scope("c" * 22)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MAJORS = {"child": 2, "guardian": 3}

entries = st.builds(
    lambda guardian, scope, value, version: Entry(
        Party.GUARDIAN if guardian else Party.CHILD, guardian, scope, value, version, None, NOW, True, version
    ),
    st.sampled_from([None, "g1", "g2"]),
    st.sampled_from(["gallery", "press", CAMPAIGN]),
    st.sampled_from(["yes", "no", "unsure"]),
    st.integers(1, 3),
)


@given(st.lists(entries, max_size=30))
def test_the_latest_word_of_each_party_about_each_scope_counts(told: list[Entry]) -> None:
    child, guardians = fold(told, MAJORS)
    said = {(None, scope): given for scope, given in child.items()}
    said |= {(who, scope): given for who, answers in guardians.items() for scope, given in answers.items()}
    latest = {
        (entry.guardian_id, entry.scope): Given(
            entry.value, entry.version, None, NOW, superseded=entry.text_version < MAJORS[entry.party]
        )
        for entry in told
    }
    assert said == latest


@pytest.mark.parametrize("scope", [*(scope.value for scope in Scope), CAMPAIGN])
@pytest.mark.parametrize("value", ["yes", "no", "unsure"])
def test_every_scope_is_answered_in_three_words(scope: str, value: str) -> None:
    check_answer(scope, value)


@pytest.mark.parametrize(("attribute", "values"), ATTRIBUTE_VALUES.items())
def test_every_attribute_has_words_of_its_own(attribute: Attribute, values: tuple[str, ...]) -> None:
    for value in values:
        check_answer(attribute.value, value)
    with pytest.raises(Invalid, match="unknown_answer"):
        check_answer(attribute.value, "yes")


@pytest.mark.parametrize(
    ("scope", "value"),
    [
        ("ai_training", "yes"),
        ("everything", "yes"),
        ("", "yes"),
        ("gallery", ""),
        ("gallery", "YES"),
        ("gallery", "own"),
        ("voice", "real"),
        ("face", "shown"),
        ("campaign:", "yes"),
        ("campaign:" + "c" * SCOPE_MAX, "yes"),
        (CAMPAIGN, "maybe"),
    ],
)
def test_what_does_not_exist_cannot_be_answered(scope: str, value: str) -> None:
    with pytest.raises(Invalid) as caught:
        check_answer(scope, value)
    assert (caught.value.code, caught.value.field) == ("unknown_answer", scope)


@pytest.mark.parametrize(
    ("scope", "value", "runs_out"),
    [
        ("gallery", "yes", True),
        (CAMPAIGN, "yes", True),
        ("voice", "own", True),
        ("voice", "altered", True),
        ("name", "invented", True),
        ("face", "blurred", True),
        ("age", "band", True),
        ("place", "region", True),
        ("name", "none", False),
        ("face", "never", False),
        ("gallery", "no", False),
        ("gallery", "unsure", False),
        ("voice", "transcript", False),
        ("voice", "unsure", False),
    ],
)
def test_a_yes_runs_out_and_a_no_never_does(scope: str, value: str, runs_out: bool) -> None:
    assert opens(scope, value) == runs_out


@pytest.mark.parametrize(
    ("scope", "earlier", "value", "child", "guardian"),
    [
        ("gallery", "yes", "no", True, True),
        ("gallery", "yes", "unsure", True, True),
        (CAMPAIGN, "yes", "no", True, True),
        ("gallery", None, "no", False, True),
        ("voice", None, "unsure", False, True),
        ("gallery", None, "yes", False, False),
        ("name", None, "invented", False, False),
        ("gallery", "no", "no", False, False),
        ("gallery", "no", "yes", False, False),
        ("gallery", "yes", "yes", False, False),
        ("voice", "own", "altered", True, True),
        ("voice", "altered", "own", False, False),
        ("age", "band", "none", True, True),
        ("keep_private", None, "yes", True, True),
        ("keep_private", "yes", "no", False, False),
    ],
)
def test_what_an_answer_takes_back(scope: str, earlier: str | None, value: str, child: bool, guardian: bool) -> None:
    assert [closes(party, scope, value, earlier) for party in Party] == [child, guardian]


def test_unsure_and_what_is_no_answer_let_nothing_be_seen() -> None:
    assert {grade(attribute, word) for attribute in Attribute for word in ("unsure", "", "yes")} == {0}


@pytest.mark.parametrize(
    ("earlier", "value", "link_made_after", "holds"),
    [
        (None, "yes", 5 * DAY, False),
        (None, "no", 0 * DAY, True),
        (Given("yes", 2, None, NOW, confirmed=False), "yes", 1 * DAY, True),
        (Given("yes", 2, None, NOW, confirmed=False), "yes", 1 * DAY - timedelta(seconds=1), False),
        (Given("yes", 2, None, NOW, confirmed=True), "yes", 0 * DAY, True),
        (Given("yes", 2, NOW + 5 * DAY, NOW, confirmed=True), "yes", 0 * DAY, False),
        (Given("yes", 2, NOW + 6 * DAY, NOW, confirmed=True), "yes", 0 * DAY, True),
        (Given("yes", 1, None, NOW, confirmed=True), "yes", 5 * DAY, False),
        (Given("no", 2, None, NOW), "yes", 5 * DAY, False),
        (Given("yes", 2, None, NOW, confirmed=True, superseded=True), "yes", 5 * DAY, False),
        (Given("yes", 2, None, NOW, confirmed=True), "unsure", 0 * DAY, True),
    ],
)
def test_a_yes_by_link_holds_when_it_is_said_again_by_a_fresh_link(
    earlier: Given | None, value: str, link_made_after: timedelta, holds: bool
) -> None:
    now = NOW + 5 * DAY
    assert confirms(earlier, "gallery", value, 2, NOW + link_made_after, now, DAY) == holds


@pytest.mark.parametrize(
    ("before", "stands"), [([], None), (["no"], "no"), (["yes", "no"], "no"), (["unsure"], "unsure")]
)
def test_what_was_said_for_good_stands_behind_every_yes_that_waits(before: list[str], stands: str | None) -> None:
    said_once = [said("yes", confirmed=False), said("yes", confirmed=False)]
    _child, guardians = fold([*map(said, before), *said_once], MAJORS)
    assert guardians["g"]["gallery"].stands == stands


def said(value: str, *, confirmed: bool = True) -> Entry:
    return Entry(Party.GUARDIAN, "g", "gallery", value, 1, None, NOW, confirmed, 1)


def test_each_place_has_its_scope_and_is_asked_about() -> None:
    assert set(SCOPE_OF_PLACE) == set(PLACES)
    assert {SCOPE_OF_PLACE[place] for place in PLACES} == set(PUBLIC_SCOPES)


moments = st.datetimes(datetime(2024, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(moments, st.integers(1, 60))
def test_months_later_is_months_later_and_never_longer(moment: datetime, months: int) -> None:
    later = later_by_months(moment, months)
    assert (later.year * 12 + later.month) - (moment.year * 12 + moment.month) == months
    assert later.day == min(moment.day, monthrange(later.year, later.month)[1])
    assert moment < later <= moment + timedelta(days=31 * months)


GROWN = datetime(2026, 6, 1, tzinfo=UTC)
LONG_BEFORE = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "due"),
    [
        (Given("yes", 1, GROWN + timedelta(days=400), GROWN), set()),
        (Given("yes", 1, GROWN + timedelta(days=61), GROWN), set()),
        (Given("yes", 1, GROWN + timedelta(days=60), GROWN), {Again.RUNS_OUT}),
        (Given("yes", 1, GROWN - timedelta(days=1), GROWN), {Again.RUNS_OUT}),
        (Given("yes", 1, None, GROWN, superseded=True), {Again.NEW_TEXT}),
        (Given("yes", 1, GROWN + timedelta(days=400), LONG_BEFORE), {Again.OWN_AGE}),
        (Given("yes", 1, GROWN, LONG_BEFORE, superseded=True), {Again.NEW_TEXT, Again.OWN_AGE}),
        (Given("no", 1, None, LONG_BEFORE, superseded=True), set()),
        (Given("unsure", 1, None, LONG_BEFORE), set()),
    ],
)
def test_why_a_child_is_asked_again(given: Given, due: set[Again]) -> None:
    assert due_again({"gallery": given}, GROWN, [Since(GROWN, 0), Since(GROWN + timedelta(days=700), 0)], []) == due


def test_growing_up_that_has_not_come_asks_nobody() -> None:
    given = Given("yes", 1, GROWN + timedelta(days=400), LONG_BEFORE)
    assert due_again({"gallery": given}, GROWN - timedelta(days=1), [Since(GROWN, 0)], [Since(GROWN, 0)]) == set()
    assert due_again({}, GROWN, [Since(GROWN, 0), None], [Since(GROWN, 0)]) == set()


def test_who_is_older_and_does_not_decide_alone_is_asked_again() -> None:
    given = Given("yes", 1, GROWN + timedelta(days=400), LONG_BEFORE)
    assert due_again({"gallery": given}, GROWN, [None, None], [Since(GROWN, 0)]) == {Again.OLDER}


def test_what_was_said_while_somebody_stood_against_it_is_asked_again() -> None:
    given = Given("yes", 1, GROWN + timedelta(days=400), GROWN, said_seq=4)
    assert due_again({"gallery": given}, GROWN, [Since(GROWN, 5)], [Since(GROWN, 0)]) == {Again.OWN_AGE}
    assert due_again({"gallery": given}, GROWN, [Since(GROWN, 4)], [Since(GROWN, 0)]) == set()
