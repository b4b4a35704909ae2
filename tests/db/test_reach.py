"""Views written down in bulk by several processes, and as they are told again."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.campaigns.actions import choose_stories
from app.cli.sweeper import sweep
from app.cli.writing import transaction
from app.extensions import db
from app.impact.actions import add_views
from app.impact.models import Reach
from app.impact.queries import been, figures
from app.impact.rules import KEPT_DAYS, NEW_HOSTS, OTHER, Place, View
from app.people.permissions import Role
from app.release.models import ReleaseEpoch
from app.stories.actions import ask_erasure
from app.stories.models import Story
from app.web import reach
from tests.factories.campaigns import make_campaign
from tests.factories.sites import make_site
from tests.factories.stories import make_shown


def today() -> date:
    return clock.now().date()


def written(*columns: str) -> list[tuple[object, ...]]:
    """What stands in the table, by these columns; the database is let go of again."""
    chosen = [getattr(Reach, name) for name in columns]
    rows = sorted(tuple(row) for row in db.session.execute(select(*chosen)))
    db.session.rollback()
    return rows


def look(times: int = 1, **what: str) -> None:
    """Somebody looked so many times."""
    place = Place(what.pop("place", "embed"))
    with transaction():
        add_views(db.session.connection(), {View(today(), place, **what): times})


def test_two_processes_add_to_the_same_sums(app: Flask) -> None:
    with transaction():
        campaign_id = make_campaign(slug="here").id
    epoch = db.session.scalar(select(ReleaseEpoch.value))
    db.session.rollback()
    one, other = (reach.Reach(app.wsgi_app, db.engine, "https://eyes.example", every=60) for _ in range(2))
    for counter, times in ((one, 3), (other, 4), (one, 5)):
        for _ in range(times):
            counter.count(View(today(), Place.CAMPAIGN, "here", language="ro"))
        counter.flush()
    one.close()
    other.close()
    assert written("place", "subject", "host", "language", "views") == [("campaign", campaign_id, "", "ro", 12)]
    assert db.session.scalar(select(ReleaseEpoch.value)) == epoch


def test_what_cannot_be_written_down_disturbs_nobody_and_is_written_later(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no room")

    counter = reach.Reach(app.wsgi_app, db.engine, "https://eyes.example", every=60)
    counter.count(View(today(), Place.GALLERY))
    with monkeypatch.context() as patch:
        patch.setattr(reach, "add_views", full)
        counter.flush()
    assert written("views") == []
    counter.flush()
    counter.close()
    assert written("views") == [(1,)]


def test_sites_that_nobody_registered_have_names_only_up_to_a_number_a_day() -> None:
    with transaction():
        make_site("https://known.example")
        make_campaign(slug="here", embedding_sites=["https://partner.example"])
    for round_ in range(2):
        flood = {View(today(), Place.EMBED, host=f"s{n}-{round_}.example"): 1 for n in range(NEW_HOSTS - 10)}
        with transaction():
            add_views(db.session.connection(), flood)
    for host in ("known.example", "partner.example", "late.example"):
        look(host=host, campaign="here")
    hosts = {str(host) for (host,) in written("host")}
    assert len(hosts) == NEW_HOSTS + 3
    assert hosts >= {"known.example", "partner.example", OTHER}
    assert "late.example" not in hosts


def test_figures_hide_what_is_little_everywhere() -> None:
    with transaction():
        ids = [make_campaign(slug=slug).id for slug in ("one", "two")]
    look(40, place="campaign", campaign="one", language="en")
    look(25, campaign="one", host="partner.example", language="en")
    look(3, campaign="two", host="small.example", language="ro")
    found = figures(today(), 30)
    assert found.total == 60
    assert found.places == [("campaign", 40), ("embed", 20)]
    assert found.hosts == [("partner.example", 20), ("small.example", None)]
    assert found.languages == [("en", 60), ("ro", None)]
    assert found.campaigns == [(ids[0], 60), (ids[1], None)]
    assert [views for _, views in found.stretches] == [0] * 29 + [60]
    one, two = (figures(today(), 30, key) for key in ids)
    assert (one.total, one.campaigns) == (60, [])
    assert (two.total, two.hosts) == (None, [("small.example", None)])


def test_a_child_is_told_on_how_many_sites_and_in_how_many_exhibitions() -> None:
    with transaction():
        here = make_campaign(slug="here")
        story, apart = make_shown(["embed", "print", f"campaign:{here.id}"]), make_shown(["gallery"])
        choose_stories("test", here, [story.id])
        make_campaign(story, apart, slug="said-no")
        make_campaign(slug="elsewhere")
        story_id, apart_id = story.id, apart.id
    assert been(story_id) == (0, 0)
    look(4, story=story_id, host="one.example")
    look(6, campaign="here", host="one.example")
    look(10, campaign="here", host="two.example")
    look(10, campaign="here", host=OTHER)
    look(10, campaign="elsewhere", host="three.example")
    look(place="print", campaign="here")
    look(place="print", campaign="said-no")
    assert been(story_id) == (2, 1)
    assert been(apart_id) == (0, 0)


def test_a_site_that_a_few_requests_named_is_no_site_unless_the_team_wrote_it_down() -> None:
    with transaction():
        here = make_campaign(slug="here", embedding_sites=["https://school.example"])
        make_site("https://paper.example")
        story = make_shown(["embed", f"campaign:{here.id}"])
        choose_stories("test", here, [story.id])
        story_id = story.id
    for host in ("made-up.example", "invented.example"):
        look(9, story=story_id, host=host)
    assert been(story_id) == (0, 0)
    look(story=story_id, host="paper.example")
    look(campaign="here", host="school.example")
    look(story=story_id, host="made-up.example")
    assert been(story_id) == (3, 0)


def test_the_reach_of_an_erased_story_goes_with_it_and_old_days_go_too() -> None:
    with transaction():
        story, kept = make_shown(["embed"]), make_shown(["embed"])
        erased_id, kept_id = story.id, kept.id
    look(story=erased_id, host="one.example")
    look(story=kept_id, host="one.example")
    with clock.fixed(clock.now() - timedelta(days=KEPT_DAYS + 1)):
        look(place="gallery")
    with transaction():
        ask_erasure(db.session.get_one(Story, erased_id), Role.CHILD, now=True)
    sweep()
    look(story=erased_id, host="late.example")
    assert written("subject", "host") == [(kept_id, "one.example")]
