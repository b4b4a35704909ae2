"""What a curator filled in, so that it comes back with every refusal; and what the domain makes of it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import request
from flask_babel import gettext as _

from app.campaigns.blocks import FIGURES_MAX, FILL_MAX, Kind
from app.campaigns.models import Campaign
from app.campaigns.rules import Plan, is_origin, is_partner, last_day
from app.people.rules import Locale
from app.release.queries import Filters
from app.web.forms import many_lines, one_line

CODES = [locale.value for locale in Locale]
DAY = timedelta(days=1)
NOT_A_DAY = "not_a_day"
BY_RULE = "rule"
"""The choice that stories come by a rule; any other word means by hand."""
LINES_NAMED, SAID_AGAIN = 5, 80
"""How many wrong lines a sentence names, and how many signs of each."""


@dataclass(frozen=True)
class Typed:
    """The settings of a campaign, as they stand in the form."""

    slug: str = ""
    languages: list[str] = field(default_factory=list)
    title: dict[str, str] = field(default_factory=dict)
    text: dict[str, str] = field(default_factory=dict)
    appeal: dict[str, str] = field(default_factory=dict)
    opens_on: str = ""
    closes_on: str = ""
    action_link: str = ""
    action_until: str = ""
    partners: str = ""
    """One on each line: the name, then the link."""
    sites: str = ""
    """One on each line."""

    @property
    def faults(self) -> dict[str, str]:
        """The days that cannot be read."""
        days = {name: getattr(self, name) for name in ("opens_on", "closes_on", "action_until")}
        return {name: NOT_A_DAY for name, typed in days.items() if typed and day_of(typed) is None}

    def plan(self, campaign: Campaign | None) -> Plan:
        """What the domain keeps. A day that was not changed leaves the moment within it as it was."""
        before = Typed() if campaign is None else typed_of(campaign)
        opens_at, closes_at = _begin(day_of(self.opens_on)), _begin(day_of(self.closes_on), DAY)
        if campaign is not None and self.opens_on == before.opens_on:
            opens_at = campaign.opens_at
        if campaign is not None and self.closes_on == before.closes_on:
            closes_at = campaign.closes_at
        return Plan(
            languages=self.languages,
            title=self.title,
            text=self.text,
            appeal=self.appeal,
            opens_at=opens_at,
            closes_at=closes_at,
            action_link=self.action_link,
            action_until=day_of(self.action_until),
            partners=[_partner(line) for line in lines(self.partners)],
        )


def read_typed() -> Typed:
    """The form that was sent."""
    chosen = request.form.getlist("languages")
    return Typed(
        slug=one_line("slug"),
        languages=[code for code in CODES if code in chosen],
        title=in_languages("title"),
        text=in_languages("text", long=True),
        appeal=in_languages("appeal", long=True),
        opens_on=one_line("opens_on"),
        closes_on=one_line("closes_on"),
        action_link=one_line("action_link"),
        action_until=one_line("action_until"),
        partners=many_lines("partners"),
        sites=many_lines("embedding_sites"),
    )


def typed_of(campaign: Campaign) -> Typed:
    """What the form says of a campaign as it is."""
    return Typed(
        slug=campaign.slug,
        languages=campaign.languages,
        title=campaign.title,
        text=campaign.text,
        appeal=campaign.appeal,
        opens_on=campaign.opens_at.date().isoformat(),
        closes_on=last_day(campaign.closes_at).isoformat() if campaign.closes_at else "",
        action_link=campaign.action_link or "",
        action_until=campaign.action_until.isoformat() if campaign.action_until else "",
        partners="\n".join(f"{partner['name']} {partner['link']}" for partner in campaign.partners),
        sites="\n".join(campaign.embedding_sites),
    )


def in_languages(name: str, codes: Iterable[str] = CODES, *, long: bool = False) -> dict[str, str]:
    """A field that stands in the form once for each language; the empty ones are left out."""
    read = many_lines if long else one_line
    typed = {code: read(f"{name}-{code}").strip() for code in codes}
    return {code: words for code, words in typed.items() if words}


def lines(typed: str) -> list[str]:
    """The lines that say something."""
    return [line.strip() for line in typed.splitlines() if line.strip()]


def naming_lines(errors: Mapping[str, object], typed: Typed) -> dict[str, str]:
    """The sentences, and after one about lines the first of those that cannot be kept, by their numbers in the box."""
    boxes = {"embedding_sites": typed.sites, "partners": typed.partners}
    named = {name: str(words) for name, words in errors.items()}
    for name in named.keys() & boxes.keys():
        wrong = [
            _("Line %(number)s: %(words)s", number=number, words=line.strip()[:SAID_AGAIN])
            for number, line in enumerate(boxes[name].splitlines(), start=1)
            if line.strip() and not FITS[name](line.strip())
        ]
        named[name] = " ".join([named[name], " · ".join(wrong[:LINES_NAMED])]).strip()
    return named


def day_of(typed: str) -> date | None:
    """The day that was typed as year-month-day; None where it is none that a campaign could have."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if 2000 <= day.year < 3000 else None


def _begin(day: date | None, later: timedelta = timedelta()) -> datetime | None:
    return None if day is None else datetime.combine(day + later, time.min, UTC)


def _partner(line: str) -> dict[str, str]:
    name, _, link = line.rpartition(" ")
    return {"name": name.strip(), "link": link}


FITS: Mapping[str, Callable[[str], bool]] = {
    "embedding_sites": is_origin,
    "partners": lambda line: is_partner(_partner(line)),
}
"""Whether a line of a box can be kept, by the name of the box."""


def read_content(kind: Kind, campaign: Campaign, before: Mapping[str, Any]) -> dict[str, Any]:
    """What a block's form says. A language that the campaign does not speak any more keeps its words."""
    spoken = campaign.languages
    content: dict[str, Any] = {
        name: {code: words for code, words in before.get(name, {}).items() if code not in spoken}
        | in_languages(name, spoken, long=name == "text")
        for name in FIELDS[kind]
    }
    match kind:
        case Kind.NUMBERS:
            content["figures"] = [figure for at in range(FIGURES_MAX) if (figure := _figure(at, spoken))]
        case Kind.QUOTE:
            content |= {"story_id": one_line("story_id"), "digest": one_line("digest")}
        case Kind.STORIES if one_line("fill") == BY_RULE:
            content |= {"rule": Filters.read(request.form.to_dict()).chosen, "limit": _number("limit")}
    return content


FIELDS: Mapping[Kind, tuple[str, ...]] = {
    Kind.STORIES: ("heading",),
    Kind.QUOTE: (),
    Kind.TEXT: ("heading", "text"),
    Kind.NUMBERS: ("heading",),
    Kind.MAP: ("heading",),
    Kind.ACTION: ("label",),
    Kind.PARTNERS: ("heading",),
}
"""The words that a block of each kind holds, once for each language."""


def _figure(at: int, spoken: Iterable[str]) -> dict[str, Any]:
    """One number of the form; nothing where none of its fields was filled in."""
    value, words = in_languages(f"value-{at}", spoken), in_languages(f"words-{at}", spoken)
    figure = {"value": value, "words": words, "source": one_line(f"source-{at}"), "link": one_line(f"link-{at}")}
    return figure if any(figure.values()) else {}


def _number(name: str) -> int:
    typed = one_line(name)
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else FILL_MAX + 1
