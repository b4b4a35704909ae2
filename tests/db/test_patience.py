"""A clock that jumps: nothing is erased or ended for ever before somebody has had a working day to see it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.adapters import outside
from app.adapters.queue import commit
from app.audit.models import SweepClock
from app.cli.sweeper import sweep
from app.extensions import db
from app.people.queries import key_of
from app.release.models import Showing
from app.stories.actions import ask_erasure
from app.stories.lifecycle import State
from app.stories.models import Story
from tests.factories.people import Role, make_guardian
from tests.factories.stories import begin_story, child_says, guardian_says, make_approved, make_shown, yes_to

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def chosen() -> dict[str, int]:
    """As shipped."""
    return {"clock_gap_hours": 6}


@pytest.fixture
def now() -> datetime:
    """The sweeper has just looked."""
    moment = clock.now()
    sweep_at(moment)
    return moment


def sweep_at(moment: datetime) -> None:
    with clock.fixed(moment):
        sweep()


def sweep_hourly(begins: datetime, hours: int) -> None:
    for hour in range(hours + 1):
        sweep_at(begins + hour * HOUR)


def leaving() -> Story:
    """Somebody has asked to erase it, and may think again for a week."""
    story = make_shown()
    ask_erasure(story, Role.CHILD, now=False)
    commit(outside().queue)
    return story


def state(story: Story) -> State:
    db.session.expire_all()
    return db.session.get_one(Story, story.id).state


def test_what_is_due_is_erased_while_the_clock_runs_as_it_should(now: datetime) -> None:
    story = leaving()
    with clock.fixed(now):
        db.session.get_one(Story, story.id).erase_after = now + 3 * HOUR
        commit(outside().queue)
    sweep_hourly(now, 4)
    assert state(story) is State.ERASED


def test_a_clock_that_is_ahead_erases_and_ends_nothing_for_eight_hours(now: datetime) -> None:
    story, draft = leaving(), begin_story()
    carer = make_guardian(make_shown().storyteller, until=now + 2 * DAY)
    commit(outside().queue)
    sweep_hourly(now + 400 * DAY, 7)
    assert (state(story), state(draft)) == (State.APPROVED, State.DRAFT)
    assert key_of(carer.id) is not None
    sweep_at(now + HOUR)  # somebody put it right
    sweep_at(now + 2 * HOUR)
    assert (state(story), state(draft)) == (State.APPROVED, State.DRAFT)
    assert db.session.get_one(SweepClock, 1).patient_until <= now + 9 * HOUR


def test_what_is_left_of_patience_is_not_enough_for_a_great_leap(now: datetime) -> None:
    story = leaving()
    sweep_hourly(now + DAY, 7)
    sweep_hourly(now + 400 * DAY, 6)
    assert state(story) is State.APPROVED


def test_after_eight_hours_it_is_believed(now: datetime) -> None:
    story = leaving()
    sweep_hourly(now + 30 * DAY, 9)
    assert state(story) is State.ERASED


def test_an_act_that_ran_out_opens_nothing_while_its_end_waits(now: datetime) -> None:
    with clock.fixed(now - 30 * DAY):
        story = make_approved(["gallery"], guardians=0)
        carer = make_guardian(story.storyteller, until=now + DAY)
        guardian_says(story, carer, yes_to(["gallery"]))
        child_says(story, yes_to(["gallery"]))
        commit(outside().queue)
    sweep_at(now + 2 * DAY)
    (until,) = db.session.scalars(select(Showing.visible_until).where(Showing.story_id == story.id))
    assert until == now + DAY


def test_a_machine_that_is_switched_off_each_night_erases_at_the_end_of_its_day(now: datetime) -> None:
    story = leaving()
    for day in range(8, 11):
        sweep_hourly(now + day * DAY, 5)  # five hours of each day: the second day ends it
        if day == 8:
            assert state(story) is State.APPROVED
    assert state(story) is State.ERASED
