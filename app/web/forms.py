"""Reading forms: only the fields that were asked for, words out of a vocabulary, and lines without hidden signs."""

import re
import unicodedata
from enum import StrEnum
from typing import TypeVar

from flask import request

from app.errors import Invalid
from app.people.rules import is_email

ALWAYS = frozenset({"csrf_token"})

_SMALL_NUMBER = re.compile(r"[0-9]{1,5}")

Word = TypeVar("Word", bound=StrEnum)


def only_fields(*names: str) -> None:
    """Refuse a form with a field that nobody registered (Age Appropriate Design Code, standard 8).

    A page that one day asks a child for more must say so here first.
    """
    if (set(request.form) | set(request.files)) - ALWAYS - set(names):
        raise Invalid("unknown_field")


def one_line(name: str) -> str:
    """What was typed into a field of one line: composed, without control signs, spaces made single."""
    return tidied(request.form.get(name, ""))


def tidied(value: str) -> str:
    """The same of a value that was read already: a form may have many fields of one name."""
    typed = unicodedata.normalize("NFC", value)
    return " ".join("".join(sign if _is_visible(sign) else " " for sign in typed).split())


def small_number(name: str) -> int:
    """The number in a field, such as that of a version; 0 for one that cannot be."""
    typed = request.form.get(name, "")
    return int(typed) if _SMALL_NUMBER.fullmatch(typed) else 0


def many_lines(name: str) -> str:
    """What was typed into a text area; line breaks and tabs stay."""
    typed = unicodedata.normalize("NFC", request.form.get(name, "")).replace("\r\n", "\n")
    return "".join(sign for sign in typed if sign in "\n\t" or _is_visible(sign))


def _is_visible(sign: str) -> bool:
    return unicodedata.category(sign) not in ("Cc", "Cs")


def one_of(name: str, words: type[Word]) -> Word | None:
    """The word that was chosen; None where nothing was, or something that is not one of `words`."""
    typed = request.form.get(name, "")
    return words(typed) if typed in {word.value for word in words} else None


def email(name: str) -> str | None:
    """An address a letter could reach; None where it could not."""
    typed = unicodedata.normalize("NFKC", one_line(name))  # a Chinese keyboard has a wide @
    return typed if is_email(typed) else None
