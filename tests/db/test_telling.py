"""How a site is told: by its webhook, by letter unless that said "done", and once a day until it answers."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from app import clock
from app.adapters.webhook import MemoryWebhook, Reply
from app.campaigns.models import Campaign
from app.campaigns.sites import remove_site, rotate_secret, save_site, signing_secret
from app.cli.sweeper import requeue_letters, requeue_notices, round_of
from app.cli.worker import run_job
from app.consent.actions import hide
from app.consent.rules import Party
from app.extensions import db, writing
from app.mail.models import OutboxLetter
from app.people.permissions import Role
from app.people.rules import Locale
from app.release.models import TakedownNotice
from app.release.rules import CHASES, DAY, signature
from app.release.telling import Told, acknowledge, by_token, told_about, unfinished
from app.stories import actions
from tests.db.partner import ORIGIN, embedded, letters, only_notice, save, told
from tests.factories.sites import WEBHOOK, make_site
from tests.factories.stories import child_says

DONE = Reply(200, b'{"acknowledged": true}')
TAKEN = Reply(202, b"we will see")
MINUTE = timedelta(minutes=1)

Work = Callable[[], list[str]]


@pytest.fixture(autouse=True)
def mailed(hooked: MemoryWebhook) -> None:
    """Every test here keeps what is sent."""


def test_a_call_says_what_to_drop_and_is_signed(work: Work, hooked: MemoryWebhook) -> None:
    story, site = told()
    hooked.reply = DONE
    slug = db.session.scalars(select(Campaign.slug)).one()
    work()
    ((url, headers, body),) = hooked.posted
    notice, base = only_notice(), "http://127.0.0.1:8000/embed"
    assert url == WEBHOOK
    assert json.loads(body) == {
        "type": "story.taken_back",
        "notice": notice.id,
        "site": ORIGIN,
        "story": story.id,
        "addresses": [f"{base}/stories/{story.id}", f"{base}/campaigns/{slug}"],
        "at": notice.created_at.isoformat(timespec="seconds"),
    }
    at = int(headers["Eyes-Signature"].partition(",")[0].removeprefix("t="))
    assert abs(at - clock.now().timestamp()) < 60
    assert headers["Eyes-Notice"] == notice.id
    assert headers["Eyes-Signature"] == signature(signing_secret(db.session.merge(site)), at, body)


def test_of_what_a_webhook_says_is_done_people_read_in_one_letter_and_need_not_answer(
    work: Work, hooked: MemoryWebhook
) -> None:
    story, _ = told()
    hooked.reply = DONE
    work()
    notice = only_notice()
    assert (notice.told_at, notice.acknowledged_at) != (None, None)
    assert notice.next_attempt_at is None
    (letter,) = letters()
    assert "Your website has told us that it is done." in letter.body
    assert "/embed/acknowledge/" not in letter.body
    assert notice.story_id in letter.body
    assert told_about(story.id) == Told(waiting=0, told=1, answered=1)


def test_a_webhook_that_says_done_after_a_letter_gets_no_other(work: Work, hooked: MemoryWebhook) -> None:
    told()
    hooked.reply = TAKEN
    work()
    hooked.reply = DONE
    with clock.fixed(clock.now() + DAY + MINUTE):
        round_of(requeue_notices)
        work()
    assert only_notice().acknowledged_at is not None
    assert len(letters()) == 1


def test_a_webhook_that_only_takes_the_call_gets_a_letter_too(work: Work, hooked: MemoryWebhook) -> None:
    story, _ = told()
    hooked.reply = TAKEN
    work()
    notice = only_notice()
    assert notice.told_at is not None
    assert [letter.to for letter in letters()] == ["web@partner.example"]
    assert told_about(story.id) == Told(waiting=0, told=1, answered=0)
    assert notice.next_attempt_at is not None
    assert notice.next_attempt_at - (notice.mailed_at or clock.now()) == DAY


@pytest.mark.parametrize("status", [301, 404, 410, 500])
def test_any_other_answer_is_none(work: Work, hooked: MemoryWebhook, status: int) -> None:
    told()
    hooked.reply = Reply(status, DONE.body)
    work()
    notice = only_notice()
    assert (notice.told_at, notice.acknowledged_at) == (None, None)
    assert len(letters()) == 1


@pytest.mark.parametrize("webhook", [None, WEBHOOK])
def test_a_site_is_told_by_letter_at_once_when_nobody_answers_the_webhook(work: Work, webhook: str | None) -> None:
    story, _ = told(webhook)
    assert told_about(story.id) == Told(waiting=1, told=0, answered=0)
    assert work().count("people.send_letter") == 1
    (letter,) = letters()
    assert letter.subject == "A story was taken back: please take it off partner.example"
    assert f"http://127.0.0.1:8000/embed/stories/{story.id}" in letter.body
    notice = only_notice()
    assert (notice.mailed_at or clock.now()) - notice.created_at < MINUTE
    assert told_about(story.id) == Told(waiting=0, told=1, answered=0)


def test_who_receives_the_letters_of_two_sites_reads_which_is_which(work: Work) -> None:
    story, _ = embedded(ORIGIN)
    for origin in (ORIGIN, "https://other.example:8443"):
        make_site(origin).email = "both@partner.example"
    save()
    hide(story, Party.CHILD)
    save()
    work()
    assert {letter.to for letter in letters()} == {"both@partner.example"}
    for name in ("partner.example", "other.example:8443"):
        (letter,) = (letter for letter in letters() if letter.subject.endswith(f"take it off {name}"))
        assert f"that {name} could show" in letter.body
        assert ("/embed/campaigns/" in letter.body) == (name == "partner.example")


def test_a_story_that_was_taken_back_from_a_campaign_alone_may_be_shown_by_itself(
    work: Work, hooked: MemoryWebhook
) -> None:
    story, campaign = embedded(ORIGIN)
    make_site(ORIGIN, webhook=WEBHOOK)
    save()
    child_says(story, {f"campaign:{campaign.id}": "no"})
    save()
    work()
    base = "http://127.0.0.1:8000/embed"
    assert json.loads(hooked.posted[0][2])["addresses"] == [f"{base}/campaigns/{campaign.slug}"]
    (letter,) = letters()
    assert letter.subject == "A story was taken back from a campaign that partner.example could show"
    before, _, after = letter.body.partition("Please take it out")
    assert f"By itself you may go on showing it. This is the story:\n\n{base}/stories/{story.id}" in before
    assert f"{base}/campaigns/{campaign.slug}" in after
    assert f"{base}/stories/" not in after


def test_a_letter_that_has_not_left_told_nobody(app: Flask) -> None:
    story, _ = told(None)
    notice_id = only_notice().id
    db.session.rollback()
    run_job(app, "release.tell_site", notice_id)
    db.session.rollback()
    assert db.session.scalars(select(OutboxLetter.sent_at)).all() == [None]
    assert told_about(story.id) == Told(waiting=1, told=0, answered=0)


def days_of_silence(app: Flask, work: Work) -> Iterator[tuple[datetime, int]]:
    """Nine days of scheduled work in steps of an hour: each moment, and how many letters have left by then."""
    began = clock.now()
    for hour in range(9 * 24):
        moment = began + timedelta(hours=hour, seconds=5)
        with clock.fixed(moment):
            round_of(requeue_notices)
            round_of(requeue_letters)
            work()
        yield moment, len(letters())


@pytest.mark.parametrize("webhook", [None, WEBHOOK])
def test_silence_is_chased_once_a_day_for_a_week_and_then_shown_to_staff(
    app: Flask, work: Work, hooked: MemoryWebhook, webhook: str | None
) -> None:
    told(webhook)
    began = clock.now()
    seen: dict[int, datetime] = {}
    for moment, count in days_of_silence(app, work):
        seen.setdefault(count, moment)
    assert list(seen) == list(range(1, CHASES + 2))
    assert [round((moment - began) / DAY) for moment in seen.values()] == list(range(CHASES + 1))
    links = {letter.body.partition("/embed/acknowledge/")[2].split()[0] for letter in letters()}
    assert len(links) == 1
    assert ["before" in letter.body for letter in letters()] == [False] + [True] * CHASES
    assert len(hooked.posted) == (0 if webhook is None else 6 + CHASES)
    db.session.rollback()
    (item,) = unfinished()
    assert (item.origin, item.unanswered, item.notice.chases) == (ORIGIN, True, CHASES)


def test_the_link_in_a_letter_answers(work: Work) -> None:
    story, _ = told(None)
    work()
    token = letters()[0].body.partition("/embed/acknowledge/")[2].split()[0]
    assert token not in str(vars(only_notice()))
    notice = by_token(token, lock=True)
    assert notice is not None
    acknowledge(notice)
    save()
    assert told_about(story.id) == Told(waiting=0, told=1, answered=1)
    assert by_token(token + "x") is None
    with clock.fixed(clock.now() + 2 * DAY):
        round_of(requeue_notices)
        work()
    assert len(letters()) == 1
    assert list(unfinished()) == []


def test_an_answer_while_the_webhook_is_called_is_kept(work: Work, hooked: MemoryWebhook, app: Flask) -> None:
    told()

    class Slow(MemoryWebhook):
        def post(self, *_call: object) -> Reply:
            with app.app_context():
                acknowledge(db.session.scalars(select(TakedownNotice)).one())
                save()
            return TAKEN

    app.extensions["eyes"] = replace(app.extensions["eyes"], webhook=Slow())
    work()
    assert only_notice().acknowledged_at is not None
    assert letters() == []


def test_nobody_waits_for_the_database_while_a_receiver_thinks(app: Flask, work: Work) -> None:
    story, _ = told()

    class Thinking(MemoryWebhook):
        def post(self, *_call: object) -> Reply:
            with app.app_context(), db.engine.connect() as other:
                token = writing.set(True)
                if other.dialect.name == "sqlite":
                    other.exec_driver_sql("PRAGMA busy_timeout=0")
                other.execute(text("UPDATE takedown_notice SET chases = chases"))
                other.execute(text("UPDATE story SET themes = themes"))
                other.commit()
                writing.reset(token)
            return DONE

    app.extensions["eyes"] = replace(app.extensions["eyes"], webhook=Thinking())
    work()
    assert told_about(story.id) == Told(waiting=0, told=1, answered=1)


def test_a_story_that_is_erased_is_told_like_any_other_and_leaves_only_ids(work: Work, hooked: MemoryWebhook) -> None:
    story, _ = embedded(ORIGIN)
    make_site(ORIGIN, webhook=WEBHOOK)
    save()
    actions.ask_erasure(story, Role.CHILD, now=True)
    save()
    hooked.reply = DONE
    work()
    assert json.loads(hooked.posted[0][2])["story"] == story.id
    assert told_about(story.id) == Told(waiting=0, told=1, answered=1)


def test_a_site_has_one_row_whatever_happens_to_it() -> None:
    site = make_site(ORIGIN)
    first = signing_secret(site)
    assert rotate_secret("cli", f"{ORIGIN}/page") != first
    remove_site("cli", ORIGIN)
    assert not site.active
    with clock.fixed(clock.now() + DAY):
        again = save_site("cli", ORIGIN, "other@partner.example", WEBHOOK, Locale.ZH)
        assert (again.id, again.active, again.registered_at) == (site.id, True, clock.now())
    assert first.encode() not in site.secret_sealed
