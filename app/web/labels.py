"""A story's museum label in plain words, for pictures, tables and files; templates have their own."""

from flask_babel import gettext as _

from app.campaigns.rules import in_language
from app.release.queries import Item
from app.web import words
from app.web.locale import page_code
from app.web.templating import country_name


def title_of(item: Item) -> str:
    """What a story is called."""
    return str(item.title or _("A story without a title"))


def note_of(item: Item) -> str:
    """What a story touches, said before it is shown; empty for most."""
    notes: dict[str, str] = item.body.get("notes", {})
    return in_language(notes, page_code()) if notes else ""


def name_of(item: Item) -> str:
    """Who made it."""
    return str(item.invented_name or _("A child"))


def label_of(item: Item) -> str:
    """Who made it, how old they are and where they live, as far as they let it be shown."""
    parts = [name_of(item), words.AGES[item.age_band] if item.age_band else "", country_name(item.country)]
    return " · ".join(str(part) for part in parts if part)


def credit_of(item: Item, address: str = "") -> str:
    """What is printed beside a story; with where it can be seen, if that is said."""
    return " · ".join(part for part in (label_of(item), _("Eyes on Me"), address) if part)
