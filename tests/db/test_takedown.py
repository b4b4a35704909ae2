"""When a story stops being shown at other sites, each site that could show it gets a notice; none that could not."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.adapters import outside
from app.adapters.webhook import MemoryWebhook
from app.campaigns.actions import choose_stories
from app.campaigns.models import Campaign, EmbeddingSite
from app.campaigns.queries import blocks_of, story_ids
from app.campaigns.sites import remove_site
from app.cli.sweeper import follow_rules, round_of
from app.consent.actions import hide, show_again
from app.consent.rules import Party
from app.extensions import db
from app.moderation import actions as moderation
from app.people.permissions import Role
from app.people.queries import guardians_of
from app.release.models import ExpiryWatch, Showing
from app.release.notices import OVERLAP, follow_expiries, windows_of
from app.release.rules import DAY, framed_at
from app.release.telling import Told, told_about
from app.safeguarding.actions import close_case, open_case
from app.safeguarding.rules import Level
from app.stories import actions
from app.stories.models import Story
from tests.db.partner import ORIGIN, embedded, letters, notices, only_notice, save
from tests.db.racing import kinds, race
from tests.factories.campaigns import make_campaign
from tests.factories.people import make_staff
from tests.factories.sites import WEBHOOK, make_site
from tests.factories.stories import child_says, guardian_says, make_approved, make_shown

MINUTE = timedelta(minutes=1)

Work = Callable[[], list[str]]


def told_where() -> dict[str, list[str]]:
    """The places of the notices that are not over, by the origin of their site."""
    return {
        db.session.get_one(EmbeddingSite, notice.site_id).origin: notice.places
        for notice in notices()
        if notice.closed_at is None
    }


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


@pytest.mark.parametrize("end", [withdrawn_by_a_guardian, held, leaving, erased, reopened])
def test_however_it_ends_the_site_is_told(end: Callable[[Story, Campaign], None]) -> None:
    story, campaign = embedded(ORIGIN)
    make_site(ORIGIN)
    save()
    end(story, campaign)
    save()
    assert told_where() == {ORIGIN: [f"campaign:{campaign.id}", "embed"]}


def out_of_the_campaign(_story: Story, campaign: Campaign) -> None:
    choose_stories("cli", campaign, [])


def campaign_closed(_story: Story, campaign: Campaign) -> None:
    campaign.closes_at = clock.now() - MINUTE


def pushed_out_by_a_newer_one(story: Story, campaign: Campaign) -> None:
    (block,) = blocks_of(campaign.id)
    block.content = {"rule": {}, "limit": 1}
    save()
    round_of(follow_rules)
    assert story_ids(campaign.id) == [story.id]
    newer = make_shown(["embed", f"campaign:{campaign.id}"])
    newer.approved_at = clock.now() - 9 * DAY
    save()
    round_of(follow_rules)
    assert story_ids(campaign.id) == [newer.id]


@pytest.mark.parametrize("leave", [out_of_the_campaign, campaign_closed, pushed_out_by_a_newer_one])
def test_a_story_that_left_a_campaign_was_not_taken_back_but_its_taking_back_is_told_later(
    leave: Callable[[Story, Campaign], None],
) -> None:
    story, campaign = embedded(ORIGIN)
    make_site(ORIGIN)
    save()
    leave(story, campaign)
    save()
    assert framed_at(windows_of(story.id), clock.now()) == {"embed"}
    assert notices() == []
    assert told_about(story.id) == Told(0, 0, 0)
    hide(story, Party.CHILD)
    save()
    assert "embed" in only_notice().places


def test_a_no_to_a_campaign_is_told_to_its_sites_also_when_it_is_over() -> None:
    story, campaign = embedded(ORIGIN)
    for origin in (ORIGIN, "https://elsewhere.example"):
        make_site(origin)
    campaign.closes_at = clock.now() + DAY
    save()
    with clock.fixed(clock.now() + 2 * DAY):
        round_of(follow_expiries)
        assert notices() == []
        no(story, f"campaign:{campaign.id}")
    assert told_where() == {ORIGIN: [f"campaign:{campaign.id}"]}


def test_what_a_rule_let_fall_while_it_was_hidden_need_not_be_taken_away_once_it_is_back() -> None:
    story, campaign = embedded(ORIGIN)
    make_site(ORIGIN)
    save()
    hide(story, Party.CHILD)
    save()
    choose_stories("clock", campaign, [])
    save()
    assert len(only_notice().places) == 2
    show_again(story)
    save()
    assert only_notice().closed_at is not None


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


def test_a_campaign_that_is_over_is_named_when_its_story_is_taken_back() -> None:
    story, campaign = embedded(ORIGIN)
    campaign.closes_at = clock.now() + DAY
    for origin in (ORIGIN, "https://elsewhere.example"):
        make_site(origin)
    save()
    with clock.fixed(clock.now() + 2 * DAY):
        round_of(follow_expiries)
        assert notices() == []
        hide(story, Party.CHILD)
        save()
    assert told_where() == {ORIGIN: [f"campaign:{campaign.id}", "embed"], "https://elsewhere.example": ["embed"]}
    assert told_about(story.id) == Told(waiting=2, told=0, answered=0)


def test_an_expiry_that_was_committed_behind_the_sweeper_is_found() -> None:
    embedded(ORIGIN)
    make_site(ORIGIN)
    save()
    closes = ends_at("embed")
    with clock.fixed(closes + OVERLAP - MINUTE):
        db.session.get_one(ExpiryWatch, 1).seen_until = clock.now()
        save()
        round_of(follow_expiries)
    assert len(notices()) == 1


def test_a_sweeper_that_was_away_for_months_finds_what_ran_out_meanwhile() -> None:
    embedded(ORIGIN)
    make_site(ORIGIN)
    save()
    with clock.fixed(ends_at("embed") + 100 * DAY):
        round_of(follow_expiries)
    assert len(notices()) == 1


def test_a_clock_that_jumped_ahead_and_back_loses_no_expiry() -> None:
    embedded(ORIGIN)
    make_site(ORIGIN)
    db.session.get_one(ExpiryWatch, 1).seen_until = clock.now() + 9_000 * DAY
    save()
    with clock.fixed(ends_at("embed") + MINUTE):
        round_of(follow_expiries)
    assert len(notices()) == 1


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
