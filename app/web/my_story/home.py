"""What became of my story: what waits for me, who can see it now and why, what we wrote, and what I can do."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext, lazy_gettext as _

from app.consent.actions import hide as hide_story, show_again as show_story_again
from app.consent.queries import said_now, taken_back
from app.consent.rules import Party, Value
from app.errors import Invalid
from app.extensions import limiter
from app.impact.queries import been
from app.media.rules import State as AssetState
from app.people.permissions import Role
from app.people.queries import ever_named, last_reissue
from app.release.telling import told_about
from app.stories.actions import can_undo_erasure, object_to_decline, say
from app.stories.lifecycle import State, Verb, open_to as verbs_open_to
from app.stories.models import Story
from app.stories.queries import assets_of_version, messages, version_of
from app.stories.rules import Author, Eraser, who_erases
from app.web import previews
from app.web.child_words import LINK_FOR, LINK_OF, NEXT_FOR_CHILD, NO_LINK_OF, SHOWN_FOR_CHILD
from app.web.forms import many_lines, only_fields
from app.web.guard import Audience, open_to
from app.web.my_story import bp
from app.web.my_story.another_way import unanswered, without_link
from app.web.my_story.attention import links_of, nobody_sees, seen_now, waiting, what_follows
from app.web.my_story.beside import told_beside
from app.web.my_story.mine import my_story, standing
from app.web.reaching import time_to_confirm
from app.web.transaction import writes
from app.web.verdicts import shared_reasons, verdict_rows
from app.web.words import REASONS_FOR_CHILD, STATES_FOR_CHILD, sentence


@bp.get("/my-story/home")
@open_to(Audience.CHILD)
def home() -> str:
    """The page from which everything is at most two taps away."""
    return _show(my_story(), {})


def _show(story: Story, errors: dict[str, LazyString]) -> str:
    assets = assets_of_version(version_of(story).id)
    rows, said = verdict_rows(story, REASONS_FOR_CHILD, for_family=True), messages(story)
    stands = standing(story)
    asked = unanswered(story)
    waits, links = waiting(story, rows, said, asked), links_of(story)
    leaving = story.erase_after is not None
    return render_template(
        "my_story/home.html",
        story=story,
        waiting=waits,
        status=STATES_FOR_CHILD[stands],
        next=NEXT_FOR_CHILD[what_follows(story, stands, rows, waits, links)],
        nowhere=nobody_sees(rows),
        everywhere=shared_reasons(rows),
        rows=rows,
        shown=[(name, grade, SHOWN_FOR_CHILD[f"{name}-{grade}"]) for name, grade in seen_now(story, stands, rows)],
        link_for=LINK_FOR,
        link_of=LINK_OF,
        waiting_time=time_to_confirm(),
        messages=said,
        been=been(story.id),
        told=told_about(story.id),
        beside=told_beside(story),
        reissue=last_reissue(story.storyteller_id),
        left_out=any(one.left_out_by and not one.named_by for one in ever_named(story.storyteller_id)),
        can_stop=can_undo_erasure(story, Role.CHILD),
        for_others=who_erases(story.erase_asked_by) is not Eraser.CHILD,
        leaving=leaving,
        can_hide=not leaving and any(given.value == Value.YES for given in said_now(story.id)[0].values()),
        can_show_again=not leaving and bool(taken_back(story.id)),
        can_correct=Verb.CORRECT in verbs_open_to(story.state, Role.CHILD) and not leaving,
        refused=[row for row in previews.rows(assets, previews.no_address) if row["state"] == AssetState.REFUSED],
        links=links,
        unanswered=asked,
        without_link=without_link(story),
        no_link_of=NO_LINK_OF,
        errors=errors,
        typed=request.form.get("message", ""),
    )


@bp.post("/my-story/message")
@limiter.limit("20 per minute")
@open_to(Audience.CHILD)
@writes
def write_back() -> ResponseReturnValue:
    """A few words from the child; about a declined story they are an objection, and it is looked at again."""
    only_fields("message", "object")
    story = my_story(lock=True)
    try:
        if request.form.get("object") and story.state is State.DECLINED:
            object_to_decline(story, many_lines("message"))
        else:
            say(story, Author.CHILD, many_lines("message"))
    except Invalid as error:
        return _show(story, {"message": sentence(error.code)}), 422
    flash(gettext("We have your message."), "good")
    return redirect(url_for("my_story.home", _anchor="messages"))


@bp.post("/my-story/hide")
@open_to(Audience.CHILD)
@writes
def hide() -> ResponseReturnValue:
    """One button: nobody sees it any more."""
    only_fields()
    hide_story(my_story(lock=True), Party.CHILD)
    flash(_("Your story is hidden. Nobody can see it now."), "good")
    return redirect(url_for("my_story.home"))


@bp.post("/my-story/show")
@open_to(Audience.CHILD)
@writes
def show_again() -> ResponseReturnValue:
    """And back again: what was a yes before hiding is a yes again."""
    only_fields()
    show_story_again(my_story(lock=True))
    flash(_("Your yes is back. Below you see where your story can be seen."), "good")
    return redirect(url_for("my_story.home"))
