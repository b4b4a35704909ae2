"""The guardian sees the story, exactly as the child handed it in, and the questions."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString

from app.audit.actions import record
from app.audit.rules import Verb
from app.consent.queries import said_by_guardian
from app.extensions import limiter
from app.media.rules import State
from app.people.hashes import hash_token
from app.people.keys import unseal
from app.people.queries import decides_about_all
from app.stories.models import Story
from app.stories.queries import content, version_of
from app.stories.rules import Beside
from app.stories.wordings import Written, checked_beside, open_words
from app.web import acts, previews, questions
from app.web.consent import bp, who
from app.web.consent.link import Opened, find_file_link, open_to_read
from app.web.consent.receipt import lines_of
from app.web.consent.standing import month_to_tell_again, to_confirm, waiting
from app.web.guard import Audience, open_to
from app.web.locale import page_code
from app.web.reaching import time_to_confirm
from app.web.templating import here
from app.web.transaction import look_again, writes
from app.web.words import RELATIONS


@bp.get("/<token>")
@limiter.limit("60 per minute")
@open_to(Audience.GUARDIAN)
@writes
def read(token: str) -> ResponseReturnValue:
    """The page; in the guardian's own language unless the address asks for another."""
    opened = open_to_read(token)
    if "lang" not in request.args:
        return redirect(here(lang=opened.guardian.locale.value))
    record(opened.actor, Verb.STORY_VIEWED, opened.story.id, version=opened.story.current)
    return show(token, opened, stored(opened), {})


def stored(opened: Opened) -> dict[str, Any]:
    """What this guardian has said before, as the form prints it."""
    values = questions.said(said_by_guardian(opened.story.id, opened.guardian.id))
    return values | who.stored(opened.guardian)


def show_again(
    token: str,
    opened: Opened,
    values: Mapping[str, Any],
    errors: dict[str, LazyString],
    notice: LazyString | str = "",
) -> str:
    """The same for answers that were not kept, or not all of them: it is another look."""
    look_again(opened.actor, Verb.STORY_VIEWED, opened.story.id, version=opened.story.current)
    return show(token, opened, values, errors, notice)


def show(
    token: str,
    opened: Opened,
    values: Mapping[str, Any],
    errors: dict[str, LazyString],
    notice: LazyString | str = "",
) -> str:
    """The story and the questions, with what was typed."""
    story, guardian = opened.story, opened.guardian
    version = version_of(story)
    text = questions.page_text("guardian")
    asked = questions.ask(text, version)
    return render_template(
        "consent/read.html",
        token=token,
        draft=f"{hash_token(token)[:16]}-{story.current}",
        story=story,
        text=text,
        sections=questions.sections(text, asked, values, errors),
        relations=RELATIONS,
        **acts.asked_of(guardian, asked),
        answered=bool(said_by_guardian(story.id, guardian.id)),
        can_erase=decides_about_all(guardian),
        waits=bool(waiting(opened)),
        to_confirm=questions.said(to_confirm(opened)),
        waiting_time=time_to_confirm(),
        lines=[line for line in lines_of(opened) if line.waits and line.scope in waiting(opened)],
        month=month_to_tell_again(opened),
        aloud="aloud" in request.args,
        values=values,
        errors=errors,
        notice_words=notice,
        **_told(token, story),
    )


def _told(token: str, story: Story) -> dict[str, Any]:
    """The story as its template prints it."""
    told = content(version_of(story))

    def address(name: str) -> str:
        return url_for("consent.file", token=token, name=name)

    return {
        "told": told,
        "child": unseal(story.storyteller_id, "invented_name", story.storyteller.invented_name_sealed),
        "images": previews.images(told.assets),
        "sounds": previews.sounds(told.assets),
        "waiting": any(asset.state is State.QUARANTINED for asset in told.assets),
        "address": address,
        "untranslated": untranslated(story),
        "translation": translation_of(story),
    }


def untranslated(story: Story) -> str:
    """The language a story was told in, where the page is in another one."""
    return story.locale.value if story.locale.value != page_code() else ""


def translation_of(story: Story) -> Written | None:
    """What a second speaker has checked in the language of the page, if there is such a translation."""
    rows = checked_beside(story.id, story.current)
    mine = [row for row in rows if row.kind is Beside.TRANSLATION and row.locale == page_code()]
    return next(iter(open_words(story.id, mine)), None)


@bp.get("/<token>/files/<name>")
@limiter.limit("300 per minute")
@open_to(Audience.GUARDIAN)
@writes
def file(token: str, name: str) -> ResponseReturnValue:
    """One rendition, decrypted; that it was looked at is recorded."""
    opened = find_file_link(token)
    rendition = previews.find_rendition(opened.story, name)
    record(opened.actor, Verb.PREVIEW_OPENED, opened.story.id, purpose=rendition.purpose.value)
    return previews.stream(rendition)
