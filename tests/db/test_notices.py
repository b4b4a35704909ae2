"""Guardians are written to again when something is due, once each, by a clock that the tests move."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.adapters import outside
from app.adapters.queue import commit
from app.cli.sweeper import sweep
from app.consent import notices
from app.consent.actions import ask_guardian
from app.consent.models import GuardianNotice
from app.consent.notices import ask_again, send_due
from app.consent.queries import said_by_guardian
from app.extensions import db
from app.mail.models import OutboxLetter
from app.moderation.actions import claim, reopen
from app.people.growing import note_what_has_come
from app.people.models import Guardian, GuardianLink
from app.people.permissions import Role
from app.people.queries import guardians_of
from app.people.rules import AgeBand
from app.release.facts import facts_of
from app.release.policy import verdict
from app.release.terms import Reason
from app.stories import actions
from app.stories.models import Story
from tests.factories.people import make_act, make_guardian, make_staff, tell_for_good
from tests.factories.stories import answer_by_link, guardian_says, make_approved, make_submitted, yes_to

BEGINNING = datetime(2026, 3, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def chosen() -> dict[str, Any]:
    return {"answer_months": 6}


def save() -> None:
    commit(outside().queue)


def written() -> Counter[str]:
    """How many notices of each kind there are."""
    return Counter(notice.kind.value for notice in db.session.scalars(select(GuardianNotice)))


def letters() -> int:
    return len(db.session.scalars(select(OutboxLetter)).all())


def run_clock(moment: datetime) -> None:
    with clock.fixed(moment):
        note_what_has_come()
        send_due()
        save()


def mother_of(story: Story, email: str = "mother@example.org") -> Guardian:
    return make_guardian(story.storyteller, email=email)


def yes_by_link() -> tuple[Story, Guardian]:
    """A mother said yes to the gallery at the beginning."""
    with clock.fixed(BEGINNING):
        story = make_submitted()
        mother = mother_of(story)
        assert not answer_by_link(story, mother, yes_to(["gallery"]), BEGINNING)
        save()
    return story, mother


def test_a_yes_by_link_is_to_be_confirmed_a_day_later_and_is_asked_for_once() -> None:
    story, mother = yes_by_link()
    run_clock(BEGINNING + DAY - timedelta(minutes=1))
    assert (written(), letters()) == (Counter(), 0)
    run_clock(BEGINNING + DAY)
    run_clock(BEGINNING + 2 * DAY)
    assert (written(), letters()) == (Counter(confirm=1), 1)
    with clock.fixed(BEGINNING + 3 * DAY):
        assert answer_by_link(story, mother, yes_to(["gallery"]), clock.now())
        save()
    run_clock(BEGINNING + 5 * DAY)
    assert written() == Counter(confirm=1)


def test_what_was_said_within_the_day_is_asked_for_with_it_by_a_link_that_can_confirm_both() -> None:
    story, mother = yes_by_link()
    later = BEGINNING + DAY / 2
    with clock.fixed(later):
        answer_by_link(story, mother, yes_to(["embed"]), BEGINNING)
        save()
    run_clock(BEGINNING + DAY)
    assert letters() == 0
    run_clock(later + DAY)
    run_clock(later + 2 * DAY)
    assert (written(), letters()) == (Counter(confirm=1), 1)
    with clock.fixed(later + 2 * DAY):
        assert answer_by_link(story, mother, yes_to(["gallery", "embed"]), later + DAY)
        save()


def test_what_was_said_by_the_fresh_link_gets_one_of_its_own() -> None:
    story, mother = yes_by_link()
    run_clock(BEGINNING + DAY)
    with clock.fixed(BEGINNING + DAY + timedelta(microseconds=1)):
        answer_by_link(story, mother, yes_to(["embed"]), BEGINNING + DAY)
        save()
    for hours in range(1, 72):
        run_clock(BEGINNING + DAY + timedelta(hours=hours))
    assert (written(), letters()) == (Counter(confirm=2), 2)


def test_a_yes_that_was_said_again_by_the_old_link_is_confirmed_by_the_fresh_one() -> None:
    with clock.fixed(BEGINNING):
        story = make_submitted()
        mother = mother_of(story)
        answer_by_link(story, mother, yes_to(["gallery"]), BEGINNING)
    for at, link_made_at, holds in (
        (BEGINNING + DAY, BEGINNING, False),
        (BEGINNING + DAY, BEGINNING + DAY, True),
    ):
        with clock.fixed(at):
            assert answer_by_link(story, mother, yes_to(["gallery"]), link_made_at) is holds


def test_a_guardian_without_an_address_gets_a_fresh_link_by_hand() -> None:
    with clock.fixed(BEGINNING):
        story = make_submitted()
        father = mother_of(story, email="")
        answer_by_link(story, father, yes_to(["gallery"]), clock.now())
        save()
    run_clock(BEGINNING + DAY)
    assert (written(), letters()) == (Counter(confirm=1), 0)
    assert len(waiting_links(story)) == 1


def waiting_links(story: Story) -> list[str]:
    rows = db.session.scalars(select(GuardianLink).where(GuardianLink.story_id == story.id))
    return [row.token_hash for row in rows if row.token_sealed is not None]


def test_reminders_come_sixty_thirty_and_seven_days_ahead() -> None:
    with clock.fixed(BEGINNING):
        story = make_submitted()
        guardian_says(story, mother_of(story), yes_to(["gallery"]))
        save()
    ends = datetime(2026, 9, 1, 9, tzinfo=UTC)
    seen = {}
    for ahead in (61, 60, 59, 31, 30, 29, 8, 7, 6, 1, 0, -1):
        run_clock(ends - ahead * DAY)
        seen[ahead] = written()["runs_out"]
    assert seen == {61: 0, 60: 1, 59: 1, 31: 1, 30: 2, 29: 2, 8: 2, 7: 3, 6: 3, 1: 3, 0: 3, -1: 3}


def test_a_no_is_left_in_peace_for_thirty_days_when_the_story_changes() -> None:
    with clock.fixed(BEGINNING):
        story = make_submitted()
        guardian_says(story, mother_of(story), {"gallery": "no"})
        actions.correct(story)
        actions.write(actions.working_version(story), "", "Something else.")
        actions.submit(story, Role.CHILD)
        ask_again(story)
        save()
    run_clock(BEGINNING + 29 * DAY)
    assert (written(), letters()) == (Counter(), 0)
    run_clock(BEGINNING + 30 * DAY)
    assert (written(), letters()) == (Counter(new_version=1), 1)


def test_a_guardian_who_said_yes_is_asked_about_the_new_version_at_once() -> None:
    with clock.fixed(BEGINNING):
        story = make_submitted()
        guardian_says(story, mother_of(story), yes_to(["gallery"]))
        silent = make_guardian(story.storyteller, declared=False, email="father@example.org")
        actions.correct(story)
        actions.write(actions.working_version(story), "", "Something else.")
        actions.submit(story, Role.CHILD)
        ask_again(story)
        ask_guardian(story, silent)
        save()
    assert (written(), letters()) == (Counter(new_version=1), 3)


def test_guardians_are_told_when_the_young_person_decides() -> None:
    with clock.fixed(BEGINNING):
        story = make_submitted(age_band=AgeBand.SIXTEEN_SEVENTEEN)
        mother = mother_of(story)
        guardian_says(story, mother, yes_to(["gallery"]))
        tell_for_good(mother, 2028, 3)
        save()
    counts = []
    for day in (datetime(2026, 3, 31, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC), datetime(2028, 4, 1, tzinfo=UTC)):
        run_clock(day)
        counts.append(written()["own_age"])
    assert counts == [0, 1, 2]


def test_nobody_is_told_by_a_month_that_another_parent_has_not_told() -> None:
    with clock.fixed(BEGINNING):
        story = make_submitted(age_band=AgeBand.SIXTEEN_SEVENTEEN)
        mother = mother_of(story)
        guardian_says(story, mother, yes_to(["gallery"]))
        make_guardian(story.storyteller)
        tell_for_good(mother, 2026, 4)
        save()
    run_clock(datetime(2026, 5, 1, tzinfo=UTC))
    assert written()["own_age"] == 0


def test_nobody_is_written_to_about_a_story_that_is_going() -> None:
    with clock.fixed(BEGINNING):
        story = make_submitted()
        answer_by_link(story, mother_of(story), yes_to(["gallery"]), clock.now())
        actions.ask_erasure(story, Role.CHILD, now=False)
        save()
    run_clock(BEGINNING + 2 * DAY)
    assert written() == Counter()


@pytest.mark.parametrize("backend", ["sqlite"])  # what each rule asks of PostgreSQL is asked above
def test_a_year_of_scheduled_work(app: Flask, work: Callable[[], list[str]]) -> None:
    """Three stories, a day at a time: a yes runs out, an act ends, a young person grows up and is silent.

    Each goes dark on its day, and whoever is to be reminded is, nobody twice.
    """
    with clock.fixed(BEGINNING):
        runs_out, ends = make_approved(["gallery"]), make_approved(["gallery"], guardians=0)
        grows_up = make_approved(["gallery"], age_band=AgeBand.THIRTEEN_TO_FIFTEEN)
        carer = make_guardian(ends.storyteller, declared=False)
        make_act(carer, BEGINNING + 100 * DAY)
        guardian_says(ends, carer, yes_to(["gallery"]))
        tell_for_good(guardians_of(grows_up.storyteller_id)[0], 2028, 5)
        save()
    told: dict[str, list[set[Reason]]] = {story.id: [] for story in (runs_out, ends, grows_up)}
    for day in range(366):
        with clock.fixed(BEGINNING + day * DAY):
            sweep()
            work()
            for story_id, days in told.items():
                facts = facts_of(db.session.get_one(Story, story_id))
                days.append(set(verdict(facts, "gallery", clock.now()).reasons))
    own_age = (datetime(2026, 6, 1, tzinfo=UTC) - BEGINNING) // DAY + 1
    dark = [next(day for day, reasons in enumerate(days) if day and reasons) for days in told.values()]
    assert dark == [184, 100, own_age + 90]
    assert [days[first] for days, first in zip(told.values(), dark, strict=True)] == [
        {Reason.CHILD_EXPIRED, Reason.GUARDIAN_EXPIRED},
        {Reason.KEY_GONE},
        {Reason.CHILD_GREW_UP},
    ]
    assert all(all(days[first:]) for days, first in zip(told.values(), dark, strict=True))
    assert written() == Counter(runs_out=9, own_age=1)


def test_a_version_that_the_child_has_not_accepted_is_nobody_elses_news() -> None:
    with clock.fixed(BEGINNING):
        story = make_approved(["gallery"])
        staff = make_staff()
        reopen(staff, story)
        claim(staff, story)
        actions.derive(staff, story, title="A kite", text="We fly it.", replaced={})
        save()
    run_clock(BEGINNING + DAY)
    assert written() == Counter()
    with clock.fixed(BEGINNING + 2 * DAY):
        actions.accept_final(story)
        save()
    run_clock(BEGINNING + 3 * DAY)
    assert written()["new_version"] == 1


def test_each_yes_is_reminded_of_before_its_own_end() -> None:
    with clock.fixed(BEGINNING):
        story = make_submitted()
        mother = mother_of(story)
        guardian_says(story, mother, yes_to(["gallery"]))
    with clock.fixed(BEGINNING + 5 * DAY):
        guardian_says(story, mother, yes_to(["print"]))
        save()
    ends = sorted({given.expires_at for given in said_by_guardian(story.id, mother.id).values() if given.expires_at})
    assert len(ends) == 2
    for days in (60, 30, 7):
        for end in ends:
            run_clock(end - days * DAY)
    assert written() == Counter(runs_out=6)


def test_more_than_a_batch_is_written_in_several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "BATCH", 1)
    with clock.fixed(BEGINNING):
        for _ in range(3):
            story = make_submitted()
            answer_by_link(story, mother_of(story), yes_to(["gallery"]), clock.now())
        save()
    for minute in range(12):
        run_clock(BEGINNING + DAY + timedelta(minutes=minute))
    assert written() == Counter(confirm=3)
