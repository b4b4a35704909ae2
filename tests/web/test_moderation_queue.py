"""The queue of stories that wait, and whose turn it is."""

import re
from datetime import timedelta

from flask import Flask
from sqlalchemy import insert

from app import clock
from app.cli.writing import transaction
from app.extensions import db
from app.moderation import actions
from app.moderation.models import Claim
from app.people.models import Staff
from app.people.permissions import Role
from app.people.rules import Locale
from app.stories.lifecycle import State
from app.stories.models import Story
from tests.factories.people import INVENTED_NAME
from tests.factories.stories import TEXT, TITLE, begin_story, make_submitted
from tests.web.reviewing import APPROVAL, NOON, at, claimed, made, state_of
from tests.web.team import Colleague, audited, hire


def test_the_queue_is_empty_kindly(moderator: Colleague) -> None:
    moderator.get("/staff/review")
    assert "Nothing waits" in moderator.words


def test_the_oldest_comes_first_and_nobody_is_named(app: Flask, moderator: Colleague) -> None:
    ids = []
    for days, locale in ((3, Locale.RO), (1, Locale.EN), (2, Locale.ZH)):
        with clock.fixed(NOON - timedelta(days=days)):
            ids.append((days, made(app, make_submitted, locale=locale)))
    made(app, begin_story)
    with clock.fixed(NOON):
        moderator.log_in()
        moderator.get("/staff/review")
    linked = re.findall(r'href="/staff/review/([\w-]{22})"', moderator.page)
    assert linked == [story_id for _, story_id in sorted(ids, reverse=True)]
    assert re.findall(r"(\d) days?</time>", moderator.page) == ["3", "2", "1"]
    assert "3 stories wait" in moderator.words
    for secret in (INVENTED_NAME, "Vaslui", TITLE, TEXT):
        assert secret not in moderator.page


def test_a_long_queue_comes_in_pages_that_miss_nothing(app: Flask, moderator: Colleague) -> None:
    with app.app_context(), transaction():
        made_ids = [make_submitted().id for _ in range(23)]
    seen, address = [], "/staff/review"
    while address:
        moderator.get(address)
        seen += re.findall(r'href="/staff/review/([\w-]{22})"', moderator.page)
        following = re.search(r'rel="next" href="([^"]+)"', moderator.page)
        address = following[1] if following else ""
    assert seen == made_ids


def test_the_count_stops_at_a_hundred(app: Flask, moderator: Colleague) -> None:
    first = made(app, make_submitted)
    with app.app_context(), transaction():
        teller = db.session.get_one(Story, first).storyteller_id
        rows = [
            {
                "storyteller_id": teller,
                "client_id": f"another-browser-{number:03}",
                "state": State.SUBMITTED,
                "locale": Locale.EN,
                "submitted_at": NOON,
            }
            for number in range(100)
        ]
        db.session.execute(insert(Story), rows)
    moderator.get("/staff/")
    assert "more than 100 stories wait" in moderator.words


def test_the_queue_says_who_is_at_it(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, make_submitted)
    other = hire(app, Role.SAFEGUARDING_LEAD)
    claimed(other, story_id)
    moderator.get("/staff/review")
    assert f"{other.name} is reviewing it" in moderator.words
    other.get("/staff/review")
    assert "You are reviewing it" in other.words


def test_a_made_up_cursor_begins_at_the_head(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, make_submitted)
    for cursor in ("x", "9" * 40, "1~2", "\x00", "99999999999999999~" + "a" * 22):
        assert moderator.get("/staff/review", query_string={"after": cursor}).status_code == 200
    moderator.get("/staff/review?after=nonsense")
    assert story_id in moderator.page


def test_a_claim_lasts_fifteen_minutes_and_can_be_kept(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, make_submitted)
    with clock.fixed(NOON):
        moderator.log_in()
        claimed(moderator, story_id)
        assert "You have this story for 15 more minutes." in moderator.words
    with clock.fixed(NOON + timedelta(minutes=10)):
        claimed(moderator, story_id)
    with clock.fixed(NOON + timedelta(minutes=24, seconds=30)):
        moderator.get(at(story_id))
        assert "You have this story for 1 more minute." in moderator.words
    with clock.fixed(NOON + timedelta(minutes=25)):
        moderator.get(at(story_id))
        assert "Nobody is reviewing this story." in moderator.words


def test_an_expired_claim_is_anybodys(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, make_submitted)
    other = hire(app)
    with clock.fixed(NOON):
        moderator.log_in()
        claimed(moderator, story_id)
    with clock.fixed(NOON + timedelta(minutes=15)):
        other.log_in()
        claimed(other, story_id)
    verbs = [verb for _, verb in audited(app, story_id)]
    assert verbs.count("story.claimed") == 2
    assert ("clock", "story.claim_released") in audited(app, story_id)


def test_a_claim_is_given_back_without_a_reason(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, make_submitted)
    claimed(moderator, story_id)
    assert moderator.post(at(story_id, "release")).location == "/staff/review"
    assert state_of(app, story_id) is State.SUBMITTED


def test_a_claim_is_taken_over_only_with_a_reason(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, make_submitted)
    claimed(hire(app), story_id)
    moderator.get(at(story_id))
    assert "The list" not in moderator.words
    assert moderator.post(at(story_id, "claim")).status_code == 200
    assert "Somebody else is looking at this story now." in moderator.words
    moderator.post(at(story_id, "break"), {"reason": "urgent"})
    assert "Please say why, in at least ten letters." in moderator.words
    assert 'value="urgent"' in moderator.page
    reason = "She went home ill, the child waits since Monday"
    assert moderator.post(at(story_id, "break"), {"reason": reason}).status_code == 303
    assert audited(app, story_id)[-1] == (moderator.id, "story.claim_broken")
    with app.app_context():
        assert db.session.get_one(Claim, story_id).staff_id == moderator.id


def test_two_claims_at_once_are_one(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, make_submitted)
    other = hire(app)
    other.get(at(story_id))
    claimed(moderator, story_id)
    assert other.post(at(story_id, "claim")).status_code == 200
    assert "Somebody else is looking at this story now." in other.words
    with app.app_context():
        assert db.session.get_one(Claim, story_id).staff_id == moderator.id


def test_the_worker_may_expire_a_claim_first(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, make_submitted)
    with clock.fixed(NOON):
        moderator.log_in()
        claimed(moderator, story_id)
    with clock.fixed(NOON + timedelta(minutes=16)):
        with app.app_context(), transaction():
            actions.expire_claim(db.session.get_one(Story, story_id))
        moderator.post(at(story_id, "decide"), APPROVAL)
        assert "Nothing was decided." in moderator.words
    assert state_of(app, story_id) is State.SUBMITTED
    with app.app_context():
        assert db.session.get_one(Staff, moderator.id).active
