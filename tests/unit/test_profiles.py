"""Country profiles: complete, dated, sourced, and strict where nothing is known."""

from datetime import date

import pytest

from app.people.profiles import Profile, is_joint, profiles
from app.people.rules import COUNTRIES

HELP_CARD = {
    "RO": {"116 111"},
    "LV": {"116111"},
    "MD": {"116 111"},
    "IT": {"1 96 96"},
    "GB": {"0800 1111"},
    "DE": {"116 111"},
    "FR": {"119"},
    "BE": {"103"},
    "CN": {"12355", "12356", "12345"},
}


def test_there_is_a_profile_for_each_country_a_child_can_name() -> None:
    assert set(profiles()) == set(COUNTRIES)


@pytest.mark.parametrize("country", COUNTRIES)
def test_the_help_card_has_the_countrys_numbers(country: str) -> None:
    assert {line.number for line in profiles()[country].helplines} == HELP_CARD[country]


@pytest.mark.parametrize("profile", profiles().values(), ids=profiles())
def test_every_figure_has_a_source_and_a_day(profile: Profile) -> None:
    assert profile.source
    assert isinstance(profile.checked_on, date)
    assert profile.emergency.isdigit()
    assert all(line.name for line in profile.helplines)


def test_both_parents_are_asked_where_the_law_says_so_and_where_nothing_is_known() -> None:
    assert {country for country in COUNTRIES if is_joint(country)} == {"DE", "FR"}
    assert is_joint("XX")
    assert is_joint("")
