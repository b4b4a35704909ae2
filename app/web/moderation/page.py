"""The review page, put together: what the story says, what the rule says, and what the reviewer filled in so far."""

from collections.abc import Callable
from datetime import timedelta

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, lazy_gettext as _

from app import clock
from app.adapters.queue import rollback
from app.errors import Conflict, EyesError, Invalid, NotAllowed
from app.moderation.actions import approvals_asked
from app.moderation.queries import claim_on, declined_by, reviews, takeovers
from app.moderation.rules import Line, Mark
from app.people.permissions import Role
from app.people.queries import staff_names
from app.safeguarding.queries import is_held
from app.stories.lifecycle import WAITING, Verb, open_to
from app.stories.models import Story
from app.stories.queries import calls_for_help, valid_approvals
from app.web import previews
from app.web.inspection import find_story, inspect
from app.web.login import me
from app.web.moderation.typed import OPENINGS, Typed, in_childs_language
from app.web.staff_words import SHOWN
from app.web.verdicts import verdict_rows
from app.web.words import REASONS, sentence

MINUTE = timedelta(minutes=1)


def render_review(
    story: Story, typed: Typed | None = None, *, number: int | None = None, refusal: EyesError | None = None
) -> str:
    """The page of one story. `typed` is filled in again, `refusal` said beside the field it is about."""
    staff, claim, approvals = me(), claim_on(story.id), valid_approvals(story)
    typed = typed or Typed(themes=story.themes)
    it, taken = inspect(staff, story, number), takeovers(story.id)
    return render_template(
        "moderation/review.html",
        it=it,
        pieces=[(row["id"], row["name"]) for row in previews.rows(it.words.assets, previews.no_address)],
        story=story,
        claim=claim,
        me=staff,
        mine=claim is not None and claim.staff_id == staff.id,
        minutes_left=-((clock.now() - claim.expires_at) // MINUTE) if claim else 0,
        may_claim=may_claim(story, staff.role),
        may_reopen=Verb.REOPEN in open_to(story.state, staff.role),
        approvals=approvals,
        approved_by_me=any(approval.staff_id == staff.id for approval in approvals),
        needed=approvals_asked(story),
        held=is_held(story.id),
        objected=declined_by([story.id]).get(story.id, set()) if story.state in WAITING else set(),
        call=calls_for_help(leaving=True).get(story.id),
        places=verdict_rows(story, REASONS),
        shown=[(name, SHOWN[f"{name}-{grade}"]) for name, grade in it.grades.items()],
        reviews=reviews(story.id),
        takeovers=taken,
        names=staff_names({each.staff_id for each in taken}),
        lines=list(Line),
        marks=list(Mark),
        openings=in_childs_language(story.locale),
        openings_here=OPENINGS,
        typed=typed,
        errors=sentences(refusal, typed),
        summary=summary(refusal, typed),
        refusal=sentence(refusal.code) if refusal and not isinstance(refusal, Invalid) else None,
    )


def may_claim(story: Story, role: Role) -> bool:
    """Whether the story waits for a reviewer, or for the one whose claim has run out."""
    verbs = open_to(story.state, role)
    return Verb.CLAIM in verbs or (Verb.RELEASE_CLAIM in verbs and claim_on(story.id) is None)


def sentences(refusal: EyesError | None, typed: Typed) -> dict[str, LazyString]:
    """A sentence for each field the refusal is about; an approval names every line that is still open."""
    if not isinstance(refusal, Invalid):
        return {}
    if refusal.code == "line_unanswered":
        return dict.fromkeys(typed.unanswered, _("Not answered"))
    return {refusal.field or "message": sentence(refusal.code)}


def summary(refusal: EyesError | None, typed: Typed) -> dict[str, LazyString]:
    """What the refusal says, leading to the first field it is about."""
    first = next(iter(sentences(refusal, typed)), None)
    return {} if refusal is None or first is None else {first: sentence(refusal.code)}


def go_on(story: Story, rest: Typed) -> ResponseReturnValue:
    """Back to the review after something else was done on its page, with `rest` as far as it was filled in."""
    if rest.is_empty:
        return redirect(url_for("moderation.review", story_id=story.id), 303)
    return render_review(story, rest)


def attempt(story_id: str, typed: Typed, act: Callable[[Story], ResponseReturnValue]) -> ResponseReturnValue:
    """Act on the locked story. A refusal changes nothing and brings the page back with everything that was typed.

    It is answered 200, because the page shows the story again and that look must be committed to the audit.
    """
    story = find_story(me(), story_id, lock=True)
    try:
        return act(story)
    except (Invalid, Conflict, NotAllowed) as refusal:
        rollback()
        if refusal.code == "older_version":
            typed = typed.about_no_version()
        return render_review(find_story(me(), story_id), typed, refusal=refusal)
