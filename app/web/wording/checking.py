"""A second person checks what a colleague wrote: each line of a short list, or back with a reason."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.curation.worded import Worded
from app.curation.wording import accept_words, send_back
from app.errors import Conflict, EyesError, Invalid, NotAllowed, NotFound
from app.media.rules import Kind
from app.people.permissions import Permission
from app.people.queries import staff_names
from app.stories.rules import Beside
from app.stories.wordings import Written
from app.web import previews
from app.web.forms import many_lines, one_line
from app.web.guard import Audience, open_to
from app.web.login import me
from app.web.staff_words import CHECKS, SHOWN
from app.web.transaction import writes
from app.web.verdicts import shown_grades
from app.web.wording import bp
from app.web.wording.page import STALE, UNFIT, address_of, asset_of, at, find_again, find_worded, sentences, slot_of
from app.web.words import sentence

CHECK = "/<story_id>/check/<wording_id>"


@bp.get(CHECK)
@open_to(Audience.STAFF, Permission.WORDS_CHECK)
@writes
def check(story_id: str, wording_id: str) -> str:
    """The words beside what they are about."""
    worded = find_worded(story_id, look=True)
    return render(worded, find_written(worded, wording_id))


def find_written(worded: Worded, wording_id: str) -> Written:
    """Words beside the newest version. Raises `NotFound`."""
    for each in worded.current:
        if each.id == wording_id:
            return each
    raise NotFound


def render(worded: Worded, written: Written, refusal: EyesError | None = None) -> str:
    """The page, as far as it was filled in."""
    slot = slot_of(worded, written.kind, written.about, written.locale)
    image = sound = None
    if written.kind is Beside.CAPTION:
        image = previews.image_of(asset_of(worded, written.about, Kind.IMAGE))
    if written.kind is Beside.TRANSCRIPT:
        sound = previews.sound_of(asset_of(worded, written.about, Kind.SOUND))
    return render_template(
        "wording/check.html",
        story=worded.story,
        told=worded.words,
        written=written,
        slot=slot,
        image=image,
        sound=sound,
        address=address_of(worded),
        back=at(worded, written.locale, f"words-{slot.field}"),
        shown=[(name, SHOWN[f"{name}-{grade}"]) for name, grade in shown_grades(worded.story).items()],
        author=staff_names({written.written_by}).get(written.written_by, ""),
        is_mine=written.written_by == me().id,
        checks=CHECKS,
        ticked=request.form,
        errors=sentences(refusal),
        refusal=sentence(refusal.code) if refusal and not isinstance(refusal, Invalid) else None,
    )


@bp.post(CHECK)
@open_to(Audience.STAFF, Permission.WORDS_CHECK)
@writes
def judge(story_id: str, wording_id: str) -> ResponseReturnValue:
    """Accept the words, or send them back. A refused form comes back as it was filled in."""
    worded = find_worded(story_id, lock=True)
    try:
        if one_line("go") == "accept":
            answered = all(request.form.get(name) == "1" for name in CHECKS)
            accept_words(me(), worded, wording_id, answered=answered)
            flash(gettext("Checked. It is printed wherever the story is shown."), "good")
        else:
            send_back(me(), worded, wording_id, many_lines("reason"))
            flash(gettext("Sent back. Your colleague reads why."), "good")
    except (Invalid, Conflict, NotAllowed) as refusal:
        return answer(story_id, wording_id, refusal)
    return redirect(url_for("wording.index"), 303)


def answer(story_id: str, wording_id: str, refusal: EyesError) -> ResponseReturnValue:
    """The page again with what is wrong; the story's page, where the words are no longer there."""
    worded = find_again(story_id)
    if not any(each.id == wording_id for each in worded.current):
        flash(str(sentence(refusal.code)), "warn")
        return redirect(at(worded, worded.story.locale), 303)
    page = render(worded, find_written(worded, wording_id), refusal)
    return page, UNFIT if isinstance(refusal, Invalid) else STALE
