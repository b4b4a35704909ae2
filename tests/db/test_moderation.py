"""Claims, approvals and the queue, on both databases."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.audit.models import AuditEntry
from app.errors import Conflict, Invalid, NotAllowed
from app.extensions import db
from app.moderation import actions, queries
from app.moderation.models import Claim, Review
from app.people.models import Staff
from app.people.permissions import Role
from app.people.rules import AgeBand
from app.stories.actions import ask_erasure, correct, submit
from app.stories.lifecycle import State
from app.stories.models import Story
from app.stories.queries import media_of, valid_approvals, versions_of
from app.stories.rules import Medium
from tests.factories.people import make_staff
from tests.factories.stories import (
    FINE,
    add_picture,
    add_sound,
    begin_story,
    child_says,
    make_approved,
    make_claimed,
    make_submitted,
)

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
THEMES = ["family"]
REASON = "She went home ill this morning"


@pytest.fixture
def staff() -> Staff:
    return make_staff()


def ids(stories: Sequence[Story]) -> list[str]:
    return [story.id for story in stories]


def test_a_claim_is_one_persons(staff: Staff) -> None:
    story = make_claimed(staff)
    assert story.state is State.IN_REVIEW
    with pytest.raises(Conflict, match="claimed"):
        actions.claim(make_staff(), story)


def test_claiming_again_lengthens_the_claim(staff: Staff) -> None:
    with clock.fixed(NOON):
        story = make_claimed(staff)
    with clock.fixed(NOON + timedelta(minutes=14)):
        actions.claim(staff, story)
    with clock.fixed(NOON + timedelta(minutes=28)):
        assert queries.claim_on(story.id) is not None
        assert queries.expired_claims() == []
    with clock.fixed(NOON + timedelta(minutes=29)):
        assert queries.claim_on(story.id) is None
        assert [claim.story_id for claim in queries.expired_claims()] == [story.id]


def test_every_lengthening_is_in_the_audit(staff: Staff) -> None:
    story = make_claimed(staff)
    actions.claim(staff, story)
    actions.claim(staff, story)
    acts = select(AuditEntry.verb).where(AuditEntry.actor == staff.id).order_by(AuditEntry.seq)
    assert list(db.session.scalars(acts)) == ["story.claimed", "story.claim_lengthened", "story.claim_lengthened"]


@pytest.mark.parametrize("taken_over", [False, True])
def test_a_corrected_story_that_comes_back_under_a_claim_can_be_approved(staff: Staff, taken_over: bool) -> None:
    story, reviewer = make_claimed(staff), make_staff() if taken_over else staff
    correct(story)
    with pytest.raises(Conflict, match="not_in_this_state"):
        actions.claim(staff, story)
    submit(story, Role.CHILD)
    if taken_over:
        actions.break_claim(reviewer, story, REASON)
    else:
        actions.claim(reviewer, story)
    assert story.state is State.IN_REVIEW
    actions.approve(reviewer, story, FINE, ["family"])
    assert story.state is State.APPROVED


def test_the_clock_gives_an_expired_claim_back_once(staff: Staff) -> None:
    with clock.fixed(NOON):
        story = make_claimed(staff)
        actions.expire_claim(story)
        assert story.state is State.IN_REVIEW
    with clock.fixed(NOON + timedelta(minutes=15)):
        actions.expire_claim(story)
        actions.expire_claim(story)
    assert story.state is State.SUBMITTED
    released = select(AuditEntry.actor).where(AuditEntry.verb == "story.claim_released")
    assert db.session.scalars(released).all() == ["clock"]


def test_breaking_a_claim_needs_one_and_a_reason(staff: Staff) -> None:
    story, other = make_submitted(), make_staff()
    with pytest.raises(Conflict, match="not_claimed"):
        actions.break_claim(staff, story, REASON)
    actions.claim(other, story)
    with pytest.raises(Invalid, match="reason_too_short"):
        actions.break_claim(staff, story, "  urgent  ")
    actions.break_claim(staff, story, REASON)
    assert db.session.get_one(Claim, story.id).staff_id == staff.id
    with pytest.raises(Conflict, match="claim_lost"):
        actions.approve(other, story, FINE, THEMES)


@pytest.mark.parametrize("band", [AgeBand.SIX_TO_NINE, AgeBand.TEN_TO_TWELVE])
def test_young_children_have_two_approvers(staff: Staff, band: AgeBand) -> None:
    story = make_claimed(staff, age_band=band)
    last = actions.approve(staff, story, FINE, THEMES)
    assert last is (band is AgeBand.TEN_TO_TWELVE)
    assert story.state is (State.APPROVED if last else State.SUBMITTED)
    assert (story.approved_at is not None) is last


@pytest.mark.parametrize(
    ("answers", "sound", "needed"),
    [
        ({"gallery": "yes"}, False, 1),
        ({"gallery": "yes", "press": "unsure"}, False, 1),
        ({"press": "yes"}, False, 2),
        ({"campaign:x": "yes"}, False, 2),
        ({"gallery": "yes", "voice": "own"}, True, 2),
        ({"gallery": "yes", "voice": "own"}, False, 1),
        ({"gallery": "yes", "voice": "transcript"}, True, 1),
        ({}, True, 1),
    ],
)
def test_what_the_child_opened_decides_how_many_must_approve(answers: dict[str, str], sound: bool, needed: int) -> None:
    story = begin_story()
    if sound:
        add_sound(story)
    child_says(story, answers)
    submit(story, Role.CHILD)
    assert actions.approvals_asked(story) == needed


def test_the_same_person_never_approves_twice(staff: Staff) -> None:
    story = make_claimed(staff, age_band=AgeBand.SIX_TO_NINE)
    actions.approve(staff, story, FINE, THEMES)
    actions.claim(staff, story)
    with pytest.raises(NotAllowed, match="second_approver"):
        actions.approve(staff, story, FINE, THEMES)


def test_a_new_version_is_anybodys_to_approve(staff: Staff) -> None:
    story, other = make_claimed(staff, age_band=AgeBand.SIX_TO_NINE), make_staff()
    actions.approve(staff, story, FINE, THEMES)
    assert queries.queue().approved_by == {story.id: {staff.id}}
    actions.claim(other, story)
    actions.ask_changes(other, story, FINE, "Could you paint the sign blue?")
    submit(story, Role.CHILD)
    assert queries.queue().approved_by == {}
    actions.claim(staff, story)
    assert actions.approve(staff, story, FINE, THEMES) is False


def test_reopening_voids_every_approval(staff: Staff) -> None:
    story = make_approved(age_band=AgeBand.SIX_TO_NINE)
    assert len(valid_approvals(story)) == 2
    actions.reopen(staff, story)
    assert valid_approvals(story) == []
    assert story.state is State.IN_REVIEW
    assert actions.approve(staff, story, FINE, THEMES) is False


def test_reviews_are_kept_in_order(staff: Staff) -> None:
    with clock.fixed(NOON):
        story = make_claimed(staff)
        actions.decline(staff, story, {"face": "problem"}, "We can see your face.")
    with clock.fixed(NOON + timedelta(days=1)):
        other = make_claimed(staff)
        actions.approve(staff, other, FINE, THEMES)
    assert [(review.decision, review.marks) for review in queries.reviews(story.id)] == [
        ("decline", {"face": "problem"})
    ]
    assert len(db.session.scalars(select(Review)).all()) == 2


def test_the_queue_pages_by_age_then_id_and_leaves_out_who_leaves(staff: Staff) -> None:
    waiting = []
    for number in range(queries.PAGE * 2 + 3):
        with clock.fixed(NOON + timedelta(minutes=number // 3)):
            waiting.append(make_submitted())
    ask_erasure(waiting.pop(4), Role.CHILD, now=False)
    ask_erasure(waiting.pop(4), Role.CHILD, now=True)
    begin_story()
    with clock.fixed(NOON):
        actions.claim(staff, waiting[0])
        expected = ids(sorted(waiting, key=lambda story: (story.submitted_at, story.id)))
        seen, after, sizes = [], "", []
        while after is not None:
            page = queries.queue(after)
            seen += ids(page.stories)
            sizes.append(len(page.stories))
            after = page.after
        assert seen == expected
        assert sizes == [queries.PAGE, queries.PAGE, 1]
        assert set(queries.queue().claims) == {waiting[0].id}


def test_counting_stops_where_it_is_told() -> None:
    for _ in range(4):
        make_submitted()
    assert [queries.count_waiting(limit) for limit in (2, 4, 9)] == [2, 4, 4]


def test_media_are_those_of_the_current_version() -> None:
    mute, told = make_submitted(), begin_story(text="")
    add_picture(told)
    add_sound(told)
    submit(told, Role.CHILD)
    assert media_of([mute.id, told.id, "nobody"]) == {
        mute.id: {Medium.TEXT},
        told.id: {Medium.DRAWING, Medium.SOUND},
    }


def test_versions_are_the_ones_that_were_handed_in(staff: Staff) -> None:
    story = make_claimed(staff)
    actions.ask_changes(staff, story, {}, "Could you paint the sign blue?")
    submit(story, Role.CHILD)
    assert [version.number for version in versions_of(story)] == [2, 1]
