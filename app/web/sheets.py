"""Tables for spreadsheets: UTF-8 with the mark they look for, and no cell that they would calculate."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
CALCULATED = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What a cell begins with that spreadsheets take for a formula (OWASP, CSV injection)."""


def sheet(head: Sequence[object], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV file (RFC 4180), every cell in quotes."""
    file = StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerows([cell(value) for value in row] for row in (head, *rows))
    return (MARK + file.getvalue()).encode()


def cell(value: object) -> str:
    """A value as words; one that could be calculated begins with an apostrophe."""
    words = str(value)
    return f"'{words}" if words.lstrip(" \n").startswith(CALCULATED) else words
