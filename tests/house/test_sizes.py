"""Small clear files: no file over 400 lines, no function of the product over 40."""

import ast

from tests.house.tree import ROOT, below

FILE_LINES = 400
FUNCTION_LINES = 40
SOURCES = (".py", ".sh", ".html", ".txt", ".js", ".css")


def test_no_file_is_longer_than_the_cap() -> None:
    sources = below("app", "tests", "tools", "migrations", "static/src", "templates", endings=SOURCES)
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in sources}
    assert len(lengths) > 100, "the search found almost nothing, so it proves nothing"
    assert {name: lines for name, lines in lengths.items() if lines > FILE_LINES} == {}


def test_no_function_is_longer_than_the_cap() -> None:
    too_long = {
        f"{path.relative_to(ROOT)}:{node.name}": lines
        for path in below("app", endings=(".py",))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    }
    assert too_long == {}
