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
    assert {name for name in named if not is_on(pages, name)} == set()


def is_on(pages: str, name: str) -> bool:
    """Whether this class stands somewhere, whole or as one of a series: `badge--{{ kind }}`, `icon-{{ name }}`."""
    series = re.match(r".*--|icon-", name)
    whole = re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", pages)
    return whole is not None or (
        series is not None and re.search(re.escape(series[0]) + r"['\"]? ?[{~+]", pages) is not None
    )


def test_a_class_that_nothing_has_is_found() -> None:
    pages = '<i class="countries__bar badge--{{ kind }}"></i>'
    assert [is_on(pages, name) for name in ("countries__bar", "badge--good", "voices__bar", "input--short")] == [
        *(True, True),
        *(False, False),
    ]
