"""What the tests of the public pages share: stories that are shown, and the ways they go again."""

from collections.abc import Callable, Iterable

from flask import Flask
from sqlalchemy import select

from app.campaigns.actions import choose_stories
from app.campaigns.models import Campaign
from app.cli.writing import transaction
from app.extensions import db
from app.release.models import ShowingMedia
from app.release.publishing import publish
from app.stories.models import Story
from tests.factories.campaigns import make_campaign
from tests.factories.stories import child_says, make_shown

PARTNER = "https://partner.example"


def shown(app: Flask, scopes: Iterable[str] = ("gallery",), **how: object) -> str:
    """The id of a story that stands at each of `scopes`, its files published."""
    with app.app_context(), transaction():
        story_id = make_shown(scopes, **how).id
    with app.app_context():
        publish(story_id)
    return story_id


def file_names(app: Flask, story_id: str) -> list[str]:
    """The public names of a story's files."""
    statement = select(ShowingMedia.name).where(ShowingMedia.story_id == story_id).order_by(ShowingMedia.name)
    with app.app_context():
        return list(db.session.scalars(statement))


def say(app: Flask, story_id: str, **answers: str) -> None:
    """The child changes their answers."""
    change(app, story_id, lambda story: child_says(story, answers))


def change(app: Flask, story_id: str, act: Callable[[Story], object]) -> None:
    """Something happens to a story, in a transaction of its own."""
    with app.app_context(), transaction():
        act(db.session.get_one(Story, story_id))


def in_campaign(app: Flask, *more: str) -> tuple[str, str]:
    """A campaign called `here` with one story that said yes to it and to `more`; its scope and the story's id."""
    with app.app_context(), transaction():
        campaign = make_campaign(slug="here", embedding_sites=[PARTNER])
        scope, campaign_id = f"campaign:{campaign.id}", campaign.id
    story_id = shown(app, [scope, *more], pictures=1)
    choose(app, campaign_id, story_id)
    return scope, story_id


def choose(app: Flask, campaign_id: str, *story_ids: str) -> None:
    """The curator puts these stories into the campaign."""
    with app.app_context(), transaction():
        choose_stories("test", db.session.get_one(Campaign, campaign_id), list(story_ids))
