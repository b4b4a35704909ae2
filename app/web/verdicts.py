"""Where a story can be seen now, place by place, and why not: the verdict of the one rule, in words."""

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString, gettext

from app import clock
from app.campaigns.queries import all_campaigns, announced_campaigns
from app.campaigns.rules import in_language
from app.consent.rules import CAMPAIGN, campaign_scope
from app.release.facts import facts_of
from app.release.policy import ATTRIBUTES, WORDLESS, places_of, shown, verdict
from app.release.terms import FOREVER, Facts, Reason
from app.stories.models import Story
from app.web.locale import format_day, page_code


def shared_reasons(rows: list[dict[str, Any]]) -> list[LazyString]:
    """The reasons that hold at every place are said once, above the list, and taken out of it."""
    shared = [reason for reason in rows[0]["reasons"] if all(reason in row["reasons"] for row in rows)]
    for row in rows:
        row["reasons"] = [reason for reason in row["reasons"] if reason not in shared]
    return shared


def verdict_rows(story: Story, reasons: Mapping[str, LazyString], *, for_family: bool = False) -> list[dict[str, Any]]:
    """A row for each place, as the macro `verdict_list` prints it; `reasons` are the words for the reader.

    To a family it is only said that a story will be shown soon where nothing and nobody else is waited for.
    """
    facts, now = facts_of(story), clock.now()
    titles = {CAMPAIGN + campaign.id: in_language(campaign.title, page_code()) for campaign in all_campaigns()}
    rows = []
    for place in (*places_of(facts), *_asked_for(facts)):
        said = verdict(facts, place, now)
        against = _but_time(said.reasons) if for_family else said.reasons
        ends = said.until if said.until and said.until < FOREVER else None
        rows.append(
            {
                "place": place,
                "allowed": said.allowed,
                "wordless": place in WORDLESS,
                "codes": against,
                "reasons": [reasons[reason] for reason in against],
                "title": titles.get(place, ""),
                "until": gettext("until %(day)s", day=format_day(ends)) if ends else "",
            }
        )
    return rows


def _but_time(against: tuple[Reason, ...]) -> tuple[Reason, ...]:
    return tuple(reason for reason in against if reason is not Reason.COOLING_OFF) or against


def _asked_for(facts: Facts) -> list[str]:
    """The announced campaigns that somebody answered about, and that have not chosen the story yet."""
    answered = {scope for said in (facts.child, *(key.said for key in facts.keys)) for scope in said}
    scopes = {campaign_scope(campaign.id): campaign.id for campaign in announced_campaigns(clock.now())}
    return [scope for scope, one in scopes.items() if scope in answered and one not in facts.campaigns]


def shown_grades(story: Story) -> dict[str, int]:
    """How much of the child is shown wherever the story can be seen, by attribute."""
    facts = facts_of(story)
    return {attribute.value: shown(facts, attribute).grade for attribute in ATTRIBUTES}
