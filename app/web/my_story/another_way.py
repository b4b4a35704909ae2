"""Asking a parent or carer another way: their address was wrong, or nobody answers there.

Whoever holds the card does not learn the address from these pages: of the old one they show the first letter and the
domain.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, lazy_gettext as _

from app.consent.naming import ask_another_way, is_silent, speaks
from app.consent.notices import is_written_about
from app.errors import NotFound
from app.extensions import limiter
from app.people.keys import unseal
from app.people.models import Guardian
from app.people.queries import ever_named, guardians_of
from app.stories.models import Story
from app.web.forms import only_fields
from app.web.guard import Audience, open_to
from app.web.my_story import bp
from app.web.my_story.mine import my_story
from app.web.reaching import FIELDS, MANY_LETTERS, Reach, may_write_to, note_letter, read_reach
from app.web.transaction import writes


@dataclass(frozen=True)
class Unanswered:
    """A letter that nobody has answered: whom it was for, and as much of their address as is shown."""

    guardian_id: str
    address: str


def unanswered(story: Story) -> list[Unanswered]:
    """Whom the child can ask another way, the oldest first; nobody while no letters are written about the story."""
    if not is_written_about(story):
        return []
    named = [one for one in guardians_of(story.storyteller_id) if is_written_to(one) and is_silent(one)]
    return [Unanswered(one.id, masked(_address(one))) for one in named]


def is_written_to(guardian: Guardian) -> bool:
    """Whether the child named them, and letters go to them."""
    return guardian.named_by is None and guardian.email_sealed is not None


def masked(address: str) -> str:
    """An e-mail address as whoever knows it recognises it, and nobody else learns it."""
    name, _at, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"


def _address(guardian: Guardian) -> str:
    return unseal(guardian.storyteller_id, f"email:{guardian.id}", guardian.email_sealed)


@bp.get("/my-story/guardian/<guardian_id>")
@open_to(Audience.CHILD)
def another_way(guardian_id: str) -> ResponseReturnValue:
    """The page."""
    story = my_story()
    guardian = _named(story, guardian_id)
    return _nothing_to_change(story, guardian) or _show(guardian, {"guardian_locale": guardian.locale.value}, {})


@bp.post("/my-story/guardian/<guardian_id>")
@limiter.limit("60 per hour")
@open_to(Audience.CHILD)
@writes
def ask_them_another_way(guardian_id: str) -> ResponseReturnValue:
    """From the commit on only the new way leads to the story. Nobody is written to twice at the same address."""
    only_fields(*FIELDS)
    story = my_story(lock=True)
    guardian = _named(story, guardian_id)
    home = _nothing_to_change(story, guardian)
    if home is not None:
        return home
    reach, errors = read_reach()
    if reach is None:
        return _show(guardian, request.form, errors), 422
    if _is_the_same(guardian, reach):
        flash(_("We have written to this address already."), "info")
    elif reach.address and not may_write_to(reach.address):
        return _show(guardian, request.form, {"email": MANY_LETTERS}), 422
    else:
        _ask(guardian, reach)
    return redirect(url_for("my_story.home"))


def _named(story: Story, guardian_id: str) -> Guardian:
    """Whom this child named."""
    for guardian in ever_named(story.storyteller_id):
        if guardian.id == guardian_id and guardian.named_by is None:
            return guardian
    raise NotFound


def _nothing_to_change(story: Story, guardian: Guardian) -> ResponseReturnValue | None:
    """Back to the page on which it stands how they are asked, where that cannot be changed; and why."""
    if guardian.relation is not None or speaks(guardian):
        flash(_("They have answered in the meantime. You need not ask them another way."), "info")
    elif not (is_written_about(story) and is_silent(guardian)):
        flash(_("This cannot be changed now. If you need help with it, write to us below."), "info")
    elif is_written_to(guardian):
        return None
    return redirect(url_for("my_story.home"))


def _show(guardian: Guardian, values: Mapping[str, str], errors: Mapping[str, LazyString]) -> str:
    old = masked(_address(guardian))
    return render_template("my_story/another_way.html", address=old, values=values, errors=errors)


def _is_the_same(guardian: Guardian, reach: Reach) -> bool:
    return reach.address.casefold() == _address(guardian).casefold() and reach.locale is guardian.locale


def _ask(guardian: Guardian, reach: Reach) -> None:
    ask_another_way(guardian, reach.locale, reach.address)
    if reach.address:
        note_letter(reach.address)
        flash(_("Thank you. We write to them now. The link in our last letter opens nothing any more."), "good")
    else:
        flash(_("Here is a link for them. The link in our last letter opens nothing any more."), "good")
