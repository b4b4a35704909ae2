"""Campaigns: which sites may embed, and which language is printed; and the bits that filters are made of."""

import pytest
from hypothesis import given, strategies as st

from app.campaigns.rules import embedding_origin, in_language
from app.errors import Invalid
from app.release.facets import MEDIUM_BITS, THEME_BITS, mask_of_media, mask_of_themes, media_in
from app.stories.rules import Medium, Theme, approvals_needed


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("https://example.org", "https://example.org"),
        (" https://Example.ORG/page?x=1#top ", "https://example.org"),
        ("https://www.example.org:8443/", "https://www.example.org:8443"),
        ("https://example.org?x", "https://example.org"),
        ("http://localhost:9000", "http://localhost:9000"),
        ("http://127.0.0.1:9000/host.html", "http://127.0.0.1:9000"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("https://München.example/x", "https://xn--mnchen-3ya.example"),
        ("https://例子。example:8443", "https://xn--fsqu00a.example:8443"),
        ("https://example.org:443", "https://example.org"),
        ("https://example.org:00443/page", "https://example.org"),
        ("https://example.org:80", "https://example.org:80"),
        ("https://example.org:65535", "https://example.org:65535"),
        ("http://localhost:80", "http://localhost"),
    ],
)
def test_a_site_is_reduced_to_its_origin(typed: str, origin: str) -> None:
    assert embedding_origin(typed) == origin


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "example.org",
        "http://example.org",
        "https://",
        "https://*.example.org",
        "https://user@example.org",
        "https://example.org; script-src *",
        "https://example.org, https://other.example",
        "https://example.org 'self'",
        "https://exam\nple.org",
        "https://[bad",
        "https://bücher..example",
        "https://straße.example",
        "https://a\u200db.example",
        "https://ex℀ample.org",
        "https://bücher；.example",
        f"https://{'ü' * 64}.example",
        "http://bücher.example",
        "https://example.org:0",
        "https://example.org:65536",
        "https://example.org:99999",
        "https://example.org:٤٤٣",
        "https://example.org:port",
        "https://localhost.example@evil.example",
        "javascript://example.org",
        "data:text/html,x",
    ],
)
def test_what_is_no_single_safe_origin_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as caught:
        embedding_origin(typed)
    assert (caught.value.code, caught.value.field) == ("not_an_origin", "embedding_sites")


@given(st.text(max_size=40), st.sampled_from(["https://", "https://example.org", ""]))
def test_no_text_at_all_breaks_out_of_a_directive(tail: str, head: str) -> None:
    try:
        origin = embedding_origin(head + tail)
    except Invalid:
        return
    assert origin.isascii()
    assert not set(origin) & set("; ,'\"*@\n\r\t")


@pytest.mark.parametrize(
    ("values", "printed"),
    [({"en": "Hear us", "ro": "Auziți"}, "Auziți"), ({"en": "Hear us"}, "Hear us"), ({"zh": "听"}, "听"), ({}, "")],
)
def test_a_text_is_printed_in_the_nearest_language(values: dict[str, str], printed: str) -> None:
    assert in_language(values, "ro") == printed


def test_every_theme_and_every_medium_has_a_bit_of_its_own() -> None:
    for bits, words in ((THEME_BITS, Theme), (MEDIUM_BITS, Medium)):
        assert set(bits) == {word.value for word in words}
        assert len(set(bits.values())) == len(bits)
        assert all(bit.bit_count() == 1 for bit in bits.values())


def test_the_bits_are_stored_so_they_never_change() -> None:
    assert list(THEME_BITS) == ["migration", "rights", "education", "feelings", "family", "heard"]
    assert list(MEDIUM_BITS) == ["drawing", "text", "sound"]


@given(st.lists(st.sampled_from(list(THEME_BITS))))
def test_a_mask_answers_exactly_for_its_themes(themes: list[str]) -> None:
    mask = mask_of_themes(themes)
    assert {theme for theme, bit in THEME_BITS.items() if mask & bit} == set(themes)


@given(st.booleans(), st.booleans(), st.booleans())
def test_a_mask_gives_its_media_back(drawing: bool, text: bool, sound: bool) -> None:
    names = {"drawing": drawing, "text": text, "sound": sound}
    assert media_in(mask_of_media(**names)) == [name for name, there in names.items() if there]


@given(st.booleans(), st.booleans(), st.booleans())
def test_two_look_at_a_young_child_an_own_voice_the_press_and_campaigns(
    under_ten: bool, own_voice: bool, far: bool
) -> None:
    needed = approvals_needed(under_ten=under_ten, own_voice=own_voice, press_or_campaign=far)
    assert needed == 1 + any([under_ten, own_voice, far])
