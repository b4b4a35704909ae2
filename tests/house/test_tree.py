"""What may stand in the repository: sources, in words a stranger understands; nothing made, borrowed or left behind."""

import hashlib
import re

import pytest

from tests.house.tree import ROOT, files, texts

AGPL_3 = "0d96a4ff68ad6d4b6f1f30f713b18d5184912ba8dd389f86aa7710db079abcb0"
"""The SHA-256 of the licence as the Free Software Foundation publishes it."""

MADE = re.compile(r"(^|/)(static/dist|node_modules|\.venv[^/]*|var|build|__pycache__)/|\.(mo|pot|pyc|sqlite|log)$")

NOT_HERE = {
    "the host of a package registry": r"(pypi|pythonhosted|npmjs|yarnpkg|deb\.debian)\.(org|com)\b",
    "a folder of somebody's machine": r"(?<![\w.])/(root|work|home/\w+)/(?!\*)",
    "a reminder instead of the work": r"\b(T[O]DO|FIX[M]E|X[X]X)\b",
    "a test that is not run": r"pytest\.(mark\.)?(skip|skipif|xfail|importorskip)\b",
    "a conflict": r"^(<{7}|>{7}) ",
}
"""Each pattern is written so that it does not match itself."""


@pytest.mark.parametrize("what", NOT_HERE)
def test_nothing_of_this_kind_stands_in_the_repository(what: str) -> None:
    pattern = re.compile(NOT_HERE[what], re.MULTILINE)
    found = {name: match[0] for name, text in texts() if name != "LICENSE" and (match := pattern.search(text))}
    assert found == {}


@pytest.mark.parametrize(
    ("what", "example"),
    [
        ("the host of a package registry", "https://files.pythonhosted" + ".org/packages"),
        ("a folder of somebody's machine", "open('/ro" + "ot/notes')"),
        ("a reminder instead of the work", "# TO" + "DO: later"),
        ("a test that is not run", "@pytest.mark" + ".skipif(True)"),
        ("a conflict", "<" * 7 + " HEAD"),
    ],
)
def test_each_pattern_can_match(what: str, example: str) -> None:
    assert re.search(NOT_HERE[what], example, re.MULTILINE)


def test_nothing_that_is_made_is_committed() -> None:
    assert len(files()) > 200, "the search found almost nothing, so it proves nothing"
    assert [name for name in files() if MADE.search(name)] == []


def test_the_licence_is_the_agpl_word_for_word() -> None:
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == AGPL_3


def test_every_link_between_the_documents_leads_somewhere() -> None:
    documents = [(name, text) for name, text in texts() if name.endswith(".md")]
    links = [
        (name, target.partition("#")[0])
        for name, text in documents
        for target in re.findall(r"\]\(([^)\s]+)\)", text)
        if not re.match(r"[a-z]+:|#", target)
    ]
    assert links
    assert [(name, target) for name, target in links if not (ROOT / name).parent.joinpath(target).exists()] == []
