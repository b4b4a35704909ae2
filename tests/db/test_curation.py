"""Building a campaign: what may be chosen, in which order it stands, what a rule brings, and when it is public."""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.adapters import outside
from app.adapters.queue import commit
from app.audit.models import AuditEntry
from app.campaigns.blocks import Kind, digest_of
from app.campaigns.models import Campaign, CampaignBlock
from app.campaigns.queries import blocks_of, items_of, open_campaigns, public_campaign
from app.campaigns.rules import Plan
from app.cli.sweeper import follow_rules, round_of, sweep
from app.consent.actions import hide, show_again
from app.consent.queries import asked_scopes
from app.consent.rules import Party, campaign_scope
from app.curation import queries as curation
from app.curation.actions import announce, change_campaign, choose_hero, create_campaign, set_embedding_sites, take
from app.curation.building import add_block, change_block, move_block, remove_block
from app.curation.choosing import change_stories, choose_story, move_story, unchoose
from app.errors import Conflict, EyesError, Faulty, Invalid, NotFound
from app.extensions import Base, db, writing
from app.people.rules import AgeBand, Locale
from app.release.check import differences
from app.release.queries import Filters, in_campaign
from app.release.rehearsal import rehearse
from app.release.terms import Reason
from app.safeguarding.actions import open_case
from app.safeguarding.rules import Level
from app.stories.models import Story
from tests.db.racing import kinds, race
from tests.factories.people import make_staff
from tests.factories.stories import child_says, make_approved, make_shown, make_submitted

WHO = "curator"
SENTENCE = "On Sundays we fly our kites at the same hour."


def save() -> None:
    commit(outside().queue)


def plan(**changes: Any) -> Plan:
    told = {"en": "I am here"}
    values = {"languages": ["en"], "title": told, "text": told, "appeal": told, "opens_at": clock.now()}
    return Plan(**(values | changes))


@pytest.fixture
def campaign() -> Campaign:
    """A campaign that nobody announced, with an empty block of stories."""
    made = create_campaign(WHO, "here", plan())
    save()
    return made


def stories_block(campaign: Campaign) -> CampaignBlock:
    return next(block for block in blocks_of(campaign.id) if block.kind is Kind.STORIES)


def said_yes(campaign: Campaign, **how: Any) -> Story:
    """A story of which everything that the campaign needs was said and done."""
    return make_shown([campaign_scope(campaign.id)], **how)


def chosen(campaign: Campaign, *titles: str) -> list[Story]:
    """Stories that were chosen for the first block, in this order."""
    stories = [said_yes(campaign, title=title) for title in titles]
    for story in stories:
        choose_story(WHO, campaign, stories_block(campaign), story.id)
    save()
    return stories


def shown(campaign: Campaign) -> list[str]:
    """The titles that the campaign's page shows, in its order."""
    return [item.title for item in in_campaign(campaign.id)]


def refused(act: Callable[[], object]) -> EyesError:
    with pytest.raises(EyesError) as error:
        act()
    return error.value


def test_a_campaign_is_public_from_its_first_day_once_it_was_announced(campaign: Campaign) -> None:
    chosen(campaign, "The kite")
    assert (shown(campaign), public_campaign("here", clock.now())) == ([], None)
    change_campaign(WHO, campaign, plan(opens_at=clock.now() + timedelta(days=2)))
    announce(WHO, campaign)
    save()
    asked = [scope for scope, _, _ in asked_scopes(Party.CHILD, clock.now(), has_sound=False, has_picture=False)]
    assert campaign_scope(campaign.id) in asked
    assert (shown(campaign), open_campaigns(clock.now()), public_campaign("here", clock.now())) == ([], [], None)
    with clock.fixed(clock.now() + timedelta(days=3)):
        assert (shown(campaign), open_campaigns(clock.now())) == (["The kite"], [campaign])
    assert refused(lambda: announce(WHO, campaign)).code == "not_in_this_state"


def test_what_is_not_told_in_each_language_is_not_announced(campaign: Campaign) -> None:
    change_campaign(WHO, campaign, plan(languages=["en", "ro"]))
    assert refused(lambda: announce(WHO, campaign)).code == "campaign_untold"
    change_campaign(WHO, campaign, plan(opens_at=clock.now() - timedelta(days=2), closes_at=clock.now()))
    assert refused(lambda: announce(WHO, campaign)).code == "campaign_past"
    change_campaign(WHO, campaign, plan())
    for block in blocks_of(campaign.id):
        remove_block(WHO, campaign, block)
    assert refused(lambda: announce(WHO, campaign)).code == "campaign_empty"
    add_block(WHO, campaign, Kind.TEXT)
    announce(WHO, campaign)
    assert refused(lambda: change_campaign(WHO, campaign, plan(languages=["en", "it"]))).code == "untold"


def test_a_campaign_is_made_of_what_can_be_kept_and_of_nothing_else(campaign: Campaign) -> None:
    for slug, code in (("here", "slug_taken"), ("Here", "slug"), ("", "slug")):
        error = refused(lambda slug=slug: create_campaign(WHO, slug, plan(title={}, opens_at=None)))
        assert isinstance(error, Faulty)
        assert error.faults == {"slug": code, "title-en": "campaign_title", "opens_on": "campaign_opens"}
    assert refused(lambda: set_embedding_sites(WHO, campaign, ["https://a.example", "b"])).code == "not_an_origin"
    set_embedding_sites(WHO, campaign, ["https://A.example/x", "https://a.example"])
    assert campaign.embedding_sites == ["https://a.example"]


def test_only_what_can_be_shown_there_is_found_and_can_be_chosen(campaign: Campaign) -> None:
    scope, block = campaign_scope(campaign.id), stories_block(campaign)
    open_now, cooling = said_yes(campaign, title="Open"), make_approved([scope], title="Cooling")
    others = {
        "gallery only": make_shown(["gallery"]),
        "waiting": make_submitted(),
        "hidden": said_yes(campaign),
        "held": said_yes(campaign),
        "no more": said_yes(campaign),
        "one approval": make_shown(["gallery"]),
    }
    child_says(others["waiting"], {scope: "yes"})
    child_says(others["one approval"], {scope: "yes"})
    hide(others["hidden"], Party.CHILD)
    open_case(make_staff().id, others["held"], Level.GREEN, "Made up.")
    child_says(others["no more"], {scope: "unsure"})
    save()
    found = curation.search(campaign, Filters())
    assert [each.item.title for each in found.stories] == ["Cooling", "Open"]
    assert [each.ready for each in found.stories] == [False, True]
    assert [each.reasons for each in found.stories] == [
        (Reason.COOLING_OFF, Reason.CAMPAIGN_NOT_OPEN),
        (Reason.CAMPAIGN_NOT_OPEN,),
    ]
    for story in others.values():
        assert isinstance(refused(lambda story=story: choose_story(WHO, campaign, block, story.id)), NotFound)
    for story in (open_now, cooling):
        choose_story(WHO, campaign, block, story.id)
    assert refused(lambda: choose_story(WHO, campaign, block, open_now.id)).code == "story_chosen"
    assert curation.unseen([open_now.id, others["gallery only"].id]) == {open_now.id}


def test_a_search_finds_by_what_is_shown_and_goes_on_where_it_stopped(campaign: Campaign) -> None:
    scope = campaign_scope(campaign.id)
    kite = said_yes(campaign, title="A kite", locale=Locale.RO, country="RO")
    hens = said_yes(campaign, title="Three hens", country="LV", age_band=AgeBand.SIX_TO_NINE, pictures=1)
    nowhere = said_yes(campaign, title="Somewhere", country="RO")
    child_says(nowhere, {scope: "yes", "place": "none"})
    save()

    def ids(title: str = "", **words: str) -> set[str]:
        return set(curation.search(campaign, Filters(**words), title=title).ids)

    assert ids() == {kite.id, hens.id, nowhere.id}
    assert ids(country="RO") == {kite.id}
    assert [ids(language="ro"), ids(age="6-9"), ids(medium="drawing")] == [{kite.id}, {hens.id}, {hens.id}]
    assert [ids("KITE"), ids("nothing"), ids(theme="heard")] == [{kite.id}, set(), set()]
    seen, after = [], ""
    for _ in range(3):
        found = curation.search(campaign, Filters(), 1, after=after)
        seen += found.ids
        after = found.after or ""
    assert (sorted(seen), after) == (sorted([kite.id, hens.id, nowhere.id]), "")


def test_blocks_and_stories_stand_where_they_were_put(campaign: Campaign) -> None:
    announce(WHO, campaign)
    _, second, third = chosen(campaign, "One", "Two", "Three")
    first = stories_block(campaign)
    lower = add_block(WHO, campaign, Kind.STORIES)
    choose_story(WHO, campaign, lower, said_yes(campaign, title="Four").id)
    save()
    assert shown(campaign) == ["One", "Two", "Three", "Four"]
    assert move_story(WHO, campaign, first, third.id, "0") == 0
    assert move_story(WHO, campaign, first, third.id, "up") == 0
    assert move_story(WHO, campaign, first, second.id, "up") == 1
    save()
    assert shown(campaign) == ["Three", "Two", "One", "Four"]
    assert [move_block(WHO, campaign, lower, to) for to in ("up", "up", "up")] == [1, 0, 0]
    save()
    assert shown(campaign) == ["Four", "Three", "Two", "One"]
    unchoose(WHO, campaign, first, second.id)
    choose_hero(WHO, campaign, third.id)
    save()
    assert shown(campaign) == ["Four", "Three", "One"]
    remove_block(WHO, campaign, lower)
    save()
    assert shown(campaign) == ["Three", "One"]
    assert [item.position for item in items_of(campaign.id)] == [0, 1]
    assert [block.position for block in blocks_of(campaign.id)] == [0, 1]
    assert isinstance(refused(lambda: move_block(WHO, campaign, first, "sideways")), Invalid)
    assert isinstance(refused(lambda: choose_hero(WHO, campaign, second.id)), NotFound)
    assert list(differences()) == []


def test_a_page_has_one_map_and_a_bounded_number_of_blocks(campaign: Campaign) -> None:
    assert refused(lambda: add_block(WHO, campaign, Kind.ACTION)).code == "block_twice"
    for _ in range(38):
        add_block(WHO, campaign, Kind.TEXT)
    assert refused(lambda: add_block(WHO, campaign, Kind.TEXT)).code == "too_many_blocks"


def test_a_rule_brings_the_newest_that_fit_and_follows_them(campaign: Campaign) -> None:
    announce(WHO, campaign)
    by_hand = chosen(campaign, "By hand")[0]
    ruled = add_block(WHO, campaign, Kind.STORIES)
    older, newer = said_yes(campaign, title="Older", country="LV"), said_yes(campaign, title="Newer", country="LV")
    newer.approved_at = clock.now() - timedelta(days=9)
    said_yes(campaign, title="Elsewhere", country="RO")
    save()
    change_stories(WHO, campaign, ruled, {"rule": {"country": "LV"}, "limit": 2})
    save()
    assert shown(campaign) == ["By hand", "Newer", "Older"]
    assert refused(lambda: unchoose(WHO, campaign, ruled, older.id)).code == "block_has_rule"

    hide(newer, Party.CHILD)
    save()
    assert shown(campaign) == ["By hand", "Older"]
    version = campaign.version
    sweep()
    assert {item.story_id for item in items_of(campaign.id)} == {by_hand.id, older.id}
    show_again(db.session.get_one(Story, newer.id))
    said_yes(campaign, title="Oldest", country="LV").approved_at = clock.now() - timedelta(days=60)
    save()
    sweep()
    assert shown(campaign) == ["By hand", "Newer", "Older"]
    assert db.session.get_one(Campaign, campaign.id).version == version
    filled = len(audited(campaign, "block.filled"))
    sweep()
    assert len(audited(campaign, "block.filled")) == filled
    assert list(differences()) == []


def test_what_was_chosen_by_hand_comes_back_after_a_rule(campaign: Campaign) -> None:
    announce(WHO, campaign)
    block = stories_block(campaign)
    first, back, second, moved = chosen(campaign, "First", "Taken back", "Second", "Moved away")
    said_yes(campaign, title="Latvian", country="LV")
    save()
    by_rule: dict[str, Any] = {"rule": {"country": "LV"}, "limit": 2}
    change_stories(WHO, campaign, block, by_rule)
    change_stories(WHO, campaign, block, by_rule | {"heading": {"en": "From afar"}})
    save()
    assert shown(campaign) == ["Latvian"]
    hide(back, Party.CHILD)
    choose_story(WHO, campaign, add_block(WHO, campaign, Kind.STORIES), moved.id)
    save()
    change_stories(WHO, campaign, block, {"heading": {"en": "From afar"}})
    save()
    assert shown(campaign) == ["First", "Second", "Moved away"]
    assert [item.story_id for item in items_of(campaign.id) if item.block_id == block.id] == [first.id, second.id]
    assert block.content == {"heading": {"en": "From afar"}}
    assert list(differences()) == []


def audited(campaign: Campaign, verb: str = "") -> Sequence[str]:
    statement = select(AuditEntry.verb).where(AuditEntry.subject == campaign.id).order_by(AuditEntry.seq)
    return [each for each in db.session.scalars(statement) if verb in ("", each)]


def test_a_quote_keeps_no_word_of_the_child(campaign: Campaign) -> None:
    story = chosen(campaign, "The kite")[0]
    other = said_yes(campaign)
    save()
    quote = add_block(WHO, campaign, Kind.QUOTE)
    for story_id, sentence in ((story.id, "I never said this."), (other.id, SENTENCE), ("", SENTENCE)):
        content = {"story_id": story_id, "digest": digest_of(sentence)}
        assert refused(lambda content=content: change_block(WHO, campaign, quote, content)).code == "quote_sentence"
    change_block(WHO, campaign, quote, {"story_id": story.id, "digest": digest_of(SENTENCE)})
    save()
    assert quote.content == {"story_id": story.id, "digest": digest_of(SENTENCE)}
    assert rehearse(story, campaign) is not None


def test_every_act_is_in_the_log(campaign: Campaign) -> None:
    story = chosen(campaign, "One")[0]
    block = stories_block(campaign)
    text = add_block(WHO, campaign, Kind.TEXT)
    change_block(WHO, campaign, text, {"text": {"en": "Words."}})
    move_block(WHO, campaign, text, "up")
    move_story(WHO, campaign, block, story.id, "down")
    choose_hero(WHO, campaign, story.id)
    unchoose(WHO, campaign, block, story.id)
    remove_block(WHO, campaign, text)
    set_embedding_sites(WHO, campaign, [])
    change_campaign(WHO, campaign, plan())
    announce(WHO, campaign)
    assert audited(campaign) == [
        "campaign.created",
        "block.story_chosen",
        "block.added",
        "block.changed",
        "block.moved",
        "block.story_moved",
        "campaign.hero_chosen",
        "block.story_unchosen",
        "block.removed",
        "campaign.sites_set",
        "campaign.changed",
        "campaign.announced",
    ]
    assert campaign.version == 12


def test_of_two_curators_the_second_is_told(app: Flask, campaign: Campaign) -> None:
    campaign_id, version = campaign.id, campaign.version

    def add() -> object:
        return add_block(WHO, take(campaign_id, version), Kind.TEXT)

    assert kinds(race(app, add, add)) == ["Conflict", "done"]
    assert len(blocks_of(campaign_id)) == 3
    assert isinstance(refused(lambda: take(campaign_id, version)), Conflict)
    assert isinstance(refused(lambda: take("A" * 22, 1)), NotFound)


def test_the_database_keeps_two_from_standing_in_one_place(
    campaign: Campaign, refused_by_database: Callable[[Base], bool]
) -> None:
    assert refused_by_database(CampaignBlock(campaign_id=campaign.id, kind=Kind.MAP, position=0, content={}))
    assert not refused_by_database(CampaignBlock(campaign_id=campaign.id, kind=Kind.MAP, position=2, content={}))


def test_a_rule_that_a_curator_takes_away_is_followed_no_more(app: Flask, campaign: Campaign) -> None:
    announce(WHO, campaign)
    block = stories_block(campaign)
    chosen(campaign, "First", "Second")
    said_yes(campaign, title="Latvian", country="LV")
    save()
    change_stories(WHO, campaign, block, {"rule": {"country": "LV"}, "limit": 2})
    said_yes(campaign, title="Latvian too", country="LV")
    save()
    assert shown(campaign) == ["Latvian"]
    campaign_id, block_id, version = campaign.id, block.id, campaign.version
    db.session.rollback()
    changed = Event()

    def take_away() -> None:
        with app.app_context():
            token = writing.set(True)
            change_stories(WHO, take(campaign_id, version), db.session.get_one(CampaignBlock, block_id), {})
            changed.set()
            time.sleep(0.5)  # and the clock waits
            commit(outside().queue)
            writing.reset(token)

    curator = Thread(target=take_away)
    curator.start()
    changed.wait()
    round_of(follow_rules)
    curator.join()
    db.session.expire_all()
    assert shown(db.session.get_one(Campaign, campaign_id)) == ["First", "Second"]
