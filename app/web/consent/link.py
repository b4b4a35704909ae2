"""What a private link opens. One that was never made, has run out, or whose story is gone opens the same page."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import abort, make_response, render_template
from flask_babel import LazyString

from app import clock
from app.consent.queries import said_by_guardian
from app.consent.rules import opens
from app.errors import NotFound
from app.people.models import Guardian, GuardianLink
from app.people.queries import by_link
from app.safeguarding.queries import is_held
from app.stories.lifecycle import State
from app.stories.models import Story
from app.stories.queries import by_id, waits_for_child
from app.stories.rules import ERASE_UNDO_DAYS
from app.web.forms import small_number


@dataclass(frozen=True)
class Opened:
    """Whose link it is, and about which story."""

    guardian: Guardian
    story: Story
    link_made_at: datetime

    @property
    def actor(self) -> str:
        """The guardian in the audit log."""
        return self.guardian.actor

    @property
    def is_leaving(self) -> bool:
        """Whether the story is about to be erased, which may be undone."""
        return self.story.erase_after is not None


def open_link(token: str, *, lock: bool = False, late: bool = False, leaving: bool = False) -> Opened:
    """Find what a token opens, or answer that it opens nothing; one that ran out can be exchanged for a fresh one.

    With `late` it opens for as long as a yes of theirs stands: what was said can be read and taken back until its end.
    With `leaving` also what is about to be erased: that may be undone, and a no that was said meanwhile counts then.
    """
    link, opened = find_link(token, lock=lock, leaving=leaving)
    if link.expires_at <= clock.now() and not (late and has_yes(opened)):
        if opened.is_leaving:
            abort(make_response(unread(token, opened.story)))
        abort(make_response(render_template("consent/closed.html", token=token), 404))
    return opened


def find_link(token: str, *, lock: bool = False, leaving: bool = False) -> tuple[GuardianLink, Opened]:
    """The link of a token, and what it opens or once opened. Without one: the page that says that it opens nothing.

    To whoever asked to erase the story it says where that can be stopped.
    """
    link = by_link(token)
    story = by_id(link.story_id, lock=lock) if link else None
    if link is None or story is None or not _opens(link, story, leaving=leaving):
        erasing = token if link and story and _asked_to_erase(link, story) else ""
        abort(make_response(render_template("consent/closed.html", erasing=erasing), 404))
    return link, Opened(link.guardian, story, link.created_at)


def find_erasing(token: str, *, lock: bool = False) -> Opened | None:
    """What a token opens when its guardian asked to erase the story: a page at which that can be stopped."""
    link = by_link(token)
    story = by_id(link.story_id, lock=lock) if link else None
    if link is None or story is None or not _asked_to_erase(link, story):
        return None
    return Opened(link.guardian, story, link.created_at)


def _asked_to_erase(link: GuardianLink, story: Story) -> bool:
    """Whether whoever has this link asked to erase the story, and had it then: until the end they can stop it by it."""
    if story.state is State.ERASED or story.erase_after is None or not _is_of(link, story):
        return False
    asked_at = story.erase_after - timedelta(days=ERASE_UNDO_DAYS)
    return story.erase_asked_by == link.guardian.actor and link.expires_at > asked_at


def has_yes(opened: Opened) -> bool:
    """Whether anything of what this guardian said can be taken back."""
    said = said_by_guardian(opened.story.id, opened.guardian.id)
    return any(opens(scope, given.value) for scope, given in said.items())


def _opens(link: GuardianLink, story: Story, *, leaving: bool) -> bool:
    """Whether a link leads to a story that is there, of the child whose guardian it was made for."""
    there = story.state not in (State.DRAFT, State.ERASED) and (leaving or story.erase_after is None)
    return there and _is_of(link, story)


def _is_of(link: GuardianLink, story: Story) -> bool:
    return link.guardian.storyteller_id == story.storyteller_id


def open_to_read(token: str, *, lock: bool = False) -> Opened:
    """The same for looking at the story: not while a safeguarding case is open, and the page does not say so.

    Nor before the child has accepted what somebody changed.
    """
    opened = open_link(token, lock=lock)
    if not can_be_read(opened.story):
        abort(make_response(unread(token, opened.story)))
    return opened


def version_shown(story: Story) -> int | None:
    """The version of a story that the form which was sent is about; None where it names none that there was."""
    version = small_number("version")
    return version if 1 <= version <= story.current else None


def can_be_read(story: Story) -> bool:
    """Whether its guardians may look at a story now."""
    return story.erase_after is None and not is_held(story.id) and not waits_for_child(story)


def unread(token: str, story: Story, outcome: LazyString | str = "") -> tuple[str, int]:
    """The page in its place, with a sentence about what became of what was sent from a page that was left open."""
    if story.erase_after is not None:
        erasing = token if find_erasing(token) else ""
        return render_template("consent/closed.html", outcome=outcome, erasing=erasing), 200 if outcome else 404
    return render_template("consent/later.html", token=token, outcome=outcome), 200


def find_file_link(token: str) -> Opened:
    """The same for a file of the story, where a page would help nobody."""
    opened = open_link(token)
    if not can_be_read(opened.story):
        raise NotFound
    return opened
