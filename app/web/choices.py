"""What the wall can be narrowed by, as the fields of its form."""

from dataclasses import dataclass

from flask_babel import LazyString, lazy_gettext as _

from app.release.queries import Filters
from app.web import words
from app.web.templating import LANGUAGES, country_name

COUNTRIES = ("BE", "CN", "DE", "FR", "GB", "IT", "LV", "MD", "RO")


@dataclass(frozen=True)
class Field:
    """One select field: its name, its label, the choices and the one that is made."""

    name: str
    label: LazyString
    options: list[tuple[str, LazyString | str]]
    value: str

    @property
    def chosen(self) -> LazyString | str:
        """The words of the choice that is made; the value itself where nothing here is called so."""
        return dict(self.options).get(self.value, self.value)


def filter_fields(filters: Filters) -> list[Field]:
    """The five fields, each beginning with "everything"."""
    countries = sorted(((code, country_name(code)) for code in COUNTRIES), key=lambda pair: pair[1])
    languages = [(code, name) for code, (_tag, name) in LANGUAGES.items()]
    return [
        Field("theme", _("About"), [("", _("Everything")), *words.THEMES.items()], filters.theme),
        Field("country", _("From"), [("", _("Every country")), *countries], filters.country),
        Field("language", _("Language"), [("", _("Every language")), *languages], filters.language),
        Field("medium", _("Made as"), [("", _("Anything")), *words.MEDIA.items()], filters.medium),
        Field("age", _("Age"), [("", _("Every age")), *words.AGES.items()], filters.age),
    ]
