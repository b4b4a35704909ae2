"""What differs by country, as data: every figure carries its source and the day it was checked.

The full profiles (own-consent age, court acts, reporting duties, review dates) grow from this table.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "profiles.toml"


@dataclass(frozen=True)
class Helpline:
    """A number a child can call; `name` says in the country's own words whose it is."""

    number: str
    name: str


@dataclass(frozen=True)
class Profile:
    """One country: whether both parents must agree to everything, and who a child can call."""

    joint: bool
    helplines: tuple[Helpline, ...]
    emergency: str
    source: str
    checked_on: date


@cache
def profiles() -> dict[str, Profile]:
    """Every country's profile by ISO 3166-1 alpha-2 code."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {
        country: Profile(
            joint=row["joint"],
            helplines=tuple(Helpline(**line) for line in row["helplines"]),
            emergency=row["emergency"],
            source=row["source"],
            checked_on=row["checked_on"],
        )
        for country, row in data.items()
    }


def is_joint(country: str) -> bool:
    """Whether every holder of parental responsibility must say yes; an unknown country is treated strictly."""
    profile = profiles().get(country)
    return profile.joint if profile else True
