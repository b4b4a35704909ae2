"""A version that protects the child, and one the child wants to change: shown once everybody has seen it."""

from datetime import timedelta

import pytest

from app import clock
from app.adapters import outside
from app.adapters.queue import commit
from app.errors import Conflict, Invalid
from app.moderation import actions as moderation
from app.people.models import Staff
from app.people.permissions import Role
from app.people.queries import guardians_of
from app.release import queries
from app.release.facts import facts_of
from app.release.policy import verdict
from app.release.terms import Reason
from app.safeguarding.actions import decide_suspension, suspend
from app.safeguarding.rules import Asker
from app.stories import actions
from app.stories.lifecycle import State
from app.stories.models import Story
from app.stories.queries import content, version_of
from tests.factories.people import make_staff
from tests.factories.stories import FINE, add_picture, begin_story, guardian_says, make_shown, yes_to

LONG_AGO = timedelta(days=30)


@pytest.fixture
def moderator() -> Staff:
    return make_staff()


def reasons(story: Story) -> tuple[Reason, ...]:
    return verdict(facts_of(story), "gallery", clock.now()).reasons


def save() -> None:
    commit(outside().queue)


def protect(story: Story, moderator: Staff) -> None:
    """A moderator takes an approved story back, makes a version without names, and approves that one; long ago."""
    with clock.fixed(clock.now() - LONG_AGO):
        moderation.reopen(moderator, story)
        actions.derive(moderator, story, title="The kite", text="Without names.", replaced={})
        moderation.approve(moderator, story, FINE, ["family"])
        guardian_says(story, guardians_of(story.storyteller_id)[0], yes_to(["gallery"]))


def test_the_final_version_is_shown_when_the_child_has_accepted_it(moderator: Staff) -> None:
    story = make_shown(["gallery"])
    protect(story, moderator)
    assert reasons(story) == (Reason.FINAL_NOT_ACCEPTED,)
    actions.accept_final(story)
    save()
    item = queries.story(story.id)
    assert item is not None
    assert item.text == "Without names."


def test_a_final_version_the_child_refused_is_not_shown_and_can_still_be_accepted(moderator: Staff) -> None:
    story = make_shown(["gallery"])
    protect(story, moderator)
    actions.refuse_final(story)
    assert reasons(story) == (Reason.FINAL_REFUSED,)
    actions.accept_final(story)
    assert reasons(story) == ()


def test_a_story_as_it_was_handed_in_cannot_be_refused() -> None:
    with pytest.raises(Conflict):
        actions.refuse_final(make_shown(["gallery"]))


def test_a_derived_version_says_what_it_was_made_from_and_leaves_the_old_one_alone(moderator: Staff) -> None:
    story = begin_story()
    left, right = add_picture(story), add_picture(story)
    actions.submit(story, Role.CHILD)
    moderation.claim(moderator, story)
    first = version_of(story)
    made = actions.derive(moderator, story, title="", text="Without names.", replaced={left.id: None})
    assert (made.number, made.derived_from, made.made_by, made.differs) == (2, 1, moderator.id, True)
    assert made.digest not in (None, first.digest)
    assert [asset.id for asset in content(made).assets] == [right.id]
    assert [asset.id for asset in content(first).assets] == [left.id, right.id]


def test_nothing_is_derived_outside_a_review_and_never_down_to_nothing(moderator: Staff) -> None:
    story = make_shown(["gallery"])
    with pytest.raises(Conflict):
        actions.derive(moderator, story, title="", text="Without names.", replaced={})
    moderation.reopen(moderator, story)
    with pytest.raises(Invalid, match="nothing_told"):
        actions.derive(moderator, story, title="", text="", replaced={})


def test_a_child_who_corrects_is_shown_nowhere_until_the_new_version_was_reviewed(moderator: Staff) -> None:
    story = make_shown(["gallery"])
    save()
    actions.correct(story)
    save()
    assert (story.state, queries.story(story.id), queries.has_departed(story.id)) == (State.CHANGES_ASKED, None, True)
    actions.write(actions.working_version(story), "The kite", "What I really wanted to say.")
    actions.submit(story, Role.CHILD)
    with clock.fixed(clock.now() - LONG_AGO):
        guardian_says(story, guardians_of(story.storyteller_id)[0], yes_to(["gallery"]))
        moderation.claim(moderator, story)
        moderation.approve(moderator, story, FINE, ["family"])
    save()
    item = queries.story(story.id)
    assert item is not None
    assert item.text == "What I really wanted to say."


def test_whoever_fears_a_risk_suspends_a_story_at_once_and_a_lead_decides_within_a_day() -> None:
    story = make_shown(["gallery"])
    save()
    held = suspend(Asker.CARER, story, "The uncle must not see it.")
    assert held.due_at - held.asked_at <= timedelta(hours=24)
    assert suspend(Asker.GUARDIAN, story, "").id == held.id
    save()
    assert queries.story(story.id) is None
    lead = make_staff(Role.SAFEGUARDING_LEAD).id
    decide_suspension(lead, held)
    with pytest.raises(Conflict):
        decide_suspension(lead, held)
    save()
    assert queries.story(story.id) is not None


def test_nothing_is_handed_in_once_it_is_erased() -> None:
    story = begin_story()
    actions.ask_erasure(story, Role.CHILD, now=True)
    with pytest.raises(Conflict):
        actions.submit(story, Role.CHILD)
