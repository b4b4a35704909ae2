"""Words as the search knows them: in seven languages, by their beginnings, and whatever a visitor types."""

from collections import Counter

import pytest
from hypothesis import example, given, strategies as st

from app.release.tokens import (
    LONGEST_QUERY,
    MOST_TERMS,
    Term,
    fold,
    is_slip,
    mend,
    places_of,
    terms_of,
    tidy,
    tokens_of,
)

FOUND = [
    ("Mămăligă și țuică", "mamaliga"),
    ("Mămăligă și țuică", "TUICA"),
    ("bătrâneţe", "bătrânețe"),  # the cedilla of old keyboards, the comma of new ones
    ("Vecmāmiņa šūpojas", "vecmamina supojas"),
    ("Perché piange così?", "perche cosi"),
    ("L'école et la sœur", "ecole soeur"),
    ("Großmutter weiß es", "grossmutter"),
    ("Großmutter weiß es", "Groß"),
    ("The kites flew", "kite"),
    ("copilăria mea", "copilăriei"),  # the same first eight letters
    ("爸爸妈妈在深圳打工", "妈妈"),
    ("爸爸妈妈在深圳打工", "深圳打工"),
    ("爸爸妈妈在深圳打工", "圳"),
    ("用ABC写", "abc"),
    ("ｆｕｌｌ　ｗｉｄｔｈ", "full"),
    ("e\u0301cole", "école"),
    ("Straße 42", "42"),
]
NOT_FOUND = [
    ("The kites flew", "lew"),
    ("The kites flew", "kite moon"),
    ("爸爸妈妈在深圳打工", "深打"),
    ("to be or not", "orno"),
    ("mother", "motherhood"),
]


def finds(query: str, text: str) -> bool:
    """What either database makes of terms and tokens."""
    tokens = tokens_of([text])
    return all(any(term.fits(token) for token in tokens) for term in terms_of(query))


@pytest.mark.parametrize(("text", "query"), FOUND)
def test_a_text_is_found_by_its_words_as_people_type_them(text: str, query: str) -> None:
    assert terms_of(query) != ()
    assert finds(query, text)
    assert places_of(text, terms_of(query)) != []


@pytest.mark.parametrize(("text", "query"), NOT_FOUND)
def test_a_text_is_not_found_by_other_words(text: str, query: str) -> None:
    assert not finds(query, text)


def test_chinese_is_known_by_its_characters_and_its_pairs() -> None:
    assert tokens_of(["留守儿童。"]) == {"留", "守", "儿", "童", "留守", "守儿", "儿童"}
    assert terms_of("留守儿童") == (Term("留守"), Term("守儿"), Term("儿童"))
    assert terms_of("童") == (Term("童"),)


def test_short_words_count_where_there_are_no_others() -> None:
    assert terms_of("eu") == (Term("eu"),)
    assert terms_of("eu și mama") == (Term("mama", begins=True),)


@pytest.mark.parametrize("query", ["", " ", "!!!", chr(34), "*", "()", "- - -", "\x00", "\u202e", "😀", "^:"])
def test_a_query_without_a_word_has_no_terms(query: str) -> None:
    assert terms_of(query) == ()


@given(st.text(max_size=300))
def test_whatever_is_typed_becomes_a_few_plain_tokens(query: str) -> None:
    terms = terms_of(tidy(query))
    assert len(tidy(query)) <= LONGEST_QUERY
    assert len(terms) <= MOST_TERMS
    assert [term.token for term in terms if not term.token.isalnum()] == []


@given(st.text(max_size=100))
@example("\U0002ebe1")  # among the ideograms, and none yet
def test_every_text_is_found_by_itself(text: str) -> None:
    assert finds(text, text)


@given(st.text(max_size=100))
def test_what_is_marked_lies_in_the_text_in_order(text: str) -> None:
    places = places_of(text, terms_of(text))
    edges = [edge for place in places for edge in place]
    assert edges == sorted(edges)
    assert edges == [] or (edges[0] >= 0 and edges[-1] <= len(text))
    assert bool(places) == bool(terms_of(text))


def test_whole_words_and_exactly_the_characters_are_marked() -> None:
    text = "Die Großmutter fliegt, die GROSSMUTTER lacht."
    assert [text[start:end] for start, end in places_of(text, terms_of("grossm"))] == ["Großmutter", "GROSSMUTTER"]
    chinese = "我想妈妈，妈妈也想我。"
    assert [chinese[start:end] for start, end in places_of(chinese, terms_of("想妈妈"))] == ["想妈妈", "妈妈"]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("kite", "kite", False),
        ("kite", "kites", True),
        ("kite", "ite", True),
        ("kite", "kyte", True),
        ("kite", "ktie", True),
        ("kite", "etik", False),
        ("kite", "kitchen", False),
        ("aa", "a", True),
    ],
)
def test_a_slip_is_one_letter_or_two_that_changed_places(one: str, other: str, *, expected: bool) -> None:
    assert is_slip(one, other) is expected
    assert is_slip(other, one) is expected


def test_a_query_is_mended_with_words_that_are_known() -> None:
    known = Counter({"grandmother": 3, "kite": 5, "kits": 1, "bunică": 2})
    assert mend("my grandmohter", known) == "my grandmother"
    assert mend("bunnica", known) == "bunică"
    assert mend("kitte", known) == "kite"
    assert mend("grandmother", known) is None
    assert mend("xylophone", known) is None
    assert mend("grandmohter xylophone", known) is None


def test_folding_leaves_letters_alone() -> None:
    assert [fold(word) for word in ("Ștefan", "ŁÓDŹ", "Ærø", "İstanbul", "한국", "Ёлка", "½")] == [
        "stefan",
        "lodz",
        "aero",
        "istanbul",
        "한국",
        "елка",
        "12",
    ]
