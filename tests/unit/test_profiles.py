"""Country profiles: complete, dated, sourced, due for review, and strict where nothing is known."""

from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from hypothesis import given, strategies as st

from app import clock
from app.cli.profiles import profiles as command
from app.people.profiles import (
    Profile,
    faults,
    months_of,
    profile,
    profiles,
    strict,
    strictest,
    texts,
)
from app.people.rules import COUNTRIES

OWN_AGES = {"RO": 16, "LV": 13, "MD": 16, "IT": 14, "GB": 13, "DE": 16, "FR": 15, "BE": 13, "CN": 14}
HELP_CARD = {
    "RO": ("112", {"116 111"}),
    "LV": ("112", {"116111"}),
    "MD": ("112", {"116 111"}),
    "IT": ("114", {"1 96 96"}),
    "GB": ("999", {"0800 1111"}),
    "DE": ("112", {"116 111"}),
    "FR": ("112", {"119"}),
    "BE": ("112", {"103"}),
    "CN": ("110", {"12355", "12356", "12345"}),
    "": ("112", {"116 000"}),
}
REQUIRED_TO_TELL = {"RO", "LV", "IT", "FR", "CN"}
CHECKED = date(2026, 11, 30)
WHOLE = texts()["IT"]
countries = st.sampled_from([*COUNTRIES, "", "XX"])


def test_there_is_a_profile_for_each_country_a_child_can_name() -> None:
    assert set(profiles()) == set(COUNTRIES)


@pytest.mark.parametrize("country", texts())
def test_no_profile_is_overdue_or_wrong_today(country: str) -> None:
    """A deliberate clock: this turns red the day after a review was due. Check the block again, then move its dates."""
    assert faults(country, texts()[country], clock.now().date()) == []


@pytest.mark.parametrize(("country", "age"), OWN_AGES.items())
def test_a_young_persons_own_yes_counts_from_the_countrys_age(country: str, age: int) -> None:
    assert profile(country).own_consent.age == age


@pytest.mark.parametrize("country", HELP_CARD)
def test_the_help_card_has_the_countrys_numbers(country: str) -> None:
    found = profile(country).help
    assert (found.emergency, {line.number for line in found.lines}) == HELP_CARD[country]


def test_every_holder_is_asked_where_the_law_says_so_and_where_nothing_is_known() -> None:
    asked = {country: profile(country).joint.below for country in COUNTRIES if profile(country).joint.below}
    assert asked == {"DE": 18, "FR": 15, "IT": 14}
    assert profile("XX").joint.below == profile("").joint.below == 18


def test_that_a_country_asks_no_more_than_we_do_is_said_with_a_source_and_whether_it_was_found() -> None:
    unasked = {country for country in COUNTRIES if profile(country).joint.below == 0}
    assert {country for country in unasked if profile(country).joint.verified} == {"GB"}
    assert all(("our own rule" in profile(country).joint.source) for country in unasked)


def test_a_machine_asks_a_parent_below_the_age_that_a_law_or_own_consent_sets() -> None:
    assert {country for country in COUNTRIES if profile(country).machine_process} == {"IT"}
    assert profile("IT").machine_age == 14
    assert profile("RO").machine_age == 16


def test_a_duty_to_report_is_listed_only_where_its_law_was_read() -> None:
    assert {country for country in COUNTRIES if profile(country).reporting.duties} == REQUIRED_TO_TELL
    assert {country for country in COUNTRIES if profile(country).reporting.verified} == REQUIRED_TO_TELL


def test_a_country_that_nobody_knows_is_as_strict_as_the_strictest() -> None:
    assert profile("") is profile("XX") is strict()
    assert strict().own_consent.age == max(found.own_consent.age for found in profiles().values())
    assert strict().machine_age == max(found.machine_age for found in profiles().values())
    assert strict().court_act.months == min(found.court_act.months for found in profiles().values())
    assert strict().joint.below == max(found.joint.below for found in profiles().values())


def test_a_profile_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        profile("RO").own_consent.age = 13  # type: ignore[misc]


def standing(found: Profile) -> tuple[int, int, int, int]:
    """How strict a profile is, each part the stricter the higher."""
    return (
        found.own_consent.age,
        found.joint.below,
        -found.court_act.months,
        found.machine_process.parental_age if found.machine_process else 0,
    )


@given(countries, countries.filter(bool))
def test_the_stricter_of_the_childs_and_the_deployments_country_counts(child: str, deployment: str) -> None:
    pairs = zip(standing(profile(child)), standing(profile(deployment)), strict=True)
    found = strictest(child, deployment)
    assert standing(found) == tuple(max(pair) for pair in pairs)
    assert (found.country, found.help, found.reporting) == (
        profile(child).country,
        profile(child).help,
        profile(child).reporting,
    )


@given(countries)
def test_no_deployments_country_counts_for_nothing(child: str) -> None:
    assert strictest(child, "") == profile(child)


def test_each_part_of_the_strictest_keeps_its_own_source() -> None:
    found = strictest("LV", "DE")
    assert found.own_consent == profile("DE").own_consent
    assert found.joint == profile("DE").joint
    assert found.court_act == profile("LV").court_act
    assert strictest("LV", "IT").machine_age == 14


@pytest.mark.parametrize(
    ("country", "own"), [("RO", date(2029, 3, 1)), ("LV", date(2026, 3, 1)), ("FR", date(2028, 3, 1))]
)
def test_the_months_of_growing_up_follow_from_the_month_of_majority(country: str, own: date) -> None:
    assert months_of(profile(country), date(2031, 3, 1)) == (own, date(2031, 3, 1))


BROKEN = {
    "no source": ('source = "Legge', 'source = "" # "Legge', "machine_process.source: String should have at least"),
    "a source left out": ('source = "Legge', '# source = "Legge', "machine_process.source: Field required"),
    "an unknown key": ("parental_age", "parents_age", "machine_process.parents_age: Unexpected keyword argument"),
    "an unknown block": ("[machine_process]", "[machines]", "machines: Unexpected keyword argument"),
    "a block left out": ("[court_act]", "[[court_act.act]]", "court_act.months: Field required"),
    "a helpline without a number": ("1 96 96", "", "help.lines.0.number: String should match pattern"),
    "a helpline with a word for a number": ("1 96 96", "soon", "help.lines.0.number: String should match pattern"),
    "no helpline": ("lines = [{ number", "lines = [] # [{ number", "help.lines: Tuple should have at least 1 item"),
    "too young": ("age = 14", "age = 9", "own_consent.age: Input should be greater than or equal to 10"),
    "too old": ("age = 14", "age = 19", "own_consent.age: Input should be less than or equal to 18"),
    "a review too far away": ("2027-11-24", "2027-11-25", "review_by is more than twelve months after checked_on"),
    "checked tomorrow": ("2026-11-24", "2026-12-01", "own_consent.checked_on: 2026-12-01 has not come yet"),
    "an unverified age": (
        "2027-11-24\nverified = true",
        "2027-11-24\nverified = false",
        "own_consent.age: not verified, so it may not be below 16",
    ),
    "an unverified act": ("months = 12", "months = 24", "court_act.months: not verified, so it may not be above 12"),
    "no TOML": ("[help]", "[help", "Expected ']'"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_profile_is_refused_in_words(what: str) -> None:
    right, wrong, sentence = BROKEN[what]
    assert right in WHOLE
    assert faults("IT", WHOLE, CHECKED) == []
    found = faults("IT", WHOLE.replace(right, wrong, 1), CHECKED)
    assert any(sentence in fault for fault in found), found


def test_a_profile_is_refused_the_day_after_its_review_was_due() -> None:
    assert faults("IT", WHOLE, date(2027, 5, 24)) == []
    assert faults("IT", WHOLE, date(2027, 5, 25)) == ["court_act.review_by: the review was due on 2027-05-24"]


def checked_on(day: date) -> Result:
    """What `flask profiles check` says on a day."""
    with clock.fixed(datetime(day.year, day.month, day.day, tzinfo=UTC)):
        return CliRunner().invoke(command, ["check"], obj=ScriptInfo(create_app=lambda: Flask("none")))


def test_the_command_prints_a_line_for_each_profile() -> None:
    result = checked_on(CHECKED)
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert [line.partition(":")[0] for line in lines] == [country or "default" for country in texts()]
    assert "RO: in order until 2027-05-24; not verified: joint" in lines
    assert "MD: in order until 2027-05-24; not verified: own_consent, joint, court_act, reporting" in lines


def test_the_command_refuses_a_profile_that_is_due() -> None:
    result = checked_on(date(2027, 5, 25))
    assert result.exit_code == 1
    assert "LV: court_act.review_by: the review was due on 2027-05-24" in result.output.splitlines()
    assert "RO: joint.review_by: the review was due on 2027-05-24" in result.output.splitlines()
    assert "10 profiles are refused" in result.output
