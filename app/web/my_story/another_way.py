"""Asking a parent or carer another way: nobody answers where they were asked; or by a new link, where theirs ran out.

Whoever holds the card does not learn the address from these pages: of the old one they show the first letter and the
domain.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, lazy_gettext as _

from app import clock
from app.consent.actions import ask_guardian
from app.consent.naming import ask_another_way, is_silent, speaks
from app.consent.notices import is_written_about
from app.errors import NotFound
from app.extensions import limiter
from app.people.keys import unseal
from app.people.models import Guardian
from app.people.queries import ever_named, guardians_of, is_unheard, link_to_hand_over
from app.stories.models import Story
from app.web.forms import only_fields
from app.web.guard import Audience, open_to
from app.web.my_story import bp
from app.web.my_story.mine import my_story
from app.web.reaching import FIELDS, MANY_LETTERS, Reach, may_write_to, note_letter, read_reach
from app.web.transaction import writes


@dataclass(frozen=True)
class Unanswered:
    """Somebody who was asked and has not answered."""

    guardian_id: str
    address: str
    """As much as is shown of where a letter went; empty where the child hands over a link."""
    ran_out: bool
    """Whether that link opens nothing any more."""


def unanswered(story: Story) -> list[Unanswered]:
    """Whom the child can ask another way, the oldest first; nobody while no letters are written about the story."""
    if not is_written_about(story):
        return []
    named = [one for one in guardians_of(story.storyteller_id) if one.named_by is None and is_silent(one)]
    return [asked for one in named if (asked := _asked(story, one)) is not None]


def without_link(story: Story) -> list[Guardian]:
    """Who has answered and whom no letter reaches, and whose link has run out: they could not change their mind."""
    if not is_written_about(story):
        return []
    answered = [one for one in guardians_of(story.storyteller_id) if not is_unheard(one) or speaks(one)]
    return [one for one in answered if _has_run_out(story, one)]


def _asked(story: Story, guardian: Guardian) -> Unanswered | None:
    """How somebody is asked about this story; None where nothing leads them to it that they could have got."""
    if guardian.email_sealed is not None:
        return Unanswered(guardian.id, masked(_address(guardian)), ran_out=False)
    link = link_to_hand_over(story.id, guardian.id)
    return Unanswered(guardian.id, "", link.expires_at <= clock.now()) if link is not None else None


def _has_run_out(story: Story, guardian: Guardian) -> bool:
    asked = _asked(story, guardian)
    return asked is not None and asked.ran_out


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
    home = _nothing_to_change(story, guardian)
    return home or _show(story, guardian, {"guardian_locale": guardian.locale.value}, {})


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
        return _show(story, guardian, request.form, errors), 422
    if _is_the_same(story, guardian, reach):
        same = _("We have written to this address already.") if reach.address else _("The link is here already.")
        flash(same, "info")
    elif reach.address and not may_write_to(reach.address):
        return _show(story, guardian, request.form, {"email": MANY_LETTERS}), 422
    else:
        _ask(guardian, reach)
    return redirect(url_for("my_story.home"))


@bp.post("/my-story/guardian/<guardian_id>/link")
@limiter.limit("60 per hour")
@open_to(Audience.CHILD)
@writes
def new_link(guardian_id: str) -> ResponseReturnValue:
    """A link to hand over once more, for whom the last one has run out. Pressed twice it makes one."""
    only_fields()
    story = my_story(lock=True)
    for guardian in without_link(story):
        if guardian.id == guardian_id:
            ask_guardian(story, guardian)
            flash(_("Here is a new link for them."), "good")
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
    elif _asked(story, guardian) is not None:
        return None
    return redirect(url_for("my_story.home"))


def _show(story: Story, guardian: Guardian, values: Mapping[str, str], errors: Mapping[str, LazyString]) -> str:
    asked = _asked(story, guardian)
    return render_template("my_story/another_way.html", asked=asked, values=values, errors=errors)


def _is_the_same(story: Story, guardian: Guardian, reach: Reach) -> bool:
    same = reach.address.casefold() == _address(guardian).casefold() and reach.locale is guardian.locale
    return same and not _has_run_out(story, guardian)


def _ask(guardian: Guardian, reach: Reach) -> None:
    ask_another_way(guardian, reach.locale, reach.address)
    if reach.address:
        note_letter(reach.address)
        flash(_("Thank you. We write to them now. The last link opens nothing any more."), "good")
    else:
        flash(_("Here is a link for them. The last one opens nothing any more."), "good")
