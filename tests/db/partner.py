"""A partner that shows a story on its own site, and what it is told when that ends."""

from sqlalchemy import select

from app.adapters import outside
from app.adapters.mailer import Letter, MemoryMailer
from app.adapters.queue import commit
from app.campaigns.actions import choose_stories
from app.campaigns.models import Campaign, EmbeddingSite
from app.consent.actions import hide
from app.consent.rules import Party
from app.extensions import db
from app.release.models import TakedownNotice
from app.stories.models import Story
from tests.factories.campaigns import make_campaign
from tests.factories.sites import WEBHOOK, make_site
from tests.factories.stories import make_shown

ORIGIN = "https://partner.example"


def save() -> None:
    commit(outside().queue)


def letters() -> list[Letter]:
    mailer = outside().mailer
    assert isinstance(mailer, MemoryMailer)
    return mailer.sent


def embedded(*sites: str) -> tuple[Story, Campaign]:
    """A story that other sites show by itself and in the frame of a campaign, which `sites` may frame."""
    campaign = make_campaign(embedding_sites=sites)
    story = make_shown(["gallery", "embed", f"campaign:{campaign.id}"])
    choose_stories("cli", campaign, [story.id])
    save()
    return story, campaign


def notices() -> list[TakedownNotice]:
    db.session.rollback()
    return list(db.session.scalars(select(TakedownNotice).order_by(TakedownNotice.created_at)))


def only_notice() -> TakedownNotice:
    (notice,) = notices()
    return notice


def told(webhook: str | None = WEBHOOK) -> tuple[Story, EmbeddingSite]:
    """A story that was hidden just now, and the site that must be told."""
    story, _ = embedded(ORIGIN)
    site = make_site(ORIGIN, webhook=webhook)
    save()
    hide(story, Party.CHILD)
    save()
    return story, site
