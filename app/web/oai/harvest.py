"""A selective harvest: which days, which set, and how far it has come. The token holds it all; nothing is kept."""

import re
from datetime import date
from typing import NamedTuple

from app import clock
from app.campaigns.models import Campaign
from app.campaigns.queries import open_campaigns, public_campaign
from app.errors import Invalid
from app.release import elsewhere
from app.release.elsewhere import Place, Record
from app.web.cursors import seal, unseal
from app.web.oai.arguments import TOKEN, Refused

PAGE = 100
SET = "campaign:"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Harvest(NamedTuple):
    """From which day until which, of which set (empty: all), from where on, and how many records came before."""

    since: date
    until: date
    set_spec: str = ""
    after: Place | None = None
    before: int = 0


class Part(NamedTuple):
    """Some records of a harvest; `token` is None where nothing was resumed and nothing is left, empty at the end."""

    records: list[Record]
    token: str | None
    before: int


def part_of(verb: str, arguments: dict[str, str]) -> Part:
    """The records that a list verb asks for. Raises `Refused`."""
    harvest = resumed(verb, arguments[TOKEN]) if TOKEN in arguments else selected(arguments)
    campaign_id = ""
    if harvest.set_spec:
        campaign = campaign_called(harvest.set_spec)
        if campaign is None:
            raise Refused("noRecordsMatch", "There is no such set.")
        campaign_id = campaign.id
    found, more = elsewhere.records(harvest.since, harvest.until, campaign_id, harvest.after, PAGE)
    if not found and harvest.after is not None:
        raise Refused("badResumptionToken", "What was left has been told anew since: please begin again.")
    if not found:
        raise Refused("noRecordsMatch", "Nothing was told on these days.")
    token = "" if harvest.before else None
    if more:
        last, sum_so_far = found[-1], harvest.before + len(found)
        days = (harvest.since.isoformat(), harvest.until.isoformat())
        token = seal(verb, *days, harvest.set_spec, last.told_on.isoformat(), last.story_id, sum_so_far)
    return Part(found, token, harvest.before)


def selected(arguments: dict[str, str]) -> Harvest:
    """A harvest from its beginning. Raises `Refused`."""
    since = day_of("from", arguments.get("from", date.min.isoformat()))
    until = day_of("until", arguments.get("until", date.max.isoformat()))
    if since > until:
        raise Refused("badArgument", "`from` is later than `until`.")
    return Harvest(since, until, arguments.get("set", ""))


def resumed(verb: str, token: str) -> Harvest:
    """A harvest that goes on. Raises `Refused`."""
    try:
        since, until, set_spec, day, story_id, before = unseal(verb, token)
    except Invalid:
        raise Refused("badResumptionToken", "This token was not given out for this verb.") from None
    place = Place(date.fromisoformat(day), story_id)
    return Harvest(date.fromisoformat(since), date.fromisoformat(until), set_spec, place, before)


def day_of(name: str, value: str) -> date:
    """A day. Raises `Refused`: there are no times here, not even as a question."""
    try:
        if _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise Refused("badArgument", f"`{name}` must be a day, YYYY-MM-DD.")


def campaign_called(set_spec: str) -> Campaign | None:
    """The campaign that a set stands for."""
    if not set_spec.startswith(SET) or not set_spec.isprintable():
        return None
    return public_campaign(set_spec.removeprefix(SET), clock.now())


def sets() -> list[tuple[str, Campaign]]:
    """The sets there are now: one for each campaign that runs. Raises `Refused`."""
    running = open_campaigns(clock.now())
    if not running:
        raise Refused("noSetHierarchy", "There are no sets while no campaign runs.")
    return [(SET + campaign.slug, campaign) for campaign in running]
