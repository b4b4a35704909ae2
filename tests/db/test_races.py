"""Two people act on one story at the same moment: whoever says no is obeyed, and nothing is lost or done twice."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Event
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from structlog.testing import capture_logs

from app import clock
from app.adapters import outside
from app.adapters.queue import commit
from app.audit.actions import record
from app.audit.models import AuditEntry
from app.audit.queries import verify
from app.audit.rules import Verb
from app.campaigns.blocks import Kind
from app.campaigns.models import Campaign, CampaignBlock
from app.cli.sweeper import erase_due, expire_claims, round_of, sweep
from app.consent.actions import ask_guardian, hide
from app.consent.notices import send_due
from app.consent.rules import Party, campaign_scope
from app.curation.building import add_block
from app.curation.choosing import change_stories, choose_story, follow_rule
from app.extensions import db
from app.media import actions as media
from app.media.models import Asset
from app.media.rules import State as AssetState
from app.moderation import actions as moderation
from app.people.authority import Act, accept_act, claim_act
from app.people.models import Authority, DataKey, Guardian, Staff, Storyteller
from app.people.permissions import Role
from app.people.rules import Basis, Locale
from app.release.check import differences
from app.release.queries import places_now
from app.safeguarding.actions import open_case
from app.safeguarding.rules import Level
from app.stories import actions
from app.stories.lifecycle import State
from app.stories.models import Story
from app.stories.queries import content, version_of
from app.stories.rules import version_digest
from tests.db.racing import kinds, race
from tests.factories.campaigns import make_campaign
from tests.factories.people import make_guardian, make_staff
from tests.factories.stories import (
    FINE,
    add_picture,
    begin_story,
    child_says,
    guardian_says,
    make_approved,
    make_shown,
    make_submitted,
    yes_to,
)

GALLERY = yes_to(["gallery"])
NO = {"gallery": "no"}


@pytest.fixture
def chosen() -> dict[str, Any]:
    """An approval shows at once: a mistake would be seen."""
    return {"cooling_off_minutes": 0}


def save() -> None:
    commit(outside().queue)


def find(story_id: str) -> Story:
    return db.session.get_one(Story, story_id)


def acts_about(story_id: str, verb: Verb) -> int:
    statement = select(func.count()).where(AuditEntry.subject == story_id, AuditEntry.verb == verb)
    return db.session.scalar(statement) or 0


def claimed_story() -> tuple[str, str]:
    """A story that needs nothing but the approval of whoever claimed it: its id, and theirs."""
    story, staff = begin_story(), make_staff()
    child_says(story, GALLERY)
    actions.submit(story, Role.CHILD)
    guardian_says(story, make_guardian(story.storyteller), GALLERY)
    moderation.claim(staff, story)
    save()
    return story.id, staff.id


def approve(story_id: str, staff_id: str) -> None:
    moderation.approve(db.session.get_one(Staff, staff_id), find(story_id), FINE, ["family"])


@pytest.mark.parametrize("child_is_first", [True, False])
def test_a_child_who_hides_while_a_moderator_approves_is_obeyed(app: Flask, child_is_first: bool) -> None:
    story_id, staff_id = claimed_story()
    acts = [lambda: hide(find(story_id), Party.CHILD), lambda: approve(story_id, staff_id)]
    assert race(app, *(acts if child_is_first else reversed(acts))) == [None, None]
    assert find(story_id).state is State.APPROVED
    assert places_now(story_id) == []
    assert list(differences()) == []
    assert verify() is None


def test_a_hold_that_opens_while_a_moderator_approves_holds(app: Flask) -> None:
    story_id, staff_id = claimed_story()

    def hold() -> None:
        open_case(staff_id, find(story_id), Level.RED, "a bruise")

    assert race(app, hold, lambda: approve(story_id, staff_id)) == [None, None]
    assert places_now(story_id) == []
    assert list(differences()) == []


def joint_story() -> tuple[str, list[str]]:
    """An approved story from a country where both parents must say yes; neither has."""
    story = make_approved([], country="DE", guardians=0)
    child_says(story, GALLERY)
    guardians = [make_guardian(story.storyteller) for _ in range(2)]
    save()
    return story.id, [guardian.id for guardian in guardians]


def answer(story_id: str, guardian_id: str, values: dict[str, str]) -> None:
    guardian_says(find(story_id), db.session.get_one(Guardian, guardian_id), values)


def test_two_guardians_who_agree_at_once_are_both_heard(app: Flask) -> None:
    story_id, (one, other) = joint_story()
    ended = race(app, lambda: answer(story_id, one, GALLERY), lambda: answer(story_id, other, GALLERY))
    assert ended == [None, None]
    assert places_now(story_id) == ["gallery"]


def test_a_guardian_who_refuses_while_the_other_agrees_is_obeyed(app: Flask) -> None:
    story_id, (one, other) = joint_story()
    answer(story_id, one, GALLERY)
    save()
    ended = race(app, lambda: answer(story_id, one, NO), lambda: answer(story_id, other, GALLERY))
    assert ended == [None, None]
    assert places_now(story_id) == []
    assert list(differences()) == []


@pytest.mark.parametrize("child_is_first", [True, False])
def test_nothing_comes_back_from_an_erasure(app: Flask, child_is_first: bool) -> None:
    story_id, staff_id = claimed_story()
    acts = [
        lambda: actions.ask_erasure(find(story_id), Role.CHILD, now=True),
        lambda: approve(story_id, staff_id),
    ]
    ended = race(app, *(acts if child_is_first else reversed(acts)))
    assert kinds(ended) in (["done", "done"], ["Conflict", "done"])
    assert find(story_id).state is State.ERASED
    assert places_now(story_id) == []
    assert db.session.get(DataKey, story_id) is None


def test_an_undo_and_the_sweeper_never_both_win(app: Flask) -> None:
    story = make_submitted()
    actions.ask_erasure(story, Role.CHILD, now=False)
    story.erase_after = clock.now()
    story_id = story.id
    save()
    undone, _swept = race(app, lambda: actions.undo_erasure(find(story_id)), erase_due)
    story = find(story_id)
    if undone is None:
        assert (story.state, story.erase_after) == (State.SUBMITTED, None)
        assert db.session.get(DataKey, story_id) is not None
    else:
        assert story.state is State.ERASED


def test_the_same_beginning_twice_at_once_is_one_story(app: Flask) -> None:
    client_id = "the-same-browser-made-this"
    one, other = race(app, *(lambda: actions.begin(client_id, Locale.RO).id for _ in range(2)))
    assert one == other
    assert db.session.scalars(select(Story.id)).all() == [one]
    assert db.session.scalar(select(func.count()).select_from(Storyteller)) == 1
    assert db.session.scalar(select(func.count()).select_from(DataKey)) == 2


def test_a_story_handed_in_twice_at_once_is_handed_in_once(app: Flask) -> None:
    story_id = begin_story().id
    save()
    ended = race(app, *(lambda: actions.submit(find(story_id), Role.CHILD) for _ in range(2)))
    assert kinds(ended) == ["Conflict", "done"]
    assert acts_about(story_id, Verb.STORY_SUBMITTED) == 1


@pytest.mark.parametrize("sender_is_first", [True, False])
@pytest.mark.parametrize("corrected", [False, True])
def test_what_was_handed_in_is_not_written_to_any_more(app: Flask, sender_is_first: bool, corrected: bool) -> None:
    story = begin_story()
    if corrected:
        actions.submit(story, Role.CHILD)
        actions.correct(story)
        actions.write(actions.working_version(story), "", "What I meant.")
    story_id = story.id
    save()

    def send() -> None:
        actions.submit(find(story_id), Role.CHILD)

    def write() -> None:
        actions.write(actions.working_version(find(story_id)), "", "Quite other words.")

    ended = race(app, *((send, write) if sender_is_first else (write, send)))
    assert kinds(ended) in (["done", "done"], ["Conflict", "done"])
    story = find(story_id)
    version = version_of(story)
    words = content(version)
    assert story.state is State.SUBMITTED
    assert version.digest == version_digest(words.title, words.text, [])


def test_two_moderators_who_claim_at_once_do_not_both_get_the_story(app: Flask) -> None:
    story_id, staff = make_submitted().id, [make_staff().id for _ in range(2)]
    save()

    def claim(staff_id: str) -> None:
        moderation.claim(db.session.get_one(Staff, staff_id), find(story_id))

    ended = race(app, lambda: claim(staff[0]), lambda: claim(staff[1]))
    assert kinds(ended) == ["Conflict", "done"]
    assert acts_about(story_id, Verb.STORY_CLAIMED) == 1


def test_two_first_entries_of_the_audit_log_get_in_line(app: Flask) -> None:
    ended = race(app, *(lambda: record("clock", Verb.AUDIT_READ, "audit") for _ in range(2)))
    assert ended == [None, None]
    assert db.session.scalars(select(AuditEntry.seq).order_by(AuditEntry.seq)).all() == [1, 2]
    assert verify() is None


def test_two_sweepers_at_once_do_everything_once(app: Flask) -> None:
    erased, claimed = [make_submitted() for _ in range(3)], make_submitted()
    for story in erased:
        actions.ask_erasure(story, Role.CHILD, now=False)
        story.erase_after = clock.now()
    moderation.claim(make_staff(), claimed)
    moderation._claim_on(claimed).expires_at = clock.now()
    ids, claimed_id = [story.id for story in erased], claimed.id
    save()
    with capture_logs() as logs:
        assert race(app, lambda: round_of(erase_due), sweep) == [None, None]
        assert race(app, sweep, sweep) == [None, None]
    assert [entry for entry in logs if entry["event"] == "sweep.failed"] == []
    assert [acts_about(story_id, Verb.STORY_ERASED) for story_id in ids] == [1, 1, 1]
    assert acts_about(claimed_id, Verb.STORY_CLAIM_RELEASED) == 1
    assert find(claimed_id).state is State.SUBMITTED


@pytest.mark.parametrize("child_is_first", [True, False])
def test_a_decoder_that_begins_does_not_refuse_an_erasure(app: Flask, child_is_first: bool) -> None:
    story = begin_story()
    asset_id = add_picture(story, AssetState.QUARANTINED).id
    actions.submit(story, Role.CHILD)
    story_id = story.id
    save()
    acts = [lambda: actions.ask_erasure(find(story_id), Role.CHILD, now=True), lambda: media.claim(asset_id)]
    ended = race(app, *(acts if child_is_first else reversed(acts)))
    assert kinds(ended) == ["done", "done"]
    assert find(story_id).state is State.ERASED
    assert db.session.get(Asset, asset_id) is None


def test_an_act_that_is_accepted_does_not_refuse_a_child_who_hides(app: Flask) -> None:
    story = make_shown(["gallery"])
    carer = make_guardian(story.storyteller, declared=False)
    until = clock.now() + timedelta(days=30)
    act_id = claim_act(carer, Act(Basis.COURT_ACT, "A court's decision, made up.", until)).id
    story_id, lead = story.id, make_staff(Role.SAFEGUARDING_LEAD).id
    save()

    def accept() -> None:
        accept_act(db.session.get_one(Staff, lead), db.session.get_one(Authority, act_id))

    assert race(app, accept, lambda: hide(find(story_id), Party.CHILD)) == [None, None]
    assert places_now(story_id) == []
    assert list(differences()) == []


def test_claims_that_run_out_do_not_refuse_a_child_who_hides(app: Flask) -> None:
    staff = make_staff()
    stories = [begin_story() for _ in range(4)]
    for story in stories:
        child_says(story, GALLERY)
        actions.submit(story, Role.CHILD)
        moderation.claim(staff, story)
        moderation._claim_on(story).expires_at = clock.now()
    ids = sorted(story.id for story in stories)
    save()
    hidings = [partial(lambda story_id: hide(find(story_id), Party.CHILD), story_id) for story_id in ids[1:]]
    assert race(app, expire_claims, *hidings) == [None] * 4
    assert {find(story_id).state for story_id in ids} == {State.SUBMITTED}
    assert verify() is None


def act_then_hide(app: Flask, story_id: str, act: Callable[[], object]) -> list[object]:
    """A child hides a story as soon as `act` has run, whose transaction is not over yet."""
    ran = Event()

    def first() -> None:
        act()
        ran.set()

    def then_hide() -> None:
        ran.wait(5)
        hide(db.session.get_one(Story, story_id), Party.CHILD)

    return race(app, first, then_hide)


def test_a_child_who_hides_never_waits_in_a_circle_with_the_clock_that_reminds(app: Flask) -> None:
    story = make_shown(["gallery"])
    guardian = make_guardian(story.storyteller, declared=False, email="nobody@example.org")
    with clock.fixed(clock.now() - timedelta(days=20)):
        ask_guardian(story, guardian)
    commit(outside().queue)
    assert act_then_hide(app, story.id, send_due) == [None, None]
    assert places_now(story.id) == []


@pytest.mark.parametrize("how", ["by hand", "by a rule"])
def test_nor_with_who_or_what_chooses_stories(app: Flask, how: str) -> None:
    campaign = make_campaign()
    block = add_block("cli", campaign, Kind.STORIES)
    if how == "by a rule":
        change_stories("cli", campaign, block, block.content | {"rule": {}})
    story = make_shown(["gallery", campaign_scope(campaign.id)])
    commit(outside().queue)
    campaign_id, block_id, story_id = campaign.id, block.id, story.id

    def choose() -> None:
        if how == "by a rule":
            follow_rule(campaign_id, block_id)
        else:
            again = db.session.get_one(Campaign, campaign_id, with_for_update=True)
            choose_story("cli", again, db.session.get_one(CampaignBlock, block_id), story_id)

    assert act_then_hide(app, story_id, choose) == [None, None]
    assert places_now(story.id) == []
