"""What differs by country, as data: one file each in `profiles/`, and a strict one for a country nobody knows.

Every block of a file says where it comes from, when it was checked, and by when it must be checked again. None of it is
legal advice. An age of own consent or a time that could not be verified is never looser than the strict profile's;
where nothing is known of who must agree, our own rule stands (`Joint`).
"""

import tomllib
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import ConfigDict, Field, StringConstraints, ValidationError, model_validator
from pydantic.dataclasses import dataclass

from app.people.rules import MAJORITY, years_earlier

FOLDER = Path(__file__).parent / "profiles"
STRICT = "default"
"""The name of the strict profile's file; the country in it is empty."""

CLOSED = ConfigDict(extra="forbid")

Age = Annotated[int, Field(ge=10, le=18)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Number = Annotated[str, StringConstraints(pattern=r"^[0-9][0-9 ]+$")]


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Block:
    """One subject of a profile; `verified` is false when no page was found that says it."""

    source: Words
    checked_on: date
    review_by: date
    verified: bool

    @model_validator(mode="after")
    def review_within_a_year(self) -> Self:
        """Refuse a block that would not be looked at again for more than twelve months."""
        if years_earlier(self.review_by, 1) > self.checked_on:
            raise ValueError("review_by is more than twelve months after checked_on")
        return self


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class OwnConsent(Block):
    """The age in years from which a young person's own yes counts (GDPR art. 8 and its like)."""

    age: Age


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Joint(Block):
    """Below this age every holder of parental responsibility must say yes, to everything.

    At 0 our own rule stands, as far as we know the law: all of them for whatever can identify the child, one otherwise.
    """

    below: Annotated[int, Field(ge=0, le=MAJORITY)]


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class CourtAct(Block):
    """The longest time a court act or a delegation can give a carer the key."""

    months: Annotated[int, Field(ge=1, le=12 * MAJORITY)]


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class MachineProcess(Block):
    """Below this age the law wants a parent's yes before a machine works on what the child made."""

    parental_age: Age


@dataclass(frozen=True, config=CLOSED)
class Helpline:
    """A number a child can call; `name` says in the country's own words whose it is."""

    number: Number
    name: Words


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Help(Block):
    """Whom a child can call."""

    emergency: Number
    lines: Annotated[tuple[Helpline, ...], Field(min_length=1)]


@dataclass(frozen=True, config=CLOSED)
class Duty:
    """Who is bound to tell whom of what; 0 hours is at once, also where the law names no time."""

    bound: Words
    tell: Words
    what: Words
    within_hours: Annotated[int, Field(ge=0)]


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Reporting(Block):
    """The duties to report harm that we know of. None listed is no answer: local counsel is to be asked."""

    duties: tuple[Duty, ...]


@dataclass(frozen=True, config=CLOSED)
class Profile:
    """One country. `machine_process` stands only where a law asks for it."""

    country: str
    own_consent: OwnConsent
    joint: Joint
    court_act: CourtAct
    help: Help
    reporting: Reporting
    machine_process: MachineProcess | None = None

    @property
    def machine_age(self) -> int:
        """The age in years below which a parent is asked before a machine works on a story."""
        return self.machine_process.parental_age if self.machine_process else self.own_consent.age

    @property
    def blocks(self) -> dict[str, Block]:
        """The blocks of the file by their names."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if isinstance(value, Block)}


@cache
def profiles() -> dict[str, Profile]:
    """Every country's profile by ISO 3166-1 alpha-2 code; the strict one is not among them."""
    return {country: read(country, text) for country, text in texts().items() if country}


@cache
def strict() -> Profile:
    """The profile of a country that nobody knows."""
    return read("", texts()[""])


def profile(country: str) -> Profile:
    """The profile of a country; the strict one where the code is empty or has no file."""
    return profiles().get(country) or strict()


@cache
def strictest(child_country: str, deployment_country: str) -> Profile:
    """What counts for one child: block by block the stricter of the child's country and the deployment's.

    An empty deployment's country counts for nothing. Help and reporting stay those of the child's country: a number is
    dialled where the child is, and what binds the deployment's staff besides is in its own profile.
    """
    child = profile(child_country)
    if not deployment_country:
        return child
    both = (child, profile(deployment_country))
    return replace(
        child,
        own_consent=max((one.own_consent for one in both), key=lambda block: block.age),
        court_act=min((one.court_act for one in both), key=lambda block: block.months),
        joint=max((one.joint for one in both), key=lambda block: block.below),
        machine_process=max(
            (one.machine_process for one in both if one.machine_process),
            key=lambda block: block.parental_age,
            default=None,
        ),
    )


def months_of(found: Profile, majority: date) -> tuple[date, date]:
    """From when the young person's own yes counts, and from when it alone does.

    `majority` is the first day of the month after the one of the 18th birthday, so that no birth date is kept.
    """
    return years_earlier(majority, MAJORITY - found.own_consent.age), majority


def texts() -> dict[str, str]:
    """The text of every profile's file by its country; the strict one's country is empty."""
    paths = sorted(FOLDER.glob("*.toml"))
    return {"" if path.stem == STRICT else path.stem: path.read_text(encoding="utf-8") for path in paths}


def read(country: str, text: str) -> Profile:
    """A profile from the text of its file.

    Raises `ValueError` for what is not TOML, a key that is missing or unknown, no source, a number that is none, an age
    outside 10 to 18, or a review more than twelve months ahead.
    """
    return Profile(country, **tomllib.loads(text))


def faults(country: str, text: str, today: date) -> list[str]:
    """What is wrong with the text of a profile: one sentence each, beginning with the key where there is one."""
    try:
        found = read(country, text)
    except ValidationError as error:
        return [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
    except tomllib.TOMLDecodeError as error:
        return [str(error)]
    return [*_out_of_date(found, today), *_looser(found)]


def _out_of_date(found: Profile, today: date) -> Iterator[str]:
    for name, block in found.blocks.items():
        if block.review_by < today:
            yield f"{name}.review_by: the review was due on {block.review_by}"
        if block.checked_on > today:
            yield f"{name}.checked_on: {block.checked_on} has not come yet"


def _looser(found: Profile) -> Iterator[str]:
    if not found.own_consent.verified and found.own_consent.age < strict().own_consent.age:
        yield f"own_consent.age: not verified, so it may not be below {strict().own_consent.age}"
    if not found.court_act.verified and found.court_act.months > strict().court_act.months:
        yield f"court_act.months: not verified, so it may not be above {strict().court_act.months}"
