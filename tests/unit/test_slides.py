"""A text cut into pieces that can be read from the back of a hall: between sentences, and nothing of it lost."""

import pytest

from app.web.captions import Caption, caption_of
from app.web.slides import PIECES, pieces_of

SENTENCE = "On Sundays we fly our kites at the same hour. "


def bare(words: str) -> str:
    return "".join(words.split())


@pytest.mark.parametrize(
    ("text", "signs", "pieces"),
    [
        ("", 20, []),
        ("  \n ", 20, []),
        ("Short.", 20, ["Short."]),
        ("One. Two. Three.", 10, ["One. Two.", "Three."]),
        ("One.\n\nTwo.", 20, ["One.\n\nTwo."]),
        ("她说：“来吧！”我来了。我们走。", 8, ["她说：“来吧！”", "我来了。我们走。"]),
        ("no end in sight here", 10, ["no end in", "sight here"]),
        ("一二三四五六七八九十", 4, ["一二三四", "五六七八", "九十"]),
    ],
)
def test_a_text_is_cut_between_sentences_where_it_can_be(text: str, signs: int, pieces: list[str]) -> None:
    assert pieces_of(text, signs) == pieces


def test_a_long_text_ends_with_an_ellipsis_and_a_shorter_one_is_whole() -> None:
    whole = pieces_of(SENTENCE * PIECES, len(SENTENCE))
    assert bare("".join(whole)) == bare(SENTENCE * PIECES)
    assert len(whole) == PIECES
    cut = pieces_of(SENTENCE * 40, len(SENTENCE))
    assert (len(cut), cut[:-1]) == (PIECES, whole[:-1])
    assert cut[-1] == "On Sundays we fly our kites at the same hour…"


@pytest.mark.parametrize(
    ("captions", "page", "caption"),
    [
        ({"en": "A kite", "ro": "Un zmeu"}, "en", Caption("A kite", "en", is_named=False)),
        ({"en": "A kite", "ro": "Un zmeu"}, "it", Caption("Un zmeu", "ro", is_named=True)),
        ({"en": "A kite"}, "it", None),
        ({"ro": "Un zmeu"}, "ro", Caption("Un zmeu", "ro", is_named=False)),
    ],
)
def test_a_caption_is_in_the_language_of_the_page_or_of_the_story(
    captions: dict[str, str], page: str, caption: Caption | None
) -> None:
    assert caption_of({"alts": captions}, page, "ro") == caption
    assert caption_of({}, page, "ro") is None
