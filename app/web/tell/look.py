"""Look at everything once more, and send it."""

from dataclasses import dataclass

from flask import redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, lazy_gettext as _

from app.consent.actions import ask_guardian
from app.consent.queries import said_now
from app.extensions import limiter
from app.media.rules import State as AssetState
from app.people.actions import issue_card
from app.people.permissions import Role
from app.people.queries import guardians_of
from app.stories.actions import detach, submit
from app.stories.lifecycle import State
from app.stories.models import Story
from app.stories.queries import Content, content, version_of
from app.web import previews, questions
from app.web.forms import only_fields
from app.web.guard import Audience, open_to
from app.web.reaching import MANY_LETTERS, may_write_to, note_letter
from app.web.tell import bp
from app.web.tell.about import described
from app.web.tell.draft import BEGUN, STEPS, my_draft, my_story
from app.web.tell.guardian import reached
from app.web.tell.story import file_address
from app.web.transaction import writes
from app.web.words import sentence


@dataclass(frozen=True)
class Missing:
    """A page that still needs something, and what."""

    step: str
    words: LazyString


@bp.get("/look")
@open_to(Audience.VISITOR)
def look() -> str:
    """The page."""
    return _show(my_draft(), [])


def _show(draft: Story, missing: list[Missing]) -> str:
    version = version_of(draft)
    told = content(version)
    return render_template(
        "tell/look.html",
        step=STEPS["look"],
        told=told,
        images=previews.images(told.assets),
        sounds=previews.sounds(told.assets),
        files=[row for row in previews.rows(told.assets, file_address) if row["state"] != AssetState.READY],
        address=file_address,
        about=described(draft.storyteller),
        questions=questions.ask(questions.page_text("child"), version),
        answers=questions.said(said_now(draft.id)[0]),
        guardian=reached(draft.storyteller),
        missing=missing,
    )


@bp.post("/look")
@limiter.limit("60 per minute")
@open_to(Audience.VISITOR)
@writes
def send() -> ResponseReturnValue:
    """Hand the story in, give the child a card, and ask the guardian; once, however often the button is pressed."""
    only_fields("go")
    story = my_story(lock=True)
    if story.state is not State.DRAFT:
        return redirect(url_for("tell.card"))
    version = version_of(story)
    for asset in content(version).assets:
        if asset.state is AssetState.REFUSED:
            detach(version, asset.id)
    address = reached(story.storyteller).get("email", "")
    missing = find_missing(story, content(version)) or _too_many_letters(address)
    if missing:
        return _show(story, missing), 422
    submit(story, Role.CHILD)
    session.pop(BEGUN, None)
    issue_card(story.storyteller)
    for guardian in guardians_of(story.storyteller_id):
        ask_guardian(story, guardian)
    if address:
        note_letter(address)
    return redirect(url_for("tell.card"))


def _too_many_letters(address: str) -> list[Missing]:
    if not address or may_write_to(address):
        return []
    return [Missing("guardian", MANY_LETTERS)]


def find_missing(story: Story, told: Content) -> list[Missing]:
    """What a story still needs before it can be sent."""
    gaps = [
        (told.is_empty, "story", sentence("nothing_told")),
        (story.storyteller.age_band is None, "about", _("Please say how old you are and where you live.")),
        (not told.helper, "helper", _("Please say who was with you.")),
        (not guardians_of(story.storyteller_id), "guardian", _("Please say how we can ask a parent or carer.")),
    ]
    return [Missing(step, ask_for) for is_missing, step, ask_for in gaps if is_missing]
