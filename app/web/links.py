"""Addresses that leave the screen: on a story card, or in a child's hand for a parent."""

from dataclasses import dataclass

from markupsafe import Markup

from app import clock
from app.adapters import outside
from app.consent.queries import said_by_guardian
from app.consent.rules import said_once
from app.people.keys import unseal
from app.people.queries import guardians_of, link_to_hand_over
from app.people.rules import CardNumber, Relation
from app.stories.models import Story
from app.web.qr import qr


def card_address(card: CardNumber | None = None) -> str:
    """Where a card is typed in; with a card, the address its QR code holds."""
    address = f"{outside().settings.public_url}/my-story"
    return f"{address}?card={card.digits}{card.check}" if card else address


def hand_over(story: Story, guardian_id: str = "") -> str:
    """The address that is handed to a guardian, the newest or this one.

    Empty when a letter was written instead, or it has run out.
    """
    link = link_to_hand_over(story.id, guardian_id)
    if link is None or link.expires_at <= clock.now():
        return ""
    token = unseal(story.storyteller_id, f"link:{link.guardian_id}", link.token_sealed)
    return consent_address(token)


def consent_address(token: str) -> str:
    """Where a guardian's private link leads."""
    return f"{outside().settings.public_url}/consent/{token}"


@dataclass(frozen=True)
class HandOver:
    """A link that waits to be handed to one guardian."""

    relation: Relation | None
    address: str
    waits: bool
    """Whether the guardian has not answered since it was made."""
    another_comes: bool
    """Whether they must say once more what they said, by a fresh one that is not there yet."""

    @property
    def code(self) -> Markup:
        """The same for a telephone's camera."""
        return qr(self.address)


def hand_overs(story: Story) -> list[HandOver]:
    """One for each guardian whom no letter reaches, oldest guardian first."""
    found = []
    for guardian in guardians_of(story.storyteller_id):
        link = link_to_hand_over(story.id, guardian.id)
        address = hand_over(story, guardian.id)
        if link is not None and address:
            said = said_by_guardian(story.id, guardian.id)
            waits = all(given.at < link.created_at for given in said.values())
            another_comes = not waits and bool(said_once(said, story.current))
            found.append(HandOver(guardian.relation, address, waits, another_comes))
    return found
