"""Words as the search knows them. Pure.

A word is written without case and accents ("ț" is "t", "ß" is "ss") and cut to its first eight letters, which is also
what most endings are hung on. Chinese has no spaces: it is known by its characters and by every two that stand
together. Both databases are given these tokens and split nothing themselves.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from unicodedata import combining, normalize

STEM = 8
"""Letters that are kept of a word: what follows is mostly grammar, or the second half of a German noun."""
SHORTEST_BEGINNING = 3
"""A word of fewer letters is only found whole."""
LONGEST_QUERY = 100
MOST_TERMS = 16
SHORTEST_TYPO = 4

_IDEOGRAM = r"\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_MARKS = r"\u0300-\u036f"
_PIECE = re.compile(rf"([{_IDEOGRAM}]+)|(?:(?![{_IDEOGRAM}])[^\W_][{_MARKS}]*)+")
_NO_LETTER = re.compile(r"[\W_]+")
_LETTERS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ı": "i"})
"""Letters that Unicode does not take apart."""


class Term(NamedTuple):
    """What a story must have: a token, or one that begins like it."""

    token: str
    begins: bool = False

    def fits(self, token: str) -> bool:
        """Whether a token is this one."""
        return token.startswith(self.token) if self.begins else token == self.token


@lru_cache(maxsize=10_000)
def fold(word: str) -> str:
    """A word without case, accents and signs."""
    if word.isascii():
        return _NO_LETTER.sub("", word.lower())
    apart = normalize("NFKD", normalize("NFKD", word).casefold().translate(_LETTERS))
    return _NO_LETTER.sub("", normalize("NFC", "".join(sign for sign in apart if not combining(sign))))


class _Piece(NamedTuple):
    """A word, or a run of Chinese characters, and where it stands; `signs` are what it is written with."""

    start: int
    end: int
    signs: list[str]
    chinese: bool


def _pieces(text: str) -> Iterator[_Piece]:
    for match in _PIECE.finditer(text):
        chinese = match[1] is not None
        yield _Piece(*match.span(), [fold(sign) for sign in match[0]] if chinese else [fold(match[0])], chinese)


def tokens_of(texts: Iterable[str]) -> set[str]:
    """Every token of these texts."""
    found: set[str] = set()
    for text in texts:
        for piece in _pieces(text):
            found.update(sign if piece.chinese else sign[:STEM] for sign in piece.signs)
            if piece.chinese:
                found.update(map("".join, pairwise(piece.signs)))
    return found - {""}


def tidy(query: str) -> str:
    """A query as it is shown again: one line, not too long."""
    return " ".join(query.split())[:LONGEST_QUERY].rstrip()


@lru_cache(maxsize=256)
def terms_of(query: str) -> tuple[Term, ...]:
    """What to look for; whatever signs a query has, it is words. Short words count where there are no others."""
    terms: list[Term] = []
    for piece in _pieces(query[:LONGEST_QUERY]):
        if piece.chinese:
            pairs = map("".join, pairwise(piece.signs))
            terms += (Term(token) for token in (pairs if len(piece.signs) > 1 else piece.signs) if token)
        elif piece.signs[0]:
            word = piece.signs[0]
            terms.append(Term(word[:STEM], SHORTEST_BEGINNING <= len(word) < STEM))
    telling = [term for term in terms if term.begins or len(term.token) == STEM or not term.token.isascii()]
    return tuple(dict.fromkeys(telling or terms))[:MOST_TERMS]


def places_of(text: str, terms: Iterable[Term]) -> list[tuple[int, int]]:
    """Where a text has what was looked for: [start, end) of each, in order, none touching another."""
    wanted = tuple(terms)
    found: list[tuple[int, int]] = []
    for piece in _pieces(text):
        for start, end in _chinese(piece, wanted) if piece.chinese else _word(piece, wanted):
            if found and start <= found[-1][1] and piece.chinese:
                found[-1] = (found[-1][0], max(end, found[-1][1]))
            else:
                found.append((start, end))
    return found


def _word(piece: _Piece, wanted: tuple[Term, ...]) -> Iterator[tuple[int, int]]:
    if any(term.fits(piece.signs[0][:STEM]) for term in wanted):
        yield piece.start, piece.end


def _chinese(piece: _Piece, wanted: tuple[Term, ...]) -> Iterator[tuple[int, int]]:
    tokens = {term.token for term in wanted}
    for place, sign in enumerate(piece.signs):
        length = 2 if "".join(piece.signs[place : place + 2]) in tokens else 1
        if length == 2 or sign in tokens:
            yield piece.start + place, min(piece.start + place + length, piece.end)


def mend(query: str, known: Counter[str]) -> str | None:
    """The query with each unknown word written as the most frequent known one that is a slip away; None if none is.

    `known` counts words as they are written. A slip is one letter too many, missing, wrong, or two that changed places.
    """
    by_length: dict[int, list[tuple[str, str]]] = {}
    folded = {word: fold(word) for word, _ in known.most_common()}
    for word, plain in folded.items():
        by_length.setdefault(len(plain), []).append((plain, word))
    mended = list(query)
    for piece in reversed(list(_pieces(query))):
        word = piece.signs[0]
        if piece.chinese or len(word) < SHORTEST_TYPO or any(one.startswith(word) for one in folded.values()):
            continue
        near = (each for size in (0, 1, -1) for each in by_length.get(len(word) + size, []))
        better = next((written for plain, written in near if is_slip(word, plain)), None)
        if better is None:
            return None
        mended[piece.start : piece.end] = better
    return "".join(mended) if mended != list(query) else None


def is_slip(one: str, other: str) -> bool:
    """Whether two words differ by one letter, or by two neighbours that changed places."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    end = 0
    while end < min(len(one), len(other)) - start and one[-1 - end] == other[-1 - end]:
        end += 1
    left, right = one[start : len(one) - end], other[start : len(other) - end]
    swapped = len(left) == len(right) == 2 and left == right[::-1]
    return one != other and ((len(left) <= 1 and len(right) <= 1) or swapped)
