"""Every sentence a person can read is there in every language, with the same blanks to fill in."""

import re
import tomllib
from functools import cache

import pytest
from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from app.people.rules import Locale
from tests.house.tree import ROOT

TRANSLATIONS = ROOT / "app" / "translations"
OTHERS = sorted(locale.value for locale in Locale if locale is not Locale.EN)
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]")
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}


@cache
def sentences() -> frozenset[tuple[str | None, str | tuple[str, ...]]]:
    """What stands in the code and the templates, as context and text (or singular and plural)."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["babel"]["mappings"]
    method_map = [(mapping["pattern"], mapping["method"]) for mapping in mappings]
    found = extract_from_dir(ROOT, method_map=method_map, keywords=KEYWORDS, directory_filter=lambda _: True)
    return frozenset((context, text) for _file, _line, text, _comments, context in found)


@cache
def catalog(language: str) -> Catalog:
    """The translations into one language."""
    with (TRANSLATIONS / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def parts(text: str | tuple[str, ...]) -> tuple[str, ...]:
    """The singular and the plural, or the one text there is."""
    return text if isinstance(text, tuple) else (text,)


def test_there_is_something_to_translate() -> None:
    assert len(sentences()) > 200
    assert OTHERS == ["it", "ro", "zh"]


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_translated(language: str) -> None:
    translated = catalog(language)
    missing = []
    for context, text in sentences():
        message = translated.get(parts(text)[0], context)
        if message is None or not all(parts(message.string)) or (len(parts(text)) > 1) != isinstance(message.id, tuple):
            missing.append(text)
    assert missing == []


@pytest.mark.parametrize("language", OTHERS)
def test_no_translation_is_a_guess_or_left_over(language: str) -> None:
    known = {(context, parts(text)[0]) for context, text in sentences()}
    messages = [message for message in catalog(language) if message.id]
    assert [message.id for message in messages if message.fuzzy] == []
    assert [message.id for message in messages if (message.context, parts(message.id)[0]) not in known] == []
    assert list(catalog(language).obsolete) == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_translation_fills_in_the_same_blanks(language: str) -> None:
    wrong = []
    for message in catalog(language):
        allowed = [sorted(PLACEHOLDER.findall(text)) for text in parts(message.id or "")]
        translated = [text for text in parts(message.string) if message.id and text]
        wrong += [text for text in translated if sorted(PLACEHOLDER.findall(text)) not in allowed]
    assert wrong == []
