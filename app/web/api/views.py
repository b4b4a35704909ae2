"""The addresses of the API. Each answers from the showcase, and is kept by the response cache as a page is."""

from urllib.parse import urlencode

from flask import Response

from app import clock
from app.campaigns.models import Campaign as CampaignRow
from app.campaigns.queries import open_campaigns, public_campaign
from app.errors import NotFound
from app.release import elsewhere
from app.release.queries import Filters
from app.web.absolute import absolute
from app.web.api import bp
from app.web.api.answers import answer, campaign_of, page_of, story_of
from app.web.api.reading import read
from app.web.api.schema import CampaignPage, ListQuery, Query, StoryQuery
from app.web.cursors import day_place, numbered_place, seal_place
from app.web.framing import OURSELVES
from app.web.guard import Audience, open_to
from app.web.programs import SITES


@bp.get("/stories")
@open_to(Audience.PUBLIC, query=StoryQuery.model_fields, exact=True)
def stories() -> Response:
    """The gallery's stories that other sites may show too, newest first; of those with some words, when it is asked."""
    query = read(StoryQuery)
    chosen = query.model_dump(mode="json", exclude_none=True, exclude={"lang", "after", "limit"})
    list_name = f"stories?{urlencode(chosen)}"
    filters = Filters(**{name: value for name, value in chosen.items() if name != "q"})
    if query.q is None:
        stretch = elsewhere.listed(filters, day_place(list_name, query.after), query.limit)
    else:
        stretch = elsewhere.found(query.q, filters, numbered_place(list_name, query.after), query.limit)
    cursor = seal_place(list_name, stretch.last)
    following = absolute("api.stories", **chosen, limit=query.limit, after=cursor) if cursor else None
    return answer(page_of(stretch, following), following)


@bp.get("/stories/<story_id>")
@open_to(Audience.PUBLIC, exact=True)
def story(story_id: str) -> Response:
    """One story; 410 once it was taken back."""
    read(Query)
    return answer(story_of(elsewhere.story(story_id)))


@bp.get("/campaigns")
@open_to(Audience.PUBLIC, exact=True)
def campaigns() -> Response:
    """The campaigns that run now, newest first."""
    read(Query)
    return answer(CampaignPage(items=[campaign_of(row) for row in open_campaigns(clock.now())], next=None))


@bp.get("/campaigns/<slug>")
@open_to(Audience.PUBLIC, exact=True)
def campaign(slug: str) -> Response:
    """One campaign, from its first day on."""
    read(Query)
    row = _find(slug)
    return for_sites(row, answer(campaign_of(row)))


@bp.get("/campaigns/<slug>/stories")
@open_to(Audience.PUBLIC, query=ListQuery.model_fields, exact=True)
def campaign_stories(slug: str) -> Response:
    """A campaign's stories that the gallery and other sites may show too, in the curator's order."""
    query, row = read(ListQuery), _find(slug)
    list_name = f"campaign {row.id}"
    stretch = elsewhere.in_campaign(row.id, numbered_place(list_name, query.after), query.limit)
    cursor = seal_place(list_name, stretch.last)
    following = absolute("api.campaign_stories", slug=slug, limit=query.limit, after=cursor) if cursor else None
    return for_sites(row, answer(page_of(stretch, following), following))


def for_sites(row: CampaignRow, response: Response) -> Response:
    """What scripts on other sites than the campaign's may not read."""
    response.headers[SITES] = " ".join([OURSELVES, *row.embedding_sites])
    return response


def _find(slug: str) -> CampaignRow:
    row = public_campaign(slug, clock.now())
    if row is None:
        raise NotFound
    return row
