"""The guardian sees the story, exactly as the child handed it in, and the questions."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString

from app.audit.actions import record
from app.audit.rules import Verb
from app.consent.queries import said_by_guardian
from app.extensions import limiter
from app.media.rules import State
from app.people.keys import unseal
from app.people.models import Guardian
from app.stories.queries import content, version_of
from app.web import previews, questions
from app.web.consent import bp
from app.web.consent.link import Opened, find_file_link, open_to_read
from app.web.guard import Audience, open_to
from app.web.transaction import writes
from app.web.words import RELATIONS


@bp.get("/<token>")
@limiter.limit("60 per minute")
@open_to(Audience.GUARDIAN)
@writes
def read(token: str) -> ResponseReturnValue:
    """The page; in the guardian's own language unless the address asks for another."""
    opened = open_to_read(token)
    if "lang" not in request.args:
        return redirect(url_for("consent.read", token=token, lang=opened.guardian.locale.value))
    record(opened.actor, Verb.STORY_VIEWED, opened.story.id, version=opened.story.current)
    return show(token, opened, stored(opened), {})


def stored(opened: Opened) -> dict[str, str]:
    """What this guardian has said before, as the form prints it."""
    guardian = opened.guardian
    values = questions.said(said_by_guardian(opened.story.id, guardian.id))
    return values | {"name": name_of(guardian), "relation": guardian.relation or ""}


def name_of(guardian: Guardian) -> str:
    """The name a guardian wrote; empty before."""
    return unseal(guardian.storyteller_id, f"name:{guardian.id}", guardian.name_sealed)


def show(
    token: str,
    opened: Opened,
    values: dict[str, str],
    errors: dict[str, LazyString],
    notice: LazyString | str = "",
) -> str:
    """The story and the questions, with what was typed."""
    story = opened.story
    version = version_of(story)
    told = content(version)
    text = questions.page_text("guardian")
    guardian_said = said_by_guardian(story.id, opened.guardian.id)

    def address(name: str) -> str:
        return url_for("consent.file", token=token, name=name)

    return render_template(
        "consent/read.html",
        token=token,
        story=story,
        told=told,
        child=unseal(story.storyteller_id, "invented_name", story.storyteller.invented_name_sealed),
        images=previews.images(told.assets),
        sounds=previews.sounds(told.assets),
        waiting=any(asset.state is State.QUARANTINED for asset in told.assets),
        address=address,
        text=text,
        sections=questions.sections(text, questions.ask(text, version), values, errors),
        relations=RELATIONS,
        answered=bool(guardian_said),
        values=values,
        errors=errors,
        notice_words=notice,
    )


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
