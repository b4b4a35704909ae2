"""What a campaign's page is built of: the kinds of blocks, what each holds, and what of it can be shown.

`content` is JSON. Words stand in it by locale; a child's words never do: a quote names its story and the digest of a
sentence, so that nothing is left of it when the story goes.

    stories   heading {locale: words}, rule {theme, country, language, medium, age} (none: chosen by hand), limit,
              by_hand [ids of the stories that stood in it before the rule did]
    quote     story_id, digest
    text      heading, text {locale: words}
    numbers   heading, figures [{value {locale: words}, words {locale: words}, source, link}]
    map       heading
    action    label {locale: words}; the appeal, the link and the deadline are the campaign's
    partners  heading; the names and links are the campaign's
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from app.campaigns.rules import LINE_MAX, WORDS_MAX, is_link, untold

BLOCKS_MAX = 40
FIGURES_MAX = 6
VALUE_MAX = 24
FILL_MAX = 48
"""How many stories a rule may bring."""
STORIES_MAX = 96
"""How many stories a campaign may hold: every change of it looks at each of them."""
SMALLEST_COUNT, ROUNDED_TO = 10, 5
"""Families were told that numbers are about ten children at least; what is more is rounded down (rights §5)."""


class Kind(StrEnum):
    """What a block shows."""

    STORIES = "stories"
    QUOTE = "quote"
    TEXT = "text"
    NUMBERS = "numbers"
    MAP = "map"
    ACTION = "action"
    PARTNERS = "partners"


ONCE = frozenset({Kind.MAP, Kind.ACTION, Kind.PARTNERS})
"""A page has at most one of each."""

_LENGTHS = {
    "heading": (LINE_MAX, "line_too_long"),
    "label": (LINE_MAX, "line_too_long"),
    "text": (WORDS_MAX, "words_too_long"),
}
_SENTENCE = re.compile(r"[^\n.!?。！？…]+(?:[.!?。！？…]+[»”’\"'」』]*|\n|\Z)")


def faults_in(content: Mapping[str, Any]) -> dict[str, str]:
    """What cannot be kept of a block's content: the code of a sentence for each field of its form."""
    faults = {
        f"{name}-{locale}": code
        for name, (longest, code) in _LENGTHS.items()
        for locale, words in content.get(name, {}).items()
        if len(words) > longest
    }
    figures: Sequence[Mapping[str, Any]] = content.get("figures", ())
    for at, figure in enumerate(figures):
        faults |= dict(_faults_of_figure(at, figure))
    if len(figures) > FIGURES_MAX:
        faults["figures"] = "too_many_figures"
    if not 1 <= content.get("limit", 1) <= FILL_MAX:
        faults["limit"] = "fill_limit"
    return faults


def _faults_of_figure(at: int, figure: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for locale in figure["value"].keys() | figure["words"].keys():
        value, words = figure["value"].get(locale, ""), figure["words"].get(locale, "")
        if bool(value) != bool(words):
            yield (f"value-{at}-{locale}" if words else f"words-{at}-{locale}"), "figure_half"
        if len(value) > VALUE_MAX:
            yield f"value-{at}-{locale}", "figure_value"
        if len(words) > LINE_MAX:
            yield f"words-{at}-{locale}", "line_too_long"
    if not 0 < len(figure["source"]) <= LINE_MAX:
        yield f"source-{at}", "figure_source"
    if figure["link"] and not is_link(figure["link"]):
        yield f"link-{at}", "not_a_link"


def is_blank(kind: Kind, content: Mapping[str, Any]) -> bool:
    """Whether a block would show nothing, whatever its stories and its campaign say."""
    match kind:
        case Kind.TEXT:
            return not any(content.get("text", {}).values())
        case Kind.NUMBERS:
            return not content.get("figures")
        case Kind.QUOTE:
            return not content.get("digest")
        case _:
            return False


def untold_in(content: Mapping[str, Any], languages: Iterable[str]) -> list[str]:
    """The languages of a campaign in which a block says less than in another."""
    values = [content.get(name, {}) for name in ("heading", "text", "label")]
    values += [figure[name] for figure in content.get("figures", ()) for name in ("value", "words")]
    return untold(languages, *(value for value in values if any(value.values())))


def sentences(text: str) -> list[str]:
    """A text in sentences, as far as its signs tell them apart; each once, in order."""
    found = (" ".join(match[0].split()) for match in _SENTENCE.finditer(text))
    return list(dict.fromkeys(sentence for sentence in found if sentence))


def digest_of(sentence: str) -> str:
    """What a quote keeps of a sentence: enough to find it again in its story, and nothing to read."""
    return hashlib.sha256(sentence.encode()).hexdigest()


def find_sentence(text: str, digest: str) -> str:
    """The sentence with this digest; empty when the text does not say it any more."""
    return next((sentence for sentence in sentences(text) if digest_of(sentence) == digest), "")


def children(told_by: Iterable[tuple[str, str]]) -> Counter[str]:
    """How many different children there are to each name, of pairs of a name and a child."""
    return Counter(name for name, _child in set(told_by))


def by_country(told_by: Iterable[tuple[str, str]]) -> list[tuple[str, int]]:
    """How many children live in each country, the most first; small cells and unknown ones together, as "".

    `told_by` are pairs of a country and a child, any number for each child.
    """
    counted = children(told_by)
    large = {code: times for code, times in counted.items() if code and told(times)}
    others = told(counted.total() - sum(large.values()))
    rows = sorted(((code, told(times)) for code, times in large.items()), key=lambda row: (-row[1], row[0]))
    return [*rows, ("", others)] if others else rows


def tells_places(rows: Sequence[tuple[str, int]]) -> bool:
    """Whether such a list compares countries: one alone, or only the others together, says nothing of where."""
    return sum(bool(code) for code, _times in rows) > 1


def told(number: int) -> int:
    """What is said of such a number; 0 where nothing is."""
    return number - number % ROUNDED_TO if number >= SMALLEST_COUNT else 0
