"""One story in one language: its captions, its content note, its translation with the original beside; its themes."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.adapters.queue import rollback
from app.audit.actions import record
from app.audit.rules import Verb
from app.curation.queries import is_public
from app.curation.worded import Worded
from app.curation.wording import Place, set_themes, take_off, write_words
from app.errors import Conflict, EyesError, Invalid, NotFound
from app.people.permissions import Permission
from app.people.queries import staff_names
from app.people.rules import Locale
from app.stories.rules import Beside
from app.web import previews
from app.web.forms import many_lines, one_line, one_of
from app.web.guard import Audience, open_to
from app.web.login import me
from app.web.staff_words import SHOWN
from app.web.transaction import writes
from app.web.verdicts import shown_grades
from app.web.wording import bp
from app.web.wording.page import (
    STALE,
    UNFIT,
    address_of,
    at,
    chosen_locale,
    closed,
    find_again,
    find_worded,
    sentences,
    slots,
)
from app.web.words import sentence

TYPED = (Beside.CAPTION, Beside.NOTE, Beside.TRANSLATION)


@bp.get("/<story_id>")
@open_to(Audience.STAFF, Permission.WORDS_CHECK)
@writes
def story(story_id: str) -> str:
    """The page, in the language of the story or in another one (`?in=ro`)."""
    worded = find_worded(story_id, look=True)
    return render(worded, chosen_locale(worded))


def render(
    worded: Worded,
    locale: Locale,
    typed: Mapping[str, Any] | None = None,
    refusal: EyesError | None = None,
    field: str = "",
) -> str:
    """The page, with what was typed into one of its forms; `field` is what the names of that form begin with."""
    found = slots(worded, locale)
    return render_template(
        "wording/story.html",
        story=worded.story,
        told=worded.words,
        worded=worded,
        locale=locale.value,
        slots=found,
        closed={kind.value: closed(worded, kind, locale) for kind in Beside},
        images=dict(zip((slot.about for slot in found["caption"]), previews.images(worded.words.assets), strict=True)),
        sounds=dict(
            zip((slot.about for slot in found["transcript"]), previews.sounds(worded.words.assets), strict=True)
        ),
        address=address_of(worded),
        shown=[(name, SHOWN[f"{name}-{grade}"]) for name, grade in shown_grades(worded.story).items()],
        names=staff_names({each.written_by for each in worded.written}),
        mine=me().id,
        typed=typed or {},
        errors=sentences(refusal, field),
        refusal=sentence(refusal.code) if isinstance(refusal, Conflict) else None,
    )


@bp.post("/<story_id>/write")
@open_to(Audience.STAFF, Permission.WORDS_WRITE)
@writes
def write(story_id: str) -> ResponseReturnValue:
    """Write a caption, a note or a translation. A refused form comes back as it was filled in."""
    kind, about = one_of("kind", Beside), one_line("about")
    if kind not in TYPED:
        raise Invalid
    field = f"{kind.value}-{about}"
    typed = {f"{field}{part}": many_lines(f"{field}{part}") for part in parts_of(kind)}
    worded = find_worded(story_id, lock=True)
    locale = chosen_locale(worded)
    words = {part: typed[f"{field}{part}"] for part in parts_of(kind)}
    try:
        write_words(me(), worded, Place(kind, about, locale), words, one_line("base"))
    except (Invalid, Conflict) as refusal:
        page = render(find_again(story_id), locale, typed, refusal, field)
        return page, STALE if isinstance(refusal, Conflict) else UNFIT
    flash(gettext("Saved. A colleague checks it before it is printed."), "good")
    return redirect(at(worded, locale, f"words-{field}"), 303)


def parts_of(kind: Beside) -> tuple[str, ...]:
    """What a form of this kind asks for."""
    return ("title", "text") if kind is Beside.TRANSLATION else ("text",)


@bp.post("/<story_id>/take-off")
@open_to(Audience.STAFF, Permission.WORDS_WRITE)
@writes
def remove(story_id: str) -> ResponseReturnValue:
    """Take words away, printed or not."""
    worded = find_worded(story_id, lock=True)
    try:
        take_off(me(), worded, one_line("wording"))
        flash(gettext("Taken off. It is printed nowhere any more."), "good")
    except Conflict as refusal:
        rollback()
        flash(str(sentence(refusal.code)), "warn")
    return redirect(at(worded, chosen_locale(worded)), 303)


@bp.post("/<story_id>/themes")
@open_to(Audience.STAFF, Permission.WORDS_WRITE)
@writes
def themes(story_id: str) -> ResponseReturnValue:
    """Say what the story is about."""
    chosen = request.form.getlist("themes")
    worded = find_worded(story_id, lock=True)
    locale = chosen_locale(worded)
    try:
        set_themes(me(), worded, chosen)
    except Invalid as refusal:
        return render(find_again(story_id), locale, {"themes": chosen}, refusal), UNFIT
    flash(gettext("Saved."), "good")
    return redirect(at(worded, locale, "themes"), 303)


@bp.get("/<story_id>/files/<name>")
@open_to(Audience.STAFF, Permission.WORDS_CHECK)
@writes
def file(story_id: str, name: str) -> ResponseReturnValue:
    """A file of the newest version; the log says who opened one that is not public."""
    worded = find_worded(story_id)
    rendition = previews.find_rendition(worded.story, name)
    if rendition.asset_id not in {asset.id for asset in worded.words.assets}:
        raise NotFound
    if not is_public(name):
        detail = {"asset": rendition.asset_id, "purpose": rendition.purpose.value}
        record(me().id, Verb.PREVIEW_OPENED, worded.story.id, **detail)
    return previews.stream(rendition)
