"""How an embed looks on somebody's page: by day or at night, in a colour of theirs, in so many columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from re import fullmatch

from app.people.rules import AgeBand
from app.release.facets import MEDIUM_BITS, THEME_BITS
from app.web.embed.colours import HEX

THEMES = ("light", "dark")
COUNT = 6
"""How many stories a selection shows when nobody says."""
SHAPES: dict[str, str] = {"look": "light|dark", "theme": "light|dark", "accent": HEX, "columns": "[1-4]"}
"""The parameters of a frame, and the values each knows. `theme` may say the look too, where it says nothing else."""
SELECTION: dict[str, str] = {
    "theme": "|".join((*THEMES, *THEME_BITS)),
    "country": "[A-Z]{2}",
    "language": "[a-z]{2,3}",
    "medium": "|".join(MEDIUM_BITS),
    "age": "|".join(band.value for band in AgeBand),
    "count": "[1-9]|1[0-2]",
}
"""What a selection is narrowed by, as the gallery is; and how many stories it shows: so few that a frame is small."""


@dataclass(frozen=True)
class Look:
    """What a site chose; an empty word means that it did not."""

    theme: str = ""
    accent: str = ""
    columns: str = ""

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "Look":
        """From a query; values that do not exist are ignored."""
        theme = values.get("look") or values.get("theme", "")
        accent, columns = values.get("accent", "").removeprefix("#"), values.get("columns", "")
        return cls(
            theme=theme if theme in THEMES else "",
            accent=accent.lower() if fullmatch(HEX, accent) else "",
            columns=columns if fullmatch(SHAPES["columns"], columns) else "",
        )

    @property
    def query(self) -> dict[str, str]:
        """What is chosen, as a frame's address says it."""
        values = {"look": self.theme, "accent": self.accent, "columns": self.columns}
        return {name: value for name, value in values.items() if value}


def how_many(values: Mapping[str, str]) -> int:
    """How many stories a selection shows."""
    typed = values.get("count", "")
    return int(typed) if fullmatch(SELECTION["count"], typed) else COUNT
