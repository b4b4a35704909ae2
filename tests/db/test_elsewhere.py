"""What programs and archives may take, and what they are told of a story through all its turns, on both databases."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app import clock
from app.adapters import outside
from app.adapters.queue import commit
from app.campaigns.actions import choose_stories
from app.errors import Gone, NotFound
from app.extensions import db
from app.people.permissions import Role
from app.people.queries import guardians_of
from app.release import catalogue, elsewhere
from app.release.models import ArchiveRecord
from app.release.queries import Filters, Item, has_left_gallery
from app.stories import actions
from app.stories.models import Story
from tests.factories.campaigns import make_campaign
from tests.factories.stories import approve, child_says, guardian_says, make_approved, make_shown, yes_to

BOTH = ("gallery", "embed", "archive")
DAY = timedelta(days=1)


def save() -> None:
    commit(outside().queue)


def told(campaign_id: str = "") -> dict[str, tuple[date, bool]]:
    """What a whole harvest says now, a record at a time: the day and whether it is gone, by story."""
    found: list[elsewhere.Record] = []
    more, after = True, None
    while more:
        some, more = elsewhere.records(date.min, date.max, campaign_id, after, 1)
        found += some
        after = elsewhere.Place(some[-1].told_on, some[-1].story_id) if some else None
    assert found == sorted(found, key=lambda record: (record.told_on, record.story_id))
    return {record.story_id: (record.told_on, record.gone) for record in found}


def today() -> date:
    return clock.now().date()


def test_a_withdrawal_and_a_return_are_told_on_their_days() -> None:
    story = make_shown(BOTH)
    make_shown(["gallery", "archive"])
    make_shown(["embed", "archive"])
    make_shown(["gallery", "embed"])
    save()
    assert [gone for _, gone in told().values()] == [False]
    for days, answer in enumerate(("no", "yes", "unsure"), 1):
        with clock.fixed(clock.now() + days * DAY):
            child_says(story, {"embed": answer})
            save()
            assert told() == {story.id: (today(), answer != "yes")}
    assert db.session.scalar(select(func.count()).select_from(ArchiveRecord)) == 1  # what was told before makes room


def test_what_time_alone_ends_is_told_on_that_day() -> None:
    story = make_shown(BOTH)
    save()
    (ends,) = db.session.scalars(select(ArchiveRecord.since).where(ArchiveRecord.gone))
    for moment, gone in ((ends - timedelta.resolution, False), (ends, True)):
        with clock.fixed(moment):
            assert told()[story.id][1] is gone
            assert (story.id in elsewhere.stories([story.id])) is not gone
    with clock.fixed(ends + DAY):
        assert told() == {story.id: (ends.date(), True)}
        with pytest.raises(Gone):
            elsewhere.story(story.id)


def test_nobody_hears_of_a_story_before_its_cooling_off_time_is_over() -> None:
    story = make_approved(BOTH)
    save()
    assert told() == {}
    with pytest.raises(NotFound):
        elsewhere.story(story.id)
    with clock.fixed(clock.now() + 2 * DAY):
        assert told() == {story.id: (today() - DAY, False)}
        assert elsewhere.story(story.id).story_id == story.id


def test_while_a_corrected_story_cools_off_it_stays_gone() -> None:
    story = make_shown(BOTH)
    save()
    actions.correct(story)
    save()
    assert told() == {story.id: (today(), True)}
    actions.write(actions.working_version(story), "Another", "Quite another story.")
    actions.submit(story, Role.CHILD)
    with clock.fixed(clock.now() + DAY):
        guardian_says(story, guardians_of(story.storyteller_id)[0], yes_to(BOTH))
        approve(story)
        save()
        assert told() == {story.id: (today() - DAY, True)}
        with pytest.raises(Gone):
            elsewhere.story(story.id)
    with clock.fixed(clock.now() + 3 * DAY):
        assert told() == {story.id: (today() - DAY, False)}
        assert elsewhere.story(story.id).title == "Another"


def ended(story: Story) -> None:
    actions.ask_erasure(story, Role.CHILD, now=True)


def hidden(story: Story) -> None:
    child_says(story, {"gallery": "no"})


@pytest.mark.parametrize("end", [ended, hidden])
def test_what_is_gone_stays_told_for_good(end: Callable[[Story], None]) -> None:
    story = make_shown(BOTH)
    save()
    end(story)
    save()
    with clock.fixed(clock.now() + 5_000 * DAY):
        assert told() == {story.id: (today() - 5_000 * DAY, True)}


def test_a_story_that_leaves_while_its_campaign_is_read_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = make_campaign()
    stories = [make_shown([*BOTH, f"campaign:{campaign.id}"]) for _ in range(3)]
    choose_stories("test", campaign, [story.id for story in stories])
    save()
    reads = elsewhere.stories

    def late(story_ids: Iterable[str]) -> dict[str, Item]:
        return {story_id: item for story_id, item in reads(story_ids).items() if story_id != stories[1].id}

    monkeypatch.setattr(elsewhere, "stories", late)
    first = elsewhere.in_campaign(campaign.id, None, 2)
    rest = elsewhere.in_campaign(campaign.id, first.last, 2)
    assert [item.story_id for item in (*first.items, *rest.items)] == [stories[0].id, stories[2].id]


def test_a_campaign_lists_what_it_shows_in_its_order_and_tells_when_it_turns() -> None:
    campaign = make_campaign(closes_at=clock.now() + 10 * DAY)
    scope = f"campaign:{campaign.id}"
    stories = [make_shown([*BOTH, scope]) for _ in range(3)]
    private, elsewhere_only = make_shown(BOTH), make_shown(["embed", scope])
    choose_stories("test", campaign, [story.id for story in (*stories, private, elsewhere_only)])
    save()
    first = elsewhere.in_campaign(campaign.id, None, 2)
    rest = elsewhere.in_campaign(campaign.id, first.last, 2)
    order = [story.id for story in stories]
    assert ([item.story_id for item in (*first.items, *rest.items)], rest.last) == (order, None)
    assert elsewhere.campaigns_of([*order, private.id], [campaign.id]) == {
        **{story_id: [campaign.id] for story_id in order},
        private.id: [],
    }
    assert told(campaign.id).keys() == set(order)
    before = told()
    with clock.fixed(clock.now() + 11 * DAY):
        assert elsewhere.in_campaign(campaign.id, None, 2).items == []
        assert told(campaign.id) == {}
        assert told() == before | dict.fromkeys(order, (today() - DAY, False))
        child_says(stories[0], {"embed": "no"})
        save()
        assert told(campaign.id) == {stories[0].id: (today(), True)}


def test_lists_are_read_a_part_at_a_time() -> None:
    made = {make_shown(BOTH).id for _ in range(5)}
    save()
    seen, after = [], None
    for _ in range(3):
        stretch = elsewhere.listed(Filters(theme="family", country="RO"), after, 2)
        seen += [item.story_id for item in stretch.items]
        after = stretch.last
    assert after is None
    assert (set(seen), len(seen)) == (made, 5)
    (part,) = catalogue.parts()
    assert {story_id for story_id, _ in catalogue.shown_in(part)} == made


def framed(story_id: str) -> str:
    """What the frame of a story answers."""
    try:
        return elsewhere.framed(story_id).story_id
    except (Gone, NotFound) as refusal:
        return refusal.code


def test_a_frame_is_gone_while_a_campaign_shows_the_story_still() -> None:
    campaign = make_campaign()
    story = make_shown(["embed", f"campaign:{campaign.id}"])
    never = make_shown([f"campaign:{campaign.id}"])
    choose_stories("test", campaign, [story.id, never.id])
    save()
    assert (framed(story.id), framed(never.id)) == (story.id, "not_found")
    child_says(story, {"embed": "no"})
    save()
    assert (framed(story.id), framed(never.id)) == ("gone", "not_found")
    child_says(story, {"embed": "yes"})
    save()
    assert framed(story.id) == story.id
    with clock.fixed(clock.now() + 800 * DAY):
        assert (framed(story.id), framed(never.id)) == ("gone", "not_found")


def test_a_campaign_that_closed_took_nothing_back() -> None:
    campaign = make_campaign(closes_at=clock.now() + 10 * DAY)
    there, framed_there = (make_shown([*places, f"campaign:{campaign.id}"]) for places in ((), ("embed",)))
    choose_stories("test", campaign, [there.id, framed_there.id])
    save()
    with clock.fixed(clock.now() + 11 * DAY):
        assert [framed(there.id), has_left_gallery(there.id)] == ["not_found", False]
        assert framed(framed_there.id) == framed_there.id
        child_says(there, {f"campaign:{campaign.id}": "no"})
        save()
        assert [framed(there.id), has_left_gallery(there.id)] == ["gone", True]
