"""What a guardian is asked: about which version of which story, in which words. It fits on a form as a QR code.

The token is sealed rather than signed: a signed one can be read, and what it names, the story, is also the address at
which everybody sees it once it is shown. It opens nothing without a log-in.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime

from app import clock
from app.adapters import outside
from app.adapters.sealing import Damaged, open_bytes, seal_bytes
from app.consent.actions import is_older
from app.consent.queries import said_by_guardian
from app.consent.rules import Party, Peace, peace_after
from app.consent.texts import ConsentText, current, load
from app.errors import Conflict, NotFound
from app.extensions import db
from app.people.models import Guardian
from app.people.queries import knows
from app.stories.lifecycle import State
from app.stories.models import Story
from app.stories.queries import by_id
from app.stories.rules import Eraser, who_erases
from app.web.login import me

PURPOSE = "consent-form"
BETWEEN = "."


@dataclass(frozen=True)
class Asking:
    """One guardian, one version of a story, one text."""

    story: Story
    version: int
    guardian: Guardian
    text: ConsentText
    shown_at: datetime

    @property
    def is_older(self) -> bool:
        """Whether the story or the questions have changed since: then only a no counts."""
        return is_older(self.story, self.version, self.text)

    @property
    def reference(self) -> str:
        """Names the child."""
        return self.story.storyteller.reference or ""

    @property
    def peace(self) -> Peace | None:
        """Until when they are not asked again because they said no."""
        return peace_after(said_by_guardian(self.story.id, self.guardian.id), clock.now())

    @property
    def token(self) -> str:
        """All of it, sealed, as it stands in addresses and on forms."""
        about = (self.story.id, self.version, self.guardian.id, self.text.version, self.text.locale)
        named = BETWEEN.join(map(str, (*about, clock.stamp(self.shown_at))))
        sealed = seal_bytes(outside().keyring.secret(PURPOSE), named.encode(), PURPOSE.encode())
        return urlsafe_b64encode(sealed).decode().rstrip("=")


def ask_now(story: Story, guardian: Guardian) -> Asking:
    """The current version in the text that is in force, in the guardian's language, at this moment."""
    return Asking(story, story.current, guardian, current(Party.GUARDIAN.value, guardian.locale), clock.now())


def open_asking(token: str, *, lock: bool = False, older: bool = False) -> Asking:
    """What a form asks. Raises `NotFound` for a token of somebody else's making, a story that is gone or a child whom
    another organisation helps, and `Conflict("older_form")` when the story or the questions have changed since, but
    where an `older` one will do."""
    story_id, number, guardian_id, version, locale, moment = _read(token)
    story = by_id(story_id, lock=lock)
    guardian = db.session.get(Guardian, guardian_id)
    if story is None or guardian is None or not is_open(story) or not knows(me(), story.storyteller_id):
        raise NotFound
    text = load(Party.GUARDIAN.value, int(version), locale)
    if is_older(story, int(number), text) and not older:
        raise Conflict("older_form")
    return Asking(story, int(number), guardian, text, clock.of_stamp(int(moment)))


def _read(token: str) -> list[str]:
    try:
        sealed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        return open_bytes(outside().keyring.secret(PURPOSE), sealed, PURPOSE.encode()).decode().split(BETWEEN)
    except (Damaged, binascii.Error, ValueError) as forged:
        raise NotFound from forged


def is_open(story: Story) -> bool:
    """Whether guardians can be asked about a story: it was handed in, and neither the child nor a lead erases it.

    Where a guardian does, somebody may have to say that they do not decide.
    """
    by_guardian = who_erases(story.erase_asked_by) is Eraser.GUARDIAN
    return story.state not in (State.DRAFT, State.ERASED) and (story.erase_after is None or by_guardian)
