"""A yes is said again before it runs out: what was shown goes on being shown, without a gap, for as long again."""

from datetime import UTC, datetime, timedelta

import pytest

from app import clock
from app.adapters import outside
from app.adapters.queue import commit
from app.cli.sweeper import sweep
from app.consent.actions import later_by_months
from app.consent.queries import said_now
from app.people.models import Guardian
from app.people.permissions import Role
from app.people.queries import guardians_of
from app.release.facts import facts_of
from app.release.policy import verdict
from app.release.queries import places_now
from app.release.terms import Reason
from app.stories import actions
from app.stories.models import Story
from tests.factories.people import make_guardian
from tests.factories.stories import answer_by_link, approve, begin_story, child_says, yes_to

BEGINNING = datetime(2026, 3, 10, 9, tzinfo=UTC)
DAY = timedelta(days=1)
YES = yes_to(["gallery"])


@pytest.fixture
def story() -> Story:
    """Shown in the gallery since the child and a mother, by two links, said yes."""
    with clock.fixed(BEGINNING):
        story = begin_story()
        child_says(story, YES)
        actions.submit(story, Role.CHILD)
        approve(story)
        mother = make_guardian(story.storyteller, email="mother@example.org")
        answer_by_link(story, mother, YES, BEGINNING)
    with clock.fixed(BEGINNING + DAY):
        assert answer_by_link(story, mother, YES, BEGINNING + DAY)
        commit(outside().queue)
    return story


def mother_of(story: Story) -> Guardian:
    return guardians_of(story.storyteller_id)[0]


def ends() -> datetime:
    """When what was said at the beginning runs out."""
    return later_by_months(BEGINNING, outside().settings.answer_months)


def shown_at(story: Story, moment: datetime) -> bool:
    """Whether the rule and, after a round of the sweeper, the showcase show it then."""
    with clock.fixed(moment):
        sweep()
        allowed = verdict(facts_of(story), "gallery", clock.now()).allowed
        assert (places_now(story.id) == ["gallery"]) is allowed
    return allowed


def test_what_is_said_again_in_time_is_shown_without_a_gap_for_as_long_again(story: Story) -> None:
    asked = ends() - 30 * DAY
    with clock.fixed(asked):
        assert answer_by_link(story, mother_of(story), YES, asked), "a yes that still holds is renewed at once"
        child_says(story, YES)
        commit(outside().queue)
        child, (mother,) = said_now(story.id)[0], said_now(story.id)[1].values()
        again = later_by_months(asked, outside().settings.answer_months)
        assert {given.expires_at for said in (child, mother) for given in said.values()} == {again}
    moments = [
        asked,
        ends() - DAY,
        ends() - timedelta(seconds=1),
        ends(),
        ends() + 2 * DAY,
        again - timedelta(seconds=1),
    ]
    assert [shown_at(story, moment) for moment in moments] == [True] * len(moments)
    assert not shown_at(story, again)


@pytest.mark.parametrize(
    ("who", "reason"), [("the child", Reason.GUARDIAN_EXPIRED), ("the mother", Reason.CHILD_EXPIRED)]
)
def test_what_only_one_says_again_goes_dark_with_the_others_yes(story: Story, who: str, reason: Reason) -> None:
    asked = ends() - 7 * DAY
    with clock.fixed(asked):
        if who == "the child":
            child_says(story, YES)
        else:
            answer_by_link(story, mother_of(story), YES, asked)
        commit(outside().queue)
    gone = ends() + 2 * DAY
    assert [shown_at(story, moment) for moment in (ends() - DAY, gone)] == [True, False]
    with clock.fixed(gone):
        assert verdict(facts_of(story), "gallery", clock.now()).reasons == (reason,)


def test_what_is_said_again_too_late_comes_back_by_a_fresh_link_and_not_by_the_first(story: Story) -> None:
    late = ends() + 3 * DAY
    assert not shown_at(story, late)
    for moment, link_made_at, holds in ((late, BEGINNING, False), (late + DAY, late + DAY, True)):
        with clock.fixed(moment):
            child_says(story, YES)
            assert answer_by_link(story, mother_of(story), YES, link_made_at) is holds
            commit(outside().queue)
        assert shown_at(story, moment) is holds
