"""The forms of a page, to be filled in by a test that does not know them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

TYPED = frozenset({"text", "email", "password", "search", "textarea", "checkbox", "radio", "select", "submit"})


@dataclass
class Form:
    """Where a form is posted, what it already holds, and the names of everything that a visitor decides."""

    action: str
    given: dict[str, str] = field(default_factory=dict)
    decided: list[str] = field(default_factory=list)


class Forms(HTMLParser):
    """Collects the forms of a page that are posted; a field belongs to the form that was opened last."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            posted = said.get("method", "").lower() == "post"
            self.found += [Form(said.get("action", ""))] if posted else []
        elif tag == "option" and self._select:
            self._given(self._select, said.get("value", ""), "selected" in said)
        elif tag in ("input", "textarea", "select", "button") and self.found:
            self._field(tag, said)

    def _field(self, tag: str, said: dict[str, str]) -> None:
        form, name = self.found[-1], said.get("name", "")
        kind = {"input": said.get("type", "text"), "button": "submit"}.get(tag, tag)
        self._select = name if tag == "select" else ""
        if said.get("formaction"):  # a button that posts the same fields elsewhere
            self.found.insert(-1, Form(said["formaction"], form.given, form.decided))
            return
        if name and kind in TYPED and name not in form.decided:
            form.decided.append(name)
        if kind == "submit":
            self._given(name, said.get("value", ""), name not in form.given)
        elif kind != "file":
            chosen = "checked" in said if kind in ("radio", "checkbox") else kind != "select"
            self._given(name, said.get("value", ""), chosen)

    def _given(self, name: str, value: str, chosen: bool) -> None:
        if name and chosen:
            self.found[-1].given[name] = value
