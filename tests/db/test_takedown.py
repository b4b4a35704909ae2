"""When a story stops being shown at other sites, each site that could show it is told, and asked until it answers."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from app import clock
from app.adapters import outside
from app.adapters.mailer import Letter, MemoryMailer
from app.adapters.queue import commit
from app.adapters.webhook import MemoryWebhook, Reply
from app.campaigns.actions import choose_stories
from app.campaigns.models import Campaign, EmbeddingSite
from app.campaigns.sites import remove_site, rotate_secret, save_site, signing_secret
from app.cli.sweeper import requeue_letters, requeue_notices, round_of
from app.cli.worker import run_job
from app.consent.actions import hide, show_again
from app.consent.rules import Party
from app.extensions import db, writing
from app.mail.models import OutboxLetter
from app.moderation import actions as moderation
from app.people.permissions import Role
from app.people.queries import guardians_of
from app.people.rules import Locale
from app.release.models import Showing, TakedownNotice
from app.release.notices import LOOK_BACK, follow_expiries
from app.release.rules import CHASES, DAY, signature
from app.release.telling import Told, acknowledge, by_token, told_about, unfinished
from app.safeguarding.actions import close_case, open_case
from app.safeguarding.rules import Level
from app.stories import actions
from app.stories.models import Story
from tests.db.racing import kinds, race
from tests.factories.campaigns import make_campaign
from tests.factories.people import make_staff
from tests.factories.sites import WEBHOOK, make_site
from tests.factories.stories import child_says, guardian_says, make_approved, make_shown

ORIGIN = "https://partner.example"
DONE = Reply(200, b'{"acknowledged": true}')
TAKEN = Reply(202, b"we will see")
MINUTE = timedelta(minutes=1)

Work = Callable[[], list[str]]


@pytest.fixture(autouse=True)
def hooked(app: Flask) -> MemoryWebhook:
    """A webhook and a mailer that keep what is sent; nobody answers before a test says so."""
    webhook = MemoryWebhook()
    app.extensions["eyes"] = replace(app.extensions["eyes"], webhook=webhook, mailer=MemoryMailer())
    return webhook


@pytest.fixture
def work(work: Work) -> Work:
    """The worker has the database to itself."""

    def alone() -> list[str]:
        db.session.rollback()
        ran = work()
        db.session.rollback()
        return ran

    return alone


def save() -> None:
    commit(outside().queue)


def letters() -> list[Letter]:
    mailer = outside().mailer
    assert isinstance(mailer, MemoryMailer)
    return mailer.sent


def embedded(*sites: str) -> tuple[Story, Campaign]:
    """A story that other sites show by itself and in the frame of a campaign, which `sites` may frame."""
    campaign = make_campaign(embedding_sites=sites)
    story = make_shown(["gallery", "embed", f"campaign:{campaign.id}"])
    choose_stories("cli", campaign, [story.id])
    save()
    return story, campaign


def notices() -> list[TakedownNotice]:
    db.session.rollback()
    return list(db.session.scalars(select(TakedownNotice).order_by(TakedownNotice.created_at)))


def told_where() -> dict[str, list[str]]:
    """The places of the notices that are not over, by the origin of their site."""
    return {
        db.session.get_one(EmbeddingSite, notice.site_id).origin: notice.places
        for notice in notices()
        if notice.closed_at is None
    }


def only_notice() -> TakedownNotice:
    (notice,) = notices()
    return notice


def no(story: Story, *scopes: str) -> None:
    child_says(story, dict.fromkeys(scopes, "no"))
    save()


def test_each_site_is_told_of_what_it_could_show() -> None:
    story, campaign = embedded(ORIGIN)
    for origin in (ORIGIN, "https://elsewhere.example", "https://gone.example"):
        make_site(origin)
    remove_site("cli", "https://gone.example")
    save()
    hide(story, Party.CHILD)
    save()
    assert told_where() == {ORIGIN: [f"campaign:{campaign.id}", "embed"], "https://elsewhere.example": ["embed"]}
    sent = [hint for hint in outside().queue.sent if hint[0] == "release.tell_site"]  # type: ignore[attr-defined]
    assert {hint[1] for hint in sent} == {notice.id for notice in notices()}


def withdrawn_by_a_guardian(story: Story, _campaign: Campaign) -> None:
    (guardian,) = guardians_of(story.storyteller_id)
    guardian_says(story, guardian, {"embed": "no"})


def held(story: Story, _campaign: Campaign) -> None:
    open_case(make_staff(Role.SAFEGUARDING_LEAD).id, story, Level.RED, "Somebody must look.")


def leaving(story: Story, _campaign: Campaign) -> None:
    actions.ask_erasure(story, Role.CHILD, now=False)


def erased(story: Story, _campaign: Campaign) -> None:
    actions.ask_erasure(story, Role.CHILD, now=True)


def reopened(story: Story, _campaign: Campaign) -> None:
    moderation.reopen(make_staff(), story)


def out_of_the_campaign(_story: Story, campaign: Campaign) -> None:
    choose_stories("cli", campaign, [])


def campaign_closed(_story: Story, campaign: Campaign) -> None:
    campaign.closes_at = clock.now() - MINUTE


@pytest.mark.parametrize(
    ("end", "at_embed"),
    [
        (withdrawn_by_a_guardian, True),
        (held, True),
        (leaving, True),
        (erased, True),
        (reopened, True),
        (out_of_the_campaign, False),
        (campaign_closed, False),
    ],
)
def test_however_it_ends_the_site_is_told(end: Callable[[Story, Campaign], None], at_embed: bool) -> None:
    story, campaign = embedded(ORIGIN)
    make_site(ORIGIN)
    save()
    end(story, campaign)
    save()
    assert told_where() == {ORIGIN: [f"campaign:{campaign.id}", *(["embed"] if at_embed else [])]}


def test_what_no_other_site_could_show_is_told_to_none() -> None:
    campaign = make_campaign(embedding_sites=[ORIGIN])
    scope = f"campaign:{campaign.id}"
    waiting, at_home = make_approved(["gallery", "embed", scope]), make_shown(["gallery", scope])
    shown = make_shown(["gallery", "embed"])
    choose_stories("cli", campaign, [waiting.id, at_home.id])
    make_site(ORIGIN)
    save()
    for story in (waiting, at_home):
        hide(story, Party.CHILD)
    no(shown, "gallery", "press")
    assert notices() == []


def test_a_site_is_not_told_what_ended_before_it_was_known() -> None:
    story, _ = embedded(ORIGIN)
    hide(story, Party.CHILD)
    save()
    make_site(ORIGIN)
    save()
    with clock.fixed(clock.now() + MINUTE):
        round_of(follow_expiries)
    assert notices() == []


def test_what_is_shown_again_need_not_be_taken_away(work: Work, hooked: MemoryWebhook) -> None:
    story, _ = embedded(ORIGIN)
    make_site(ORIGIN, webhook=WEBHOOK)
    save()
    hide(story, Party.CHILD)
    save()
    show_again(story)
    save()
    assert "release.tell_site" in work()
    assert (hooked.posted, letters()) == ([], [])
    assert only_notice().closed_at is not None
    assert told_about(story.id) == Told(0, 0, 0)
    hide(story, Party.CHILD)
    save()
    assert [notice.closed_at is None for notice in notices()] == [False, True]


def test_what_came_back_by_itself_is_noticed_before_anybody_is_told(work: Work, hooked: MemoryWebhook) -> None:
    story, _ = embedded(ORIGIN)
    make_site(ORIGIN, webhook=WEBHOOK)
    case = open_case(make_staff(Role.SAFEGUARDING_LEAD).id, story, Level.AMBER, "A bruise.")
    story.approved_at = clock.now()  # cooling off begins anew
    save()
    close_case(case.opened_by, case, "Talked to the teacher.")
    save()
    assert only_notice().closed_at is None
    with clock.fixed(clock.now() + timedelta(days=2)):
        work()
    assert hooked.posted == []
    assert only_notice().closed_at is not None


def test_one_place_that_comes_back_leaves_the_other_to_be_told() -> None:
    story, campaign = embedded(ORIGIN)
    make_site(ORIGIN)
    save()
    hide(story, Party.CHILD)
    save()
    child_says(story, {"embed": "yes"})
    save()
    assert told_where() == {ORIGIN: [f"campaign:{campaign.id}"]}


def test_where_more_ends_a_newer_notice_says_it_all(work: Work) -> None:
    story, campaign = embedded(ORIGIN)
    make_site(ORIGIN)
    save()
    no(story, f"campaign:{campaign.id}")
    work()
    no(story, "embed")
    older, newer = notices()
    assert (older.closed_at is not None, newer.closed_at) == (True, None)
    assert newer.places == [f"campaign:{campaign.id}", "embed"]
    assert told_about(story.id) == Told(waiting=1, told=0, answered=0)


def ends_at(place: str) -> datetime:
    return db.session.scalars(select(Showing.visible_until).where(Showing.place == place)).one()


def test_an_expiry_is_told_once() -> None:
    story, campaign = embedded(ORIGIN)
    make_site(ORIGIN)
    save()
    closes = ends_at("embed")
    for moment, places in ((closes - MINUTE, None), (closes, 2), (closes + MINUTE, 2), (closes + 9 * DAY, 2)):
        with clock.fixed(moment):
            round_of(follow_expiries)
            assert [len(notice.places) for notice in notices()] == ([] if places is None else [places])
    with clock.fixed(closes + 9 * DAY):
        hide(story, Party.CHILD)
        save()
    assert told_where() == {ORIGIN: [f"campaign:{campaign.id}", "embed"]}


def test_an_expiry_is_told_when_a_change_comes_before_the_sweeper() -> None:
    story, _ = embedded(ORIGIN)
    make_site(ORIGIN)
    save()
    with clock.fixed(ends_at("embed") + timedelta(seconds=10)):
        hide(story, Party.CHILD)
        save()
        round_of(follow_expiries)
    assert len(only_notice().places) == 2


def test_a_campaign_that_is_over_is_told_to_its_own_sites() -> None:
    story, campaign = embedded(ORIGIN)
    campaign.closes_at = clock.now() + DAY
    for origin in (ORIGIN, "https://elsewhere.example"):
        make_site(origin)
    save()
    with clock.fixed(clock.now() + 2 * DAY):
        round_of(follow_expiries)
        assert told_where() == {ORIGIN: [f"campaign:{campaign.id}"]}
        assert told_about(story.id) == Told(waiting=1, told=0, answered=0)


def test_an_expiry_of_long_ago_is_not_looked_for() -> None:
    embedded(ORIGIN)
    make_site(ORIGIN)
    save()
    with clock.fixed(ends_at("embed") + LOOK_BACK + MINUTE):
        round_of(follow_expiries)
    assert notices() == []


def test_two_sweepers_at_once_tell_once(app: Flask) -> None:
    embedded(ORIGIN)
    make_site(ORIGIN)
    save()
    closes = ends_at("embed")

    def look() -> None:
        with clock.fixed(closes):
            follow_expiries()

    assert kinds(race(app, look, look)) == ["done", "done"]
    assert len(notices()) == 1


def told(webhook: str | None = WEBHOOK) -> tuple[Story, EmbeddingSite]:
    """A story that was hidden just now, and the site that must be told."""
    story, _ = embedded(ORIGIN)
    site = make_site(ORIGIN, webhook=webhook)
    save()
    hide(story, Party.CHILD)
    save()
    return story, site


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
        "story": story.id,
        "addresses": [f"{base}/stories/{story.id}", f"{base}/campaigns/{slug}"],
        "at": notice.created_at.isoformat(timespec="seconds"),
    }
    at = int(headers["Eyes-Signature"].partition(",")[0].removeprefix("t="))
    assert abs(at - clock.now().timestamp()) < 60
    assert headers["Eyes-Notice"] == notice.id
    assert headers["Eyes-Signature"] == signature(signing_secret(db.session.merge(site)), at, body)


def test_a_webhook_that_says_done_gets_no_letter(work: Work, hooked: MemoryWebhook) -> None:
    story, _ = told()
    hooked.reply = DONE
    work()
    notice = only_notice()
    assert (notice.told_at, notice.acknowledged_at) != (None, None)
    assert (notice.next_attempt_at, notice.mailed_at, letters()) == (None, None, [])
    assert told_about(story.id) == Told(waiting=0, told=1, answered=1)


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
    assert letter.subject == "A story was taken back: please take it off your site"
    assert f"http://127.0.0.1:8000/embed/stories/{story.id}" in letter.body
    notice = only_notice()
    assert (notice.mailed_at or clock.now()) - notice.created_at < MINUTE
    assert told_about(story.id) == Told(waiting=0, told=1, answered=0)


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
