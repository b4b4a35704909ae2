"""A curator at a browser, and what the tests of campaigns share: forms, addresses, stories to choose."""

from typing import Any

from flask import Flask
from sqlalchemy import select

from app import clock
from app.campaigns.models import Campaign, CampaignBlock
from app.campaigns.queries import by_slug
from app.cli.writing import transaction
from app.consent.rules import campaign_scope
from app.extensions import db
from app.people.permissions import Role
from tests.factories.stories import make_shown
from tests.web.team import Colleague, hire

HOME = "/staff/campaigns"
FORM = {
    "slug": "here",
    "languages": ["en", "ro"],
    "title-en": "I am here",
    "text-en": "Listen to them.\r\n\r\nSlowly.",
    "appeal-en": "Let their parents call home for free.",
    "opens_on": "2026-01-01",
}
"""A campaign that is open as soon as it is announced; it speaks no Romanian yet."""


class Curator(Colleague):
    """Somebody who builds the campaign at `/campaigns/here`."""

    def __init__(self, app: Flask, colleague: Colleague) -> None:
        self.app, self.id = app, colleague.id
        super(Colleague, self).__init__(colleague.client)

    def make(self, **changes: Any) -> str:
        """A new campaign; the address of its builder."""
        self.get(f"{HOME}/new")
        made = self.post(f"{HOME}/new", {**FORM, **changes})
        assert made.status_code == 303, self.words
        self.get(made.location)
        return str(made.location)

    def send(self, address: str, page: str = "", **typed: Any) -> int:
        """Fill in the form at `page` (the address itself, when none is given) and send it; the status."""
        self.get(page or address)
        return self.post(address, {"version": self.hidden("version"), **typed}).status_code

    def add(self, builder: str, kind: str) -> str:
        """A new block; its address."""
        self.get(builder)
        answer = self.post(f"{builder}/blocks", {"version": self.hidden("version"), "kind": kind})
        return str(answer.location)

    def announce(self, builder: str) -> None:
        assert self.send(f"{builder}/announce", builder) == 303
        self.get(builder)
        assert "Announced on" in self.words


def curator(app: Flask) -> Curator:
    """A new curator, logged in."""
    return Curator(app, hire(app, Role.CURATOR))


def said_yes(app: Flask, *more: str, **how: Any) -> str:
    """The id of a story that everybody lets be shown in the campaign, and at `more`."""
    with app.app_context(), transaction():
        campaign = by_slug("here")
        assert campaign is not None
        return make_shown([campaign_scope(campaign.id), *more], **how).id


def blocks(app: Flask) -> list[tuple[str, dict[str, Any]]]:
    """Kind and content of every block, from top to bottom."""
    with app.app_context():
        found = db.session.scalars(select(CampaignBlock).order_by(CampaignBlock.position))
        return [(block.kind.value, block.content) for block in found]


def saved(app: Flask) -> Campaign:
    """The campaign as it is in the database."""
    with app.app_context():
        return db.session.scalars(select(Campaign)).one()


def today() -> str:
    return clock.now().date().isoformat()
