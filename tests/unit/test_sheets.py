"""Tables for spreadsheets: whole, in any language, and never calculated."""

import csv
from io import StringIO

import pytest

from app.web.sheets import cell, sheet

FORMULAS = [
    "=1+1",
    '=HYPERLINK("https://evil.example","x")',
    "+49",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "\n=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
]


@pytest.mark.parametrize("words", FORMULAS)
def test_a_formula_is_only_words(words: str) -> None:
    assert cell(words) == f"'{words}"


@pytest.mark.parametrize("words", ["Ana", "3-4", "a=b", "王小明", "", "'=1", "🦊"])
def test_ordinary_words_stay_as_they_are(words: str) -> None:
    assert cell(words) == words


def test_everything_comes_back_out_of_the_file() -> None:
    rows = [["a,b", 'say "hi"', "two\nlines"], ["王小明", "ș", 3]]
    made = sheet(["one", "two", "three"], rows)
    assert made.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(StringIO(made.decode("utf-8-sig"), newline="")))
    assert read == [["one", "two", "three"], ["a,b", 'say "hi"', "two\nlines"], ["王小明", "ș", "3"]]
