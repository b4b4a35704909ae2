"""The reach of everything, or of one campaign: a page, and the same numbers as a file."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from flask import Response, render_template, request

from app import clock
from app.campaigns.models import Campaign
from app.campaigns.queries import all_campaigns
from app.errors import NotFound
from app.impact.queries import Cells, Figures, figures
from app.impact.rules import KEPT_DAYS, OTHER, PERIODS, SMALLEST
from app.people.permissions import Permission
from app.web.guard import Audience, open_to
from app.web.impact import bp
from app.web.impact.plot import plot_of
from app.web.sheets import sheet

COLUMNS = ("by", "name", "views_at_least", f"fewer_than_{SMALLEST}")


class Asked(NamedTuple):
    """Whose reach, and of how many days."""

    campaign: Campaign | None
    days: int
    figures: Figures


@bp.get("")
@open_to(Audience.STAFF, Permission.IMPACT_READ)
def index() -> str:
    """The dashboard."""
    asked, campaigns = _asked(), all_campaigns()
    return render_template(
        "impact/index.html",
        campaign=asked.campaign,
        campaigns=campaigns,
        titles={campaign.id: campaign.title for campaign in campaigns},
        days=asked.days,
        periods=PERIODS,
        figures=asked.figures,
        plot=plot_of(asked.figures.stretches),
        smallest=SMALLEST,
        other=OTHER,
        kept_years=KEPT_DAYS // 365,
    )


@bp.get("/reach.csv")
@open_to(Audience.STAFF, Permission.IMPACT_READ)
def table() -> Response:
    """The same numbers, and no others."""
    asked = _asked()
    slugs = {campaign.id: campaign.slug for campaign in all_campaigns()}
    answer = Response(sheet(COLUMNS, _rows(asked.figures, slugs)), content_type="text/csv; charset=utf-8")
    name = f"reach-{asked.campaign.slug if asked.campaign else 'all'}-{asked.figures.last:%Y-%m-%d}-{asked.days}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _asked() -> Asked:
    """What the address asks for. Raises `NotFound` for a campaign that there is not."""
    typed = request.args.get("days", "")
    days = next((period for period in PERIODS if typed == str(period)), PERIODS[0])
    key = request.args.get("campaign", "")
    campaign = next((each for each in all_campaigns() if each.id == key), None)
    if key and campaign is None:
        raise NotFound
    return Asked(campaign, days, figures(_today(), days, key))


def _today() -> date:
    return clock.now().date()


def _rows(found: Figures, slugs: dict[str, str]) -> Iterator[tuple[str, str, int | str, str]]:
    cells: dict[str, Cells] = {
        "total": [("", found.total)],
        "week from" if found.step > 1 else "day": [(day.isoformat(), views) for day, views in found.stretches],
        "place": found.places,
        "site": found.hosts,
        "language": found.languages,
        "campaign": [(slugs.get(key, key), views) for key, views in found.campaigns],
    }
    for by, several in cells.items():
        for name, views in several:
            yield by, name, "" if views is None else views, "yes" if views is None else ""
