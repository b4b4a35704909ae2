"""What every page must be, whoever it is for; the test client asks this of each page any test fetches."""

import re
from collections import Counter
from functools import lru_cache
from html import unescape
from urllib.parse import urlsplit

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
UNLABELLED = frozenset({"hidden", "submit", "button", "reset", "image"})
FIELDS = frozenset({"input", "select", "textarea"})
LOADED_BY = {
    "script": "src",
    "img": "src",
    "audio": "src",
    "video": "src",
    "source": "src",
    "iframe": "src",
    "link": "href",
}
DATA = ("application/json", "application/ld+json")
"""What a browser does not run, so that no policy need allow it."""
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Signs that turn the direction of what follows them."""
ISOLATING = frozenset({"bdi", "textarea"})
BIDI_WRITTEN = re.compile("&#")
"""How they may be written too."""
TAG = re.compile(
    r"<!--.*?-->|<!doctype[^>]*>|<(/?)([a-z][a-z0-9-]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*?)(/?)>",
    re.DOTALL | re.IGNORECASE,
)
"""A comment, the document's type, or a tag: whether it closes, its name, its attributes, whether it closes itself."""
ATTRIBUTE = re.compile(r"([^\s\"'<>/=]+)(=\"([^\"]*)\")?")
NOT_PARSED = frozenset({"script", "style", "textarea", "title"})
"""In these a `<` is a sign as any other."""
REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls")


class Page:
    """One page taken apart: its elements in order, and what is wrong with its nesting.

    Read as strictly as we write: each tag is closed, each value quoted, each `<` of a text escaped. That takes a tenth
    of the time of a parser that forgives.
    """

    def __init__(self, text: str) -> None:
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.labelled_inside: list[dict[str, str]] = []
        self.title = ""
        self.wrong: list[str] = []
        self._open: list[str] = []
        self._isolated: list[bool] = []
        self._read(text)
        self.wrong += [f"<{tag}> is never closed" for tag in self._open]

    def _read(self, text: str) -> None:
        place = 0
        while (found := TAG.search(text, place)) is not None:
            self._data(text[place : found.start()])
            place = found.end()
            closing, tag, said, empty = found.groups()
            if tag is None:
                continue  # a comment, or the document's type
            if closing:
                self._end(tag.lower())
                continue
            self._start(tag.lower(), said)
            if empty and tag not in VOID:
                self._close()
            elif tag in NOT_PARSED:
                end = text.find(f"</{tag}", place)
                self._data(text[place:end], parsed=False)
                place = end if end >= 0 else len(text)
        self._data(text[place:])

    def _start(self, tag: str, said: str) -> None:
        known, wrong = attributes_in(said)
        attributes = {**known}
        self.wrong += [f"<{tag}> {what}" for what in wrong]
        self.elements.append((tag, attributes))
        if tag in FIELDS and "label" in self._open:
            self.labelled_inside.append(attributes)
        if tag not in VOID:
            self._open.append(tag)
            self._isolated.append("dir" in attributes or tag in ISOLATING)

    def _end(self, tag: str) -> None:
        if self._open and self._open[-1] == tag:
            self._close()
        else:
            inside = self._open[-1] if self._open else "nothing"
            self.wrong.append(f"</{tag}> closes inside <{inside}>")

    def _data(self, data: str, *, parsed: bool = True) -> None:
        if self._open and self._open[-1] == "title":
            self.title += unescape(data).strip()
        if parsed and "<" in data:
            self.wrong.append(f"a < that begins no tag: {data[data.index('<') :][:40]}")
        turns = BIDI.search(data) or (BIDI_WRITTEN.search(data) and BIDI.search(unescape(data)))
        if turns and not any(self._isolated[1:]) and "title" not in self._open:
            self.wrong.append(f"a sign that turns the direction of words is let out of <{self._open[-1]}>")

    def _close(self) -> None:
        self._open.pop()
        self._isolated.pop()

    def all(self, *tags: str) -> list[dict[str, str]]:
        """The attributes of every element of these kinds."""
        return [attributes for tag, attributes in self.elements if tag in tags]


@lru_cache(maxsize=10_000)
def attributes_in(said: str) -> tuple[dict[str, str], list[str]]:
    """What stands in a tag behind its name, which is the same in most of ours, and what is wrong with it."""
    pairs = ATTRIBUTE.findall(said)
    attributes = {name: unescape(value) if "&" in value else value for name, _, value in pairs}
    wrong = []
    if len(attributes) < len(pairs):
        wrong = [f"says {name} twice" for name, times in Counter(name for name, *_ in pairs).items() if times > 1]
    if ATTRIBUTE.sub("", said).strip():
        wrong.append(f"says something that is no attribute: {said.strip()}")
    return attributes, wrong


def complaints(text: str, policy: str) -> list[str]:
    """Everything that is wrong with a page whose Content-Security-Policy is `policy`; nothing when it is right."""
    page = Page(text)
    return [
        *page.wrong,
        *structure(page),
        *names(page),
        *fields(page),
        *inline(page, policy),
        *foreign(page),
    ]


def structure(page: Page) -> list[str]:
    """A language, a title and one heading of the first rank."""
    found = []
    if not any(attributes.get("lang") for attributes in page.all("html")):
        found.append("<html> does not say its language")
    if not page.title:
        found.append("the page has no title")
    if (headings := len(page.all("h1"))) != 1:
        found.append(f"there are {headings} h1 headings, not one")
    return found


def names(page: Page) -> list[str]:
    """Ids are unique, what refers to one finds it, and every picture has a text in its place."""
    ids = Counter(attributes["id"] for _, attributes in page.elements if "id" in attributes)
    found = [f"the id {name!r} stands {times} times" for name, times in ids.items() if times > 1]
    for tag, attributes in page.elements:
        wanted = [name for reference in REFERENCES for name in attributes.get(reference, "").split()]
        if tag == "label" and "for" in attributes:
            wanted.append(attributes["for"])
        found += [f"<{tag}> refers to the id {name!r}, which is not there" for name in wanted if name not in ids]
    found += [f"an image has no alt: {image}" for image in page.all("img") if "alt" not in image]
    return found


def fields(page: Page) -> list[str]:
    """Every field a person fills in has a label."""
    labelled = {attributes["for"] for attributes in page.all("label") if "for" in attributes}
    return [
        f"a field has no label: {field}"
        for field in page.all(*FIELDS)
        if field.get("type") not in UNLABELLED
        and field.get("id") not in labelled
        and not field.get("aria-label")
        and not field.get("aria-labelledby")
        and not any(field is inside for inside in page.labelled_inside)
    ]


def inline(page: Page, policy: str) -> list[str]:
    """No style or script stands in the page without the nonce of this answer, and no event attribute at all."""
    nonces = set(re.findall(r"'nonce-([^']+)'", policy))
    found = [] if policy else ["the answer has no Content-Security-Policy"]
    found += [f"a Content-Security-Policy allows {word}" for word in ("unsafe-inline", "unsafe-eval") if word in policy]
    for tag, attributes in page.elements:
        found += [f"<{tag}> has an inline {name}" for name in attributes if name == "style" or name.startswith("on")]
        is_inline = tag == "style" or (tag == "script" and "src" not in attributes)
        if is_inline and attributes.get("nonce") not in nonces and attributes.get("type") not in DATA:
            found.append(f"an inline <{tag}> does not carry the nonce of its answer")
    return found


def foreign(page: Page) -> list[str]:
    """Nothing is loaded from anywhere else."""
    return [
        f"<{tag}> loads from {address}"
        for tag, attributes in page.elements
        if (address := attributes.get(LOADED_BY.get(tag, ""), ""))
        and urlsplit(address).hostname not in (None, "127.0.0.1", "localhost")
        and not (tag == "link" and attributes.get("rel") in ("canonical", "alternate"))
    ]
