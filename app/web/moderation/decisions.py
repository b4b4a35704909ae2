"""What a review comes to: approve, ask for changes, decline; a case; and looking again at what was approved."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext, lazy_gettext as _

from app import clock
from app.errors import Invalid
from app.moderation import actions
from app.moderation.rules import Decision
from app.people.models import Staff
from app.people.permissions import Permission, may
from app.release.facts import facts_of
from app.safeguarding.actions import open_case
from app.stories.models import Story
from app.stories.queries import content, version_of
from app.web.forms import one_of
from app.web.guard import Audience, open_to
from app.web.inspection import find_story
from app.web.login import me
from app.web.moderation import bp
from app.web.moderation.page import attempt, go_on
from app.web.moderation.typed import Typed, read_typed
from app.web.templating import moment
from app.web.transaction import writes

Act = Callable[[Staff, Story, Typed], LazyString]


def approve(staff: Staff, story: Story, typed: Typed) -> LazyString:
    """Approve, and say whether that was enough, and from when on it holds. The child gets what was written to them."""
    last = actions.approve(staff, story, typed.marks, typed.themes)
    if letter := typed.letter(story.locale).strip():
        actions.write_to_child(staff, story, letter)
    if not last:
        return _("Your approval is noted. A second person must look at the story now.")
    opens = facts_of(story).shown_from
    if opens is None or opens <= clock.now():
        return _("The story is approved. It is shown wherever the child and the guardians said yes.")
    return _(
        "The story is approved. From %(moment)s UTC on it is shown wherever the child and the guardians said yes.",
        moment=moment(opens),
    )


def ask_changes(staff: Staff, story: Story, typed: Typed) -> LazyString:
    """Send the story back to the child with a question."""
    actions.ask_changes(staff, story, typed.marks, typed.letter(story.locale))
    return _("The child has your question.")


def decline(staff: Staff, story: Story, typed: Typed) -> LazyString:
    """Decline, with an answer in kind words."""
    actions.decline(staff, story, typed.marks, typed.letter(story.locale))
    return _("The story will not be shown. The child has your message.")


ACTS: Mapping[Decision, Act] = {
    Decision.APPROVE: approve,
    Decision.ASK_CHANGES: ask_changes,
    Decision.DECLINE: decline,
}


@bp.post("/<story_id>/decide")
@open_to(Audience.STAFF, Permission.STORY_REVIEW)
@writes
def decide(story_id: str) -> ResponseReturnValue:
    """Decide about the version that stood on the page."""
    typed, decision = read_typed(), one_of("decision", Decision)
    if decision is None:
        raise Invalid

    def act(story: Story) -> ResponseReturnValue:
        typed.check_version(story)
        typed.check_unsent(content(version_of(story)))
        flash(str(ACTS[decision](me(), story, typed)), "good")
        return redirect(url_for("moderation.queue"), 303)

    return attempt(story_id, typed, act)


@bp.post("/<story_id>/case")
@open_to(Audience.STAFF, Permission.CASE_OPEN)
@writes
def escalate(story_id: str) -> ResponseReturnValue:
    """Tell the safeguarding leads: from the commit on the story is shown nowhere, and nobody else here sees it."""
    typed = read_typed()

    def act(story: Story) -> ResponseReturnValue:
        if typed.level is None:
            raise Invalid("level", "level")
        open_case(me().id, story, typed.level, typed.worry)
        flash(gettext("The safeguarding leads have your worry. The story is shown nowhere until they decide."), "good")
        if may(me().role, Permission.CASE_HANDLE):
            return go_on(story, replace(typed, level=None, worry=""))
        actions.let_go(me(), story)
        return redirect(url_for("moderation.queue"), 303)

    return attempt(story_id, typed, act)


@bp.post("/<story_id>/reopen")
@open_to(Audience.STAFF, Permission.STORY_REVIEW)
@writes
def reopen(story_id: str) -> ResponseReturnValue:
    """Look again at an approved story: from the commit on it is shown nowhere."""
    story = find_story(me(), story_id, lock=True)
    actions.reopen(me(), story)
    flash(gettext("The story is in review again, and shown nowhere."), "good")
    return redirect(url_for("moderation.review", story_id=story.id), 303)
