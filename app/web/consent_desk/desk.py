"""Finding a child by the reference on their card, and seeing whom to ask, and how."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext, lazy_gettext as _

from app.errors import Invalid, NotFound
from app.extensions import limiter
from app.people.actions import name_guardian
from app.people.permissions import Permission
from app.people.rules import Locale
from app.safeguarding.queries import suspensions_of
from app.safeguarding.rules import Asker
from app.stories.models import Story
from app.web.consent_desk import bp
from app.web.consent_desk.children import brake, look_up, progress_of
from app.web.forms import one_of, only_fields
from app.web.guard import Audience, open_to
from app.web.login import me
from app.web.staff_words import SEEN
from app.web.transaction import writes
from app.web.words import sentence

UNKNOWN = _(
    "We know no child with this reference, or another organisation helps them. Please look at it again, or ask a"
    " safeguarding lead."
)


@bp.get("")
@brake
@limiter.limit("60 per minute")
@open_to(Audience.STAFF, Permission.CONSENT_TAKE)
@writes
def desk() -> ResponseReturnValue:
    """The desk; with `?reference=`, the page of that child. A look-up that found nothing is in the audit too."""
    typed = request.args.get("reference", "").strip()
    if not typed:
        return _show(typed, {})
    try:
        story = look_up(typed)
    except Invalid as refusal:
        return _show(typed, {"reference": sentence(refusal.code)})
    if story is None:
        return _show(typed, {"reference": UNKNOWN})
    return show_child(story, {}, {})


def _show(typed: str, errors: dict[str, LazyString]) -> str:
    return render_template("consent_desk/desk.html", typed=typed, errors=errors)


def show_child(story: Story, values: dict[str, str], errors: dict[str, LazyString]) -> str:
    """The page of one child; with what was typed into the form that stops the story, where that was refused."""
    return render_template(
        "consent_desk/child.html",
        story=story,
        guardians=progress_of(story),
        stopped=next(iter(suspensions_of(story.id, Asker.DESK)), None),
        seen=SEEN,
        values=values,
        errors=errors,
    )


@bp.post("/<reference>/guardians")
@brake
@limiter.limit("20 per minute")
@open_to(Audience.STAFF, Permission.CONSENT_TAKE)
@writes
def name_another(reference: str) -> ResponseReturnValue:
    """Somebody else who may decide: the family says in which language they read; who they are they say themselves."""
    only_fields("locale")
    story, locale = look_up(reference), one_of("locale", Locale)
    if story is None:
        raise NotFound
    if locale is None:
        raise Invalid
    name_guardian(me(), story.storyteller, locale)
    flash(gettext("Another guardian is named. You can print a form for them now."), "good")
    return redirect(url_for("consent_desk.desk", reference=story.storyteller.reference), 303)
