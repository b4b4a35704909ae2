"""What a campaign's page is built of: plans and blocks that can be kept, sentences found again, small cells."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.campaigns.blocks import (
    Kind,
    by_country,
    digest_of,
    faults_in,
    find_sentence,
    is_blank,
    sentences,
    tells_places,
    untold_in,
)
from app.campaigns.rules import Plan, faults_of, has_begun, is_link, is_slug, spoken, untold
from tests.factories.hostile_words import EVERYTHING, NAMES

NOW = datetime(2026, 11, 25, tzinfo=UTC)
PLAN = Plan(["en", "ro"], {"en": "I am here"}, {"en": "Listen."}, {}, NOW)
LONG = "x" * 4_001


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({}, []),
        ({"closes_at": NOW + timedelta(days=1), "action_link": "https://example.org/sign?a=b"}, []),
        ({"languages": []}, ["languages"]),
        ({"languages": ["xx"]}, ["languages"]),
        ({"title": {"ro": ""}}, ["title-en"]),
        ({"title": {"it": "Sono qui"}}, ["title-en"]),
        ({"title": {"ro": "x" * 121}, "text": {"en": LONG}}, ["title-ro", "text-en"]),
        ({"appeal": {"ro": LONG}, "opens_at": None}, ["appeal-ro", "opens_on"]),
        ({"closes_at": NOW}, ["closes_on"]),
        ({"action_link": "javascript:alert(1)"}, ["action_link"]),
        ({"partners": [{"name": "", "link": "https://example.org"}]}, ["partners"]),
        ({"partners": [{"name": "A", "link": "http://example.org"}]}, ["partners"]),
        ({"partners": [{"name": "A", "link": "https://example.org"}] * 31}, ["partners"]),
    ],
)
def test_a_plan_says_everything_that_is_wrong_with_it_at_once(change: dict[str, Any], fields: list[str]) -> None:
    assert list(faults_of(replace(PLAN, **change))) == fields


@pytest.mark.parametrize(
    "typed",
    [
        "http://example.org",
        "https://",
        "https://localhost",
        "https://user@example.org",
        "https://example.org/a b",
        'https://example.org/"',
        "//example.org",
        "data:text/html,x",
        "https://[example.org",
        f"https://example.org/{'a' * 500}",
        *NAMES,
        EVERYTHING,
    ],
)
def test_a_page_leads_only_to_whole_and_plain_addresses(typed: str) -> None:
    assert not is_link(typed)


def test_what_can_stand_in_an_address() -> None:
    assert [is_slug(typed) for typed in ("i-am-here", "2026", "a" * 60)] == [True] * 3
    assert [is_slug(typed) for typed in ("", "-a", "a--b", "A", "a/b", "ăsta", "a" * 61, *NAMES)] == [False] * 17


def test_a_value_says_in_which_language_it_is() -> None:
    values = {"en": "Here", "ro": "Aici", "zh": ""}
    assert [spoken(values, code) for code in ("ro", "zh", "it")] == [("Aici", "ro"), ("Here", "en"), ("Here", "en")]
    assert spoken({"zh": "在", "en": ""}, "it") == ("在", "zh")
    assert spoken({}, "it") == ("", "it")
    assert untold(["en", "ro", "zh"], values, {"en": "x", "zh": "y"}) == ["ro", "zh"]


def test_a_campaign_has_a_page_once_it_was_announced_and_has_begun() -> None:
    later = NOW + timedelta(seconds=1)
    cases = [(NOW, None), (NOW, NOW), (later, NOW), (NOW, later)]
    assert [has_begun(opens, announced, NOW) for opens, announced in cases] == [False, True, False, True]


FIGURE = {"value": {"en": "55 million"}, "words": {"en": "children in China"}, "source": "A census", "link": ""}


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        ({}, {}),
        ({"heading": {"en": "x" * 121, "ro": "Aici"}}, {"heading-en": "line_too_long"}),
        ({"text": {"zh": LONG}}, {"text-zh": "words_too_long"}),
        ({"limit": 49}, {"limit": "fill_limit"}),
        ({"limit": 0}, {"limit": "fill_limit"}),
        ({"figures": [FIGURE]}, {}),
        ({"figures": [FIGURE | {"source": ""}]}, {"source-0": "figure_source"}),
        ({"figures": [FIGURE | {"words": {}}]}, {"words-0-en": "figure_half"}),
        ({"figures": [FIGURE, FIGURE | {"value": {"en": ""}}]}, {"value-1-en": "figure_half"}),
        ({"figures": [FIGURE | {"link": "ftp://x.org"}]}, {"link-0": "not_a_link"}),
        ({"figures": [FIGURE] * 7}, {"figures": "too_many_figures"}),
    ],
)
def test_a_block_says_what_cannot_be_kept(content: dict[str, Any], faults: dict[str, str]) -> None:
    assert faults_in(content) == faults


def test_a_block_that_would_show_nothing_is_blank() -> None:
    assert [kind for kind in Kind if is_blank(kind, {})] == [Kind.QUOTE, Kind.TEXT, Kind.NUMBERS]
    assert not is_blank(Kind.TEXT, {"text": {"ro": "Aici"}})
    assert untold_in({"heading": {}, "text": {"en": "x"}, "figures": [FIGURE]}, ["en", "ro"]) == ["ro"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("She calls. I run! Who is first?", ["She calls.", "I run!", "Who is first?"]),
        ("Mama a zis: „Vin!” Eu aștept…", ["Mama a zis: „Vin!”", "Eu aștept…"]),
        ("妈妈打来电话。我跑过去！", ["妈妈打来电话。", "我跑过去！"]),
        ("one line\nanother  line\n\n", ["one line", "another line"]),
        ("Again. Again.", ["Again."]),
        ("...", []),
        ("", []),
    ],
)
def test_a_text_falls_into_sentences(text: str, found: list[str]) -> None:
    assert sentences(text) == found


def test_a_quote_is_found_again_by_its_digest_and_not_when_the_text_changed() -> None:
    digest = digest_of("I run!")
    assert find_sentence("She calls. I run!", digest) == "I run!"
    assert find_sentence("She calls. I walk!", digest) == ""
    assert find_sentence("She calls.", "") == ""
    assert "run" not in digest


def different(country: str, number: int) -> list[tuple[str, str]]:
    return [(country, f"{country}-{child}") for child in range(number)]


def test_a_country_of_few_children_is_not_named() -> None:
    told_by = [*different("RO", 17), *different("CN", 10), *different("LV", 9), *different("", 1)]
    assert by_country(told_by) == [("RO", 15), ("CN", 10), ("", 10)]
    assert by_country(different("RO", 11) + different("LV", 4)) == [("RO", 10)]
    assert by_country(different("LV", 4)) == []


def test_whoever_told_much_is_one_child() -> None:
    assert by_country(different("RO", 9) * 5) == []
    assert by_country(different("RO", 10) * 2 + [("RO", "RO-0")]) == [("RO", 10)]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], False),
        ([("", 40)], False),
        ([("RO", 10)], False),
        ([("RO", 10), ("", 10)], False),
        ([("RO", 15), ("CN", 10)], True),
        ([("RO", 15), ("CN", 10), ("", 10)], True),
    ],
)
def test_countries_are_compared_where_two_can_be_named(rows: list[tuple[str, int]], said: bool) -> None:
    assert tells_places(rows) is said
