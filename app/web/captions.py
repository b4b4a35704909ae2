"""What a picture shows, where nobody can ask for another language: on the screen of a hall, and on paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.web.templating import tag_of


@dataclass(frozen=True)
class Caption:
    """A checked caption; `code` is its language, which is named where the page is in another."""

    words: str
    code: str
    is_named: bool

    @property
    def tag(self) -> str:
        """The HTML tag of its language."""
        return tag_of(self.code)


def caption_of(image: Mapping[str, Any], page: str, told_in: str) -> Caption | None:
    """The caption in the page's language, else in the one the story is told in; None where neither was checked."""
    captions: Mapping[str, str] = image.get("alts", {})
    return next((Caption(captions[code], code, code != page) for code in (page, told_in) if code in captions), None)
