"""Words drawn into a picture, in Latin and Chinese letters; where a letter is missing, nothing is written at all.

The fonts are built into `static/dist/fonts` (`tools/build_assets.py`): two families in a hundred slices, of which a
line opens only those that it needs.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path

from PIL import ImageDraw, ImageFont

_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_CLOSING = "。，、！？；：）」』”’…"
_PIECES = re.compile(rf"[{_WIDE}][{_CLOSING}]*|[^\s{_WIDE}]+|\s+")
"""What a line can be broken behind: a word, a space, a Chinese sign with the mark that closes behind it."""
_FAMILIES = ("noto-serif", "noto-serif-sc")
"""The one that is asked first comes first."""
_NOTHING = "\uffff"
"""A sign that no font has: what is drawn for it is drawn for every missing one."""


class Letters:
    """One size and weight; measured in pixels."""

    def __init__(self, folder: Path, size: int, weight: int = 400) -> None:
        self.folder, self.size, self.weight = folder, size, weight
        self.leading = round(size * 1.36)

    def drawable(self, words: str) -> str:
        """These words as they can be drawn: without signs that are no letters, or nothing where a letter is missing."""
        words = " ".join(unicodedata.normalize("NFC", words).split())
        missing = {sign for sign in words if sign != " " and slice_with(self.folder, sign) is None}
        if any(unicodedata.category(sign)[0] in "LMN" for sign in missing):
            return ""
        return " ".join("".join(sign for sign in words if sign not in missing).split())

    def width(self, line: str) -> float:
        """How long a line is."""
        return sum(font.getlength(run) for font, run in self._runs(line))

    def lines(self, words: str, width: float, most: int) -> list[str]:
        """Words in at most `most` lines; the last ends with an ellipsis when there are more."""
        lines = [""]
        for piece in self._pieces(self.drawable(words), width):
            if lines[-1] and self.width(lines[-1] + piece.rstrip()) > width:
                lines.append("")
            lines[-1] = (lines[-1] + piece).lstrip()
        lines = [line.rstrip() for line in lines if line.strip()]
        if len(lines) <= most:
            return lines
        last = lines[most - 1]
        while last and self.width(f"{last}…") > width:
            last = last[:-1]
        return [*lines[: most - 1], f"{last.rstrip(' .,;:。，、')}…"]

    def write(self, draw: ImageDraw.ImageDraw, at: tuple[float, float], line: str, fill: str) -> None:
        """One line; `at` is where it begins on its baseline."""
        x, y = at
        for font, run in self._runs(line):
            draw.text((x, y), run, font=font, fill=fill, anchor="ls")
            x += font.getlength(run)

    def _pieces(self, words: str, width: float) -> Iterator[str]:
        for piece in _PIECES.findall(words):
            if self.width(piece) <= width:
                yield piece
            else:
                yield from piece  # a word longer than the line is broken anywhere

    def _runs(self, line: str) -> Iterator[tuple[ImageFont.FreeTypeFont, str]]:
        for path, signs in groupby(line, lambda sign: slice_with(self.folder, sign)):
            if path is not None:
                yield font_of(path, self.size, self.weight), "".join(signs)


@lru_cache(maxsize=4096)
def slice_with(folder: Path, sign: str) -> Path | None:
    """The file that draws a sign; what a slice says that it holds is not always there."""
    found = [folder / family / name for family in _FAMILIES for name in slices_in(folder / family).get(ord(sign), ())]
    return next((path for path in found if sign.isspace() or draws(path, sign)), None)


def draws(path: Path, sign: str) -> bool:
    """Whether a slice has a drawing of this sign."""
    font = font_of(path, 24, 400)
    return bytes(font.getmask(sign)) != bytes(font.getmask(_NOTHING))


@cache
def slices_in(family: Path) -> dict[int, tuple[str, ...]]:
    """Which files of a family say that they draw a sign, by its number."""
    ranges: dict[str, str] = json.loads((family / "unicode.json").read_text())
    found: dict[int, tuple[str, ...]] = {}
    for name, spans in ranges.items():
        file = (f"{name.strip('[]')}-wght-normal.woff2",)
        for span in spans.removeprefix("U+").split(",U+"):
            first, _, last = span.partition("-")
            for number in range(int(first, 16), int(last or first, 16) + 1):
                found[number] = found.get(number, ()) + file
    return found


@lru_cache(maxsize=64)
def font_of(path: Path, size: int, weight: int) -> ImageFont.FreeTypeFont:
    """A slice, ready to draw."""
    font = ImageFont.truetype(str(path), size)
    font.set_variation_by_axes([weight])
    return font
