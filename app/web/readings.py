"""In which language a story's page is read: beside the original a translation, or the original alone, and why."""

from dataclasses import dataclass
from typing import Any

from flask import request

from app.release.queries import Item
from app.web.locale import page_code
from app.web.templating import tag_of


@dataclass(frozen=True)
class Choice:
    """A language that the story can be read in."""

    code: str
    tag: str
    is_original: bool
    is_shown: bool


@dataclass(frozen=True)
class Reading:
    """How one page prints a story: `code` is the language beside the original, or that of the original itself."""

    told_in: str
    code: str
    title: str
    text: str
    choices: tuple[Choice, ...]
    missing: bool
    """Whether nothing of it is in the page's language, so that the original stands alone."""

    @property
    def is_translated(self) -> bool:
        """Whether another language stands beside the original."""
        return self.code != self.told_in

    @property
    def told_tag(self) -> str:
        """The HTML tag of the original's language."""
        return tag_of(self.told_in)

    @property
    def tag(self) -> str:
        """The HTML tag of the language beside it."""
        return tag_of(self.code)


def reading_of(item: Item) -> Reading:
    """What is asked for by `?in=`, else the page's language, else the original."""
    translations: dict[str, dict[str, str]] = item.body.get("translations", {})
    there = {item.locale, *translations, *languages_spoken(item.body)}
    wanted = [request.args.get("in", ""), page_code(), item.locale]
    code = next(each for each in wanted if each in there)
    codes = [item.locale, *sorted(there - {item.locale})]
    return Reading(
        told_in=item.locale,
        code=code,
        title=translations.get(code, {}).get("title", ""),
        text=translations.get(code, {}).get("text", ""),
        choices=tuple(Choice(each, tag_of(each), each == item.locale, each == code) for each in codes)
        if len(codes) > 1
        else (),
        missing=page_code() not in there and code == item.locale and says_something(item.body),
    )


def title_beside(item: Item) -> str:
    """A story's title in the page's language, where that is not the one told in and somebody translated it."""
    code = page_code()
    translations: dict[str, dict[str, str]] = item.body.get("translations", {})
    return "" if code == item.locale else translations.get(code, {}).get("title", "")


def says_something(body: dict[str, Any]) -> bool:
    """Whether there is anything to read."""
    return bool(body["title"] or body["text"] or body.get("unheard"))


def languages_spoken(body: dict[str, Any]) -> set[str]:
    """The languages in which what is said in a recording is written down."""
    recordings = (*body["sounds"], *body.get("unheard", ()))
    return {code for recording in recordings for code in recording.get("transcripts", {})}
