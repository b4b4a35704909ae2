"""Every class that a style names is one that something on a page has: a renamed one leaves its element bare."""

import re

from tests.house.tree import below

ASIDE = re.compile(r"/\*.*?\*/|url\([^)]*\)|\"[^\"]*\"", re.DOTALL)
CLASS = re.compile(r"\.([a-z][\w-]*)")


def test_every_class_that_a_style_names_is_on_a_page() -> None:
    styles = "".join(path.read_text(encoding="utf-8") for path in below("static/src/css", endings=(".css",)))
    named = set(CLASS.findall(ASIDE.sub("", styles)))
    assert len(named) > 300, "the search found almost nothing, so it proves nothing"
    pages = "".join(
        path.read_text(encoding="utf-8")
        for path in below("templates", "static/src/js", "app", endings=(".html", ".svg", ".js", ".py"))
    )
    there = words_in(pages)
    assert {name for name in named if not is_on(there, name)} == set()


def words_in(pages: str) -> tuple[set[str], set[str]]:
    """Every word that could be a class, and the beginnings of series: `badge--{{ kind }}`, `icon-{{ name }}`."""
    series = re.findall(r"([\w-]+--|\bicon-)['\"]? ?[{~+]", pages)
    return set(re.findall(r"[\w-]+", pages)), set(series)


def is_on(there: tuple[set[str], set[str]], name: str) -> bool:
    """Whether this class stands somewhere, whole or as one of a series."""
    whole, series = there
    beginning = re.match(r".*--|icon-", name)
    return name in whole or (beginning is not None and beginning[0] in series)


def test_a_class_that_nothing_has_is_found() -> None:
    there = words_in('<i class="countries__bar badge--{{ kind }}"></i>')
    assert [is_on(there, name) for name in ("countries__bar", "badge--good", "voices__bar", "input--short")] == [
        *(True, True),
        *(False, False),
    ]
