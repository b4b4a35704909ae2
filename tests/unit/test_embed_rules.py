"""Frames and their looks: who may hold what, and colours that can be read."""

import pytest
from hypothesis import given, strategies as st

from app.web.embed import colours
from app.web.embed.look import Look
from app.web.framing import may_hold, origin_of

OWN = "https://eyes.example"
ANYBODY = ["'self'", "https:", "http://localhost:*"]


@pytest.mark.parametrize(
    ("sources", "holder", "allowed"),
    [
        (["'self'"], OWN, True),
        (["'self'", "https://partner.example"], "https://partner.example", True),
        (["https://partner.example:443"], "https://partner.example", True),
        (["https://partner.example"], "https://partner.example.evil.example", False),
        (["https://partner.example"], "http://partner.example", False),
        (["https://partner.example"], "https://partner.example:8443", False),
        (["'none'"], OWN, False),
        ([], OWN, False),
        (["*"], "http://anybody.example", True),
        (ANYBODY, "https://anybody.example", True),
        (ANYBODY, "http://anybody.example", False),
        (ANYBODY, "http://localhost:8080", True),
        (ANYBODY, "http://localhost", True),
        (ANYBODY, "http://localhost.evil.example:80", False),
    ],
)
def test_who_may_hold_a_frame(sources: list[str], holder: str, allowed: bool) -> None:
    assert may_hold(sources, holder, OWN) is allowed


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://A.example:443/page?q", "https://a.example"),
        ("http://a.example:8080", "http://a.example:8080"),
        ("http://a.example:80/", "http://a.example"),
        ("about:srcdoc", ""),
        ("", ""),
        ("https://[", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_the_origin_of_an_address(address: str, origin: str) -> None:
    assert origin_of(address) == origin


def test_contrast_is_what_the_guidelines_say_it_is() -> None:
    assert colours.contrast("000000", "ffffff") == pytest.approx(21)
    assert colours.contrast("777777", "ffffff") == pytest.approx(4.48, abs=0.01)
    assert colours.contrast("1b4b94", "1b4b94") == 1


COLOURS = st.binary(min_size=3, max_size=3).map(bytes.hex)


@given(COLOURS)
def test_any_colour_becomes_one_that_can_be_read(colour: str) -> None:
    by_day = colours.readable(colour, colours.DAY, colours.BLACK)
    at_night = colours.readable(colour, colours.NIGHT, colours.WHITE)
    assert colours.contrast(by_day, colours.DAY) >= 4.5
    assert colours.contrast(at_night, colours.NIGHT) >= 4.5
    assert max(colours.contrast(words, colour) for words in (colours.BLACK, colours.WHITE)) >= 4.5


def test_a_colour_that_can_be_read_stays_as_it_is() -> None:
    assert colours.readable("1b4b94", colours.DAY, colours.BLACK) == "1b4b94"
    assert colours.stylesheet("1b4b94").startswith(":root,:host{--accent:#1b4b94;--on-accent:#ffffff;")


@pytest.mark.parametrize(
    ("values", "look"),
    [
        ({"theme": "dark", "accent": "1B4B94", "columns": "2"}, Look("dark", "1b4b94", "2")),
        ({"theme": "family", "look": "light"}, Look("light")),
        ({"theme": "auto", "accent": "red;}", "columns": "5"}, Look()),
        ({"accent": "#12345", "columns": "2 "}, Look()),
        ({"accent": "#123456"}, Look(accent="123456")),
    ],
)
def test_values_that_do_not_exist_are_ignored(values: dict[str, str], look: Look) -> None:
    assert Look.read(values) == look
