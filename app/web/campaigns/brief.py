"""A campaign on one page for whoever decides: what it is about, how many say so, some of their words, what is asked.

It is made to be printed, so its quotes are those of the campaign's page whose stories may be printed. A number that
would tell of too few children is not said.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Response, make_response, render_template
from flask_babel import gettext as _, ngettext

from app import clock
from app.campaigns.blocks import SMALLEST_COUNT, Kind, by_country, children, tells_places, told
from app.release.exhibits import HALLS, whole_campaign
from app.release.queries import Item, shown_at, tellers_of
from app.web.absolute import absolute
from app.web.campaign_page import Part, public_page
from app.web.campaigns import bp
from app.web.campaigns.found import find, is_over
from app.web.guard import Audience, open_to
from app.web.qr import qr
from app.web.slides import pieces_of
from app.web.words import THEMES

QUOTES = 3
TEXT, ASKED = 900, 600
"""Signs that have room on the one page."""


@dataclass(frozen=True)
class Concern:
    """A theme of the stories, and how many speak of it, in words."""

    name: str
    children: str


@bp.get("/<slug>/brief")
@open_to(Audience.PUBLIC, kept=False)
def brief(slug: str) -> Response:
    """The page; today's date stands on it, so it is kept nowhere."""
    campaign = find(slug)
    items = whole_campaign(campaign.id)
    tellers = tellers_of(items)
    counting = [(item, tellers[item.story_id]) for item in items if item.story_id in tellers]
    countries = by_country((item.country, teller) for item, teller in counting)
    parts = public_page(campaign)["parts"]
    page = render_template(
        "campaigns/brief.html",
        campaign=campaign,
        text={code: shortened(words, TEXT) for code, words in campaign.text.items()},
        appeal={code: shortened(words, ASKED) for code, words in campaign.appeal.items()},
        told=counted(len(set(tellers.values()))) if tellers else "",
        concerns=concerns_of(counting),
        countries=countries if tells_places(countries) else (),
        figures=[figure for part in parts if part.kind is Kind.NUMBERS for figure in part.content["figures"]],
        quotes=quotes_of(parts),
        address=absolute("campaigns.page", slug=slug),
        code=qr(absolute("campaigns.page", slug=slug)),
        today=clock.now(),
        over=is_over(campaign),
    )
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


def shortened(words: str, signs: int) -> str:
    """As many sentences as have room."""
    return next(iter(pieces_of(words, signs, most=1)), "")


def counted(number: int) -> str:
    """How many children, unless they are too few."""
    if not told(number):
        return str(_("fewer than %(number)s children", number=SMALLEST_COUNT))
    return str(ngettext("%(num)s child", "%(num)s children", told(number)))


def concerns_of(counting: Iterable[tuple[Item, str]]) -> list[Concern]:
    """The concerns that children speak of, the most frequent first; small cells in the order of the themes."""
    times = children((theme, teller) for item, teller in counting for theme in item.themes)
    known = [theme for theme in THEMES if times[theme]]
    known.sort(key=lambda theme: -told(times[theme]))
    return [Concern(str(THEMES[theme]), counted(times[theme])) for theme in known]


def quotes_of(parts: Iterable[Part]) -> list[Part]:
    """The first quotes of the page whose stories may be printed."""
    quotes = [(part, part.said_by.story_id) for part in parts if part.kind is Kind.QUOTE and part.said_by]
    printable = shown_at(HALLS, [story_id for _part, story_id in quotes])
    return [part for part, story_id in quotes if story_id in printable][:QUOTES]
