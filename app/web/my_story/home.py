"""What became of my story: where it stands, who can see it and why, what we wrote to each other, and what I can do."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, format_date, gettext, lazy_gettext as _

from app import clock
from app.campaigns.queries import all_campaigns
from app.campaigns.rules import in_language
from app.consent.actions import hide as hide_story, show_again as show_story_again
from app.consent.queries import said_now, taken_back
from app.consent.rules import CAMPAIGN, Party, Value
from app.errors import Invalid
from app.extensions import limiter
from app.media.rules import State as AssetState
from app.release.facts import facts_of
from app.release.policy import places_of, verdict
from app.release.telling import told_about
from app.release.terms import FOREVER
from app.stories.actions import accept_final, object_to_decline, say
from app.stories.lifecycle import State
from app.stories.models import Story
from app.stories.queries import assets_of_version, messages, version_of
from app.stories.rules import Author
from app.web import previews
from app.web.forms import many_lines, only_fields
from app.web.guard import Audience, open_to
from app.web.links import hand_over, qr
from app.web.locale import page_code
from app.web.my_story import bp
from app.web.my_story.mine import my_story
from app.web.transaction import writes
from app.web.verdicts import shared_reasons
from app.web.words import NEXT_FOR_CHILD, REASONS_FOR_CHILD, STATES_FOR_CHILD, sentence


@bp.get("/my-story/home")
@open_to(Audience.CHILD)
def home() -> str:
    """The page from which everything is at most two taps away."""
    return _show(my_story(), {})


def _show(story: Story, errors: dict[str, LazyString]) -> str:
    version = version_of(story)
    assets = assets_of_version(version.id)
    link = hand_over(story)
    rows = verdict_rows(story)
    return render_template(
        "my_story/home.html",
        story=story,
        status=STATES_FOR_CHILD[story.state],
        next=NEXT_FOR_CHILD[story.state],
        rows=rows,
        told=told_about(story.id),
        everywhere=shared_reasons(rows),
        messages=messages(story),
        can_hide=any(given.value == Value.YES for given in said_now(story.id)[0].values()),
        can_show_again=bool(taken_back(story.id)),
        must_accept=version.differs and version.accepted_at is None,
        refused=[row for row in previews.rows(assets, _no_preview) if row["state"] == AssetState.REFUSED],
        link=link,
        link_code=qr(link) if link else "",
        errors=errors,
        typed=request.form.get("message", ""),
    )


def _no_preview(_name: str) -> str:
    return ""


def verdict_rows(story: Story) -> list[dict[str, Any]]:
    """Who can see the story now, place by place, and why not."""
    facts, now = facts_of(story), clock.now()
    titles = {campaign.id: in_language(campaign.title, page_code()) for campaign in all_campaigns()}
    rows = []
    for place in places_of(facts):
        said = verdict(facts, place, now)
        ends = said.until if said.until and said.until < FOREVER else None
        rows.append(
            {
                "place": place,
                "allowed": said.allowed,
                "reasons": [REASONS_FOR_CHILD[reason] for reason in said.reasons],
                "title": titles.get(place.removeprefix(CAMPAIGN), ""),
                "until": gettext("until %(day)s", day=format_date(ends)) if ends else "",
            }
        )
    return rows


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


@bp.post("/my-story/accept")
@open_to(Audience.CHILD)
@writes
def accept() -> ResponseReturnValue:
    """The child has looked at the final version, and it is fine."""
    only_fields()
    accept_final(my_story(lock=True))
    flash(_("Thank you. You said yes to this version."), "good")
    return redirect(url_for("my_story.home"))
