"""Words in pictures: Latin and Chinese letters, lines that fit, and never a box where a letter is missing."""

from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from app.web.lettering import Letters

FONTS = Path(__file__).parents[2] / "static" / "dist" / "fonts"


@pytest.fixture(scope="module")
def letters() -> Letters:
    return Letters(FONTS, 40)


@pytest.mark.parametrize(
    ("words", "drawn"),
    [
        ("Dor de tine, și ție ți-e dor", "Dor de tine, și ție ți-e dor"),
        ("Ēriks ļoti gaida", "Ēriks ļoti gaida"),
        ("  我们家的\n水牛 ", "我们家的 水牛"),
        ("Kite \N{KITE} day", "Kite day"),
        ("\N{ARABIC LETTER MEEM}\N{ARABIC LETTER REH} and I", ""),
        ("s\N{COMBINING COMMA BELOW}i", "și"),
    ],
)
def test_what_cannot_be_drawn_is_left_out_and_no_word_is_maimed(letters: Letters, words: str, drawn: str) -> None:
    assert letters.drawable(words) == drawn


@pytest.mark.parametrize(
    "words", ["What a child sees when the parents are far away", "大手是妈妈的，小手是我的。我们一起走"]
)
def test_lines_fit_and_the_last_one_says_that_there_is_more(letters: Letters, words: str) -> None:
    lines = letters.lines(words, 260, 9)
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")
    assert all(letters.width(line) <= 260 for line in lines)
    assert not [line for line in lines if line[0] in "，。"]
    cut = letters.lines(words, 260, 1)
    assert (len(cut), cut[0][-1], letters.width(cut[0]) <= 260) == (1, "…", True)


def test_a_word_longer_than_the_line_is_broken(letters: Letters) -> None:
    lines = letters.lines("W" * 40, 200, 99)
    assert ("".join(lines), max(map(letters.width, lines)) <= 200) == ("W" * 40, True)


def test_both_scripts_leave_ink_on_the_same_line(letters: Letters) -> None:
    page = Image.new("L", (400, 80), 255)
    letters.write(ImageDraw.Draw(page), (10, 60), "țară 水牛", "#000")
    left, right = page.crop((0, 0, 100, 80)), page.crop((120, 0, 400, 80))
    assert (left.getextrema(), right.getextrema()) == ((0, 255), (0, 255))
