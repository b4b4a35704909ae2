"""Families whose story has come a long way before a journey begins: what is not the journey itself is made at once."""

import re
from dataclasses import dataclass
from datetime import timedelta

from playwright.sync_api import Page, expect

from app.adapters.mailer import FolderMailer, Letter
from app.consent.actions import ask_guardian
from app.extensions import db
from app.people.actions import add_guardian, declare_guardian, forget_card, issue_card
from app.people.models import Guardian
from app.people.queries import guardians_of
from app.people.rules import Locale, Relation
from app.stories.models import Story
from tests.browser.actors import Card
from tests.factories.people import make_act
from tests.factories.stories import guardian_says, make_approved, yes_to
from tests.services.live import Moving
from tests.services.processes import wait_for

A_MONTH = timedelta(days=30)
LETTER_SECONDS = 20


@dataclass(frozen=True)
class Family:
    """A child who said yes to the gallery a month ago, and whose story the team approved; no guardian was asked yet."""

    moving: Moving
    story_id: str
    reference: str
    card: Card

    @property
    def address(self) -> str:
        """Where everybody sees the story, once it is shown."""
        return f"{self.moving.url}/stories/{self.story_id}"

    def is_shown(self, page: Page) -> bool:
        """Whether somebody who has the address sees the story."""
        return page.request.get(self.address).ok

    def name_guardian(self, email: str = "", locale: Locale = Locale.EN) -> str:
        """The child names somebody, who is asked; their private link, which is in their letter too."""
        with self.moving.hands():
            story = self.story
            guardian = add_guardian(story.storyteller_id, locale, email)
            return f"{self.moving.url}/consent/{ask_guardian(story, guardian)}"

    def hears_yes_from_mother(self, email: str, *, alone: bool) -> str:
        """A mother was asked in a call and said yes to the gallery; her private link."""
        link = self.name_guardian(email)
        with self.moving.hands():
            declare_guardian(self.newest_guardian, "A mother", Relation.MOTHER, alone=alone)
            guardian_says(self.story, self.newest_guardian, yes_to(["gallery"]))
        return link

    def has_act(self, days: int) -> None:
        """A court appointed the guardian who was named last."""
        with self.moving.hands():
            make_act(self.newest_guardian, self.moving.now + timedelta(days=days))

    @property
    def story(self) -> Story:
        """For the test's own hands."""
        return db.session.get_one(Story, self.story_id)

    @property
    def newest_guardian(self) -> Guardian:
        """The one who was named last; for the test's own hands."""
        return guardians_of(self.story.storyteller_id)[-1]


def told(moving: Moving, **how: object) -> Family:
    """A family; keywords as for `make_approved`."""
    with moving.hands(ago=A_MONTH):
        story = make_approved(guardians=0, **how)  # type: ignore[arg-type]
        teller = story.storyteller
        card = issue_card(teller)
        forget_card(teller)
        return Family(moving, story.id, teller.reference or "", Card(card.digits, str(card.check), ""))


def letter_to(moving: Moving, address: str, subject: str) -> tuple[str, str]:
    """What the newest letter with this subject says, once the worker has sent it, and the link in it."""
    found: list[Letter] = []

    def has_come() -> bool:
        letters = FolderMailer(moving.data_dir / "mail").letters()
        found[:] = [letter for _at, letter in letters if (letter.to, letter.subject) == (address, subject)]
        return bool(found)

    wait_for(has_come, LETTER_SECONDS, f"the letter {subject!r}")
    link = re.search(r"https?://\S+", found[0].body)
    assert link is not None
    return found[0].body, link[0]


def says(page: Page, *sentences: str) -> None:
    """The page says each of these, where it can be read."""
    for sentence in sentences:
        expect(page.get_by_text(sentence).first).to_be_visible()


def place(page: Page, name: str) -> str:
    """What a page says about one place: its reasons, and whether the story can be seen there."""
    return " ".join(page.locator(".verdict", has=page.locator(".verdict__place", has_text=name)).inner_text().split())
