"""What a curator may choose from: stories that said yes to the campaign, and that the rule would let be shown in it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Select, select, tuple_

from app import clock
from app.campaigns.blocks import Kind
from app.campaigns.models import Campaign, CampaignBlock
from app.campaigns.queries import items_of
from app.consent.models import CAMPAIGN_YES, Answer
from app.consent.rules import Party, campaign_scope
from app.extensions import db
from app.people.models import Storyteller
from app.release.facets import MEDIUM_BITS, THEME_BITS
from app.release.models import Showing, ShowingMedia
from app.release.policy import is_online
from app.release.queries import Filters
from app.release.rehearsal import Rehearsal, rehearse, rehearse_all
from app.stories.models import Story

PAGE = 24
LOOKED_AT = 200
"""How many stories one search looks at: each is judged anew, and a curator can go on from there."""


@dataclass(frozen=True)
class Found:
    """What a search found, the newest approval first; `after` is where the next one goes on, None at the end."""

    stories: list[Rehearsal]
    after: str | None

    @property
    def ids(self) -> list[str]:
        """Their ids."""
        return [each.item.story_id for each in self.stories]


def rule_of(block: CampaignBlock) -> Filters | None:
    """The rule by which a block is filled; None where its stories are chosen by hand."""
    rule = block.content.get("rule") if block.kind is Kind.STORIES else None
    return None if rule is None else Filters.read(rule)


def search(
    campaign: Campaign,
    filters: Filters,
    wanted: int = PAGE,
    *,
    title: str = "",
    after: str = "",
    without: Collection[str] = (),
) -> Found:
    """The newest stories that can be shown in a campaign, now or later, as far as they fit."""
    found: list[Rehearsal] = []
    stories = db.session.scalars(_said_yes(campaign, filters, after).limit(LOOKED_AT)).all() if wanted > 0 else []
    for looked_at, story in enumerate(stories, 1):
        each = None if story.id in without else rehearse(story, campaign)
        if each is not None and _fits(each, filters, title):
            found.append(each)
        if len(found) == wanted:
            return Found(found, story.id if looked_at < len(stories) or looked_at == LOOKED_AT else None)
    return Found(found, stories[-1].id if len(stories) == LOOKED_AT else None)


def _said_yes(campaign: Campaign, filters: Filters, after: str) -> Select[Story]:
    """Stories that were approved and whose child said yes to a campaign once; what is not shown is not yet left out.

    Their state is not asked for here: the databases would read every approved story there is instead of every yes.
    """
    said = select(Answer.story_id).where(
        CAMPAIGN_YES, Answer.scope == campaign_scope(campaign.id), Answer.party == Party.CHILD
    )
    statement = select(Story).join(Storyteller).where(Story.id.in_(said), Story.approved_at.is_not(None))
    for column, word in (
        (Story.locale, filters.language),
        (Storyteller.country, filters.country),
        (Storyteller.age_band, filters.age),
    ):
        if word:
            statement = statement.where(column == word)
    last = db.session.get(Story, after) if after else None
    if last is not None and last.approved_at is not None:
        statement = statement.where(tuple_(Story.approved_at, Story.id) < (last.approved_at, last.id))
    return statement.order_by(Story.approved_at.desc(), Story.id.desc())


def _fits(each: Rehearsal, filters: Filters, title: str) -> bool:
    """Whether what would be shown of a story is what was asked for: nobody is found by what they do not show."""
    return (
        (not filters.theme or bool(each.themes & THEME_BITS[filters.theme]))
        and (not filters.medium or bool(each.media & MEDIUM_BITS[filters.medium]))
        and filters.country in ("", each.item.country)
        and filters.age in ("", each.item.age_band)
        and title.casefold() in each.item.title.casefold()
    )


def chosen(campaign: Campaign) -> dict[str, Rehearsal]:
    """The stories of a campaign that can be shown in it, now or later, by id and in their order."""
    order = [item.story_id for item in items_of(campaign.id)]
    stories = {story.id: story for story in db.session.scalars(select(Story).where(Story.id.in_(order)))}
    return rehearse_all([stories[story_id] for story_id in order], campaign)


def is_public(name: str) -> bool:
    """Whether everybody can fetch a file of this name at this moment."""
    story_id = db.session.scalar(select(ShowingMedia.story_id).where(ShowingMedia.name == name))
    return story_id is not None and not unseen([story_id])


def unseen(story_ids: Iterable[str]) -> set[str]:
    """Those of these stories that the public cannot see anywhere at this moment."""
    ids, now = set(story_ids), clock.now()
    visible = select(Showing.story_id, Showing.place).where(
        Showing.story_id.in_(ids), Showing.visible_from <= now, Showing.visible_until > now
    )
    return ids - {row.story_id for row in db.session.execute(visible) if is_online(row.place)}
