"""Story cards, permissions, and who may have an account."""

import math
from datetime import date

import pytest
from hypothesis import given, strategies as st

from app.errors import Invalid
from app.people.permissions import ALLOWED, STAFF_ROLES, Permission, Role, may
from app.people.rules import (
    CARD_DIGITS,
    PICTURES,
    AgeBand,
    CardNumber,
    first_of_next_month,
    fits_band,
    is_email,
    luhn,
    months_later,
    new_card,
    read_card,
    years_earlier,
)

digit_strings = st.text("0123456789", min_size=CARD_DIGITS, max_size=CARD_DIGITS)
DIGITS = "0123456789"


@pytest.mark.parametrize(("digits", "check"), [("7992739871", 3), ("0", 0), ("1", 8), ("5", 9), ("453957876362148", 6)])
def test_the_check_digit_is_luhns(digits: str, check: int) -> None:
    assert luhn(digits) == check


@given(digit_strings)
def test_what_is_printed_can_be_read_back(digits: str) -> None:
    card = CardNumber(digits)
    assert read_card(" ".join(card.groups), card.check) == card
    assert read_card(digits + str(card.check)) == card
    assert card.picture == PICTURES[card.check]


@given(digit_strings)
def test_every_single_wrong_digit_is_noticed(digits: str) -> None:
    check = luhn(digits)
    for at in range(CARD_DIGITS):
        for wrong in DIGITS.replace(digits[at], ""):
            assert luhn(digits[:at] + wrong + digits[at + 1 :]) != check


@given(digit_strings)
def test_swapped_neighbours_are_noticed_except_zero_and_nine(digits: str) -> None:
    check = luhn(digits)
    for at in range(CARD_DIGITS - 1):
        one, other = digits[at], digits[at + 1]
        swapped = digits[:at] + other + one + digits[at + 2 :]
        unnoticed = one == other or {one, other} == {"0", "9"}
        assert (luhn(swapped) == check) == unnoticed


@pytest.mark.parametrize("typed", ["", "1234", "4539 5787 6362 148", "4539-5787-6362-1486-1-2", "four five three nine"])
def test_too_few_or_too_many_digits_are_a_typing_mistake(typed: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_card(typed, 1)
    assert (caught.value.code, caught.value.field) == ("card_typo", "card")


def test_a_card_without_its_picture_does_not_open() -> None:
    with pytest.raises(Invalid):
        read_card("4539578763621486")


def test_digits_of_other_scripts_are_digits() -> None:
    assert read_card("４５３９ ５７８７ ６３６２ １４８６", 8) == CardNumber("4539578763621486")


def test_a_card_is_worth_at_least_fifty_bits() -> None:
    assert math.log2(10**CARD_DIGITS) >= 50
    cards = [new_card().digits for _ in range(200)]
    assert len(set(cards)) == len(cards)
    assert {digit for card in cards for digit in card} == set(DIGITS)
    assert all(len({card[at] for card in cards}) == len(DIGITS) for at in range(CARD_DIGITS))


def test_each_check_digit_has_a_picture_of_its_own() -> None:
    assert len(set(PICTURES)) == len(DIGITS)


def test_every_role_has_its_permissions_and_every_permission_somebody() -> None:
    assert set(ALLOWED) == set(Role)
    assert set().union(*ALLOWED.values()) == set(Permission)


@pytest.mark.parametrize("role", Role)
def test_exactly_the_roles_with_an_account_enter_the_staff_area(role: Role) -> None:
    assert may(role, Permission.STAFF_AREA) == (role in STAFF_ROLES)


@pytest.mark.parametrize("permission", [Permission.STORY_REVIEW, Permission.CASE_OPEN])
def test_whoever_tells_or_collects_stories_never_reviews_them(permission: Permission) -> None:
    tellers = (Role.CHILD, Role.GUARDIAN, Role.FACILITATOR, Role.CURATOR, Role.ADMINISTRATOR)
    assert not any(may(role, permission) for role in tellers)


@pytest.mark.parametrize(
    ("month", "fits"), [((2031, 2), False), ((2031, 3), True), ((2034, 4), True), ((2034, 5), False)]
)
def test_a_band_and_a_month_of_majority_can_both_be_true_or_not(month: tuple[int, int], fits: bool) -> None:
    told_on = date(2026, 3, 20)
    assert fits_band(AgeBand.TEN_TO_TWELVE, told_on, date(*month, 1)) is fits


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (date(2026, 11, 1), date(2026, 12, 1)),
        (date(2026, 12, 31), date(2027, 1, 1)),
        (date(2028, 2, 29), date(2028, 3, 1)),
    ],
)
def test_the_next_month_begins_on_its_first(day: date, first: date) -> None:
    assert first_of_next_month(day) == first


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_the_first_of_the_next_month_is_the_earliest_that_comes_after(day: date) -> None:
    found = first_of_next_month(day)
    assert found.day == 1
    assert 1 <= (found - day).days <= 31


@pytest.mark.parametrize(
    ("day", "years", "earlier"),
    [
        (date(2031, 3, 1), 2, date(2029, 3, 1)),
        (date(2031, 3, 1), 0, date(2031, 3, 1)),
        (date(2028, 2, 29), 1, date(2027, 3, 1)),
        (date(2028, 2, 29), 4, date(2024, 2, 29)),
    ],
)
def test_years_earlier_is_the_same_day_or_the_first_of_march(day: date, years: int, earlier: date) -> None:
    assert years_earlier(day, years) == earlier


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 30), 12, date(2027, 11, 30)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 1, 15), 0, date(2026, 1, 15)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_a_short_month(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


@pytest.mark.parametrize("typed", ["a@b.co", "mama.maria+1@example.org", "o'neil@ex-ample.co.uk", "123@example.cn"])
def test_an_address_is_one_that_every_mail_server_takes(typed: str) -> None:
    assert is_email(typed)


@pytest.mark.parametrize(
    "typed",
    [
        *("x:victim@example.org", "a:b:victim@example.org", "a@b@example.org", "<a@example.org>", "a@[127.0.0.1]"),
        *(
            "a@example",
            "a@ex..org",
            "a@-ex.org",
            ".a@example.org",
            "a.@example.org",
            "a b@example.org",
            "a@example.org\n",
        ),
        *("a@example.org\n", "ană@example.org", f"{'a' * 65}@example.org", f"a@{'b.' * 130}org", ""),
    ],
)
def test_a_group_a_route_or_half_an_address_is_none(typed: str) -> None:
    assert not is_email(typed)
