"""Counting in front of the cache, the dashboard, its file, and what a child reads."""

import csv
import multiprocessing
import sqlite3
from datetime import timedelta
from urllib.request import Request, urlopen
from xml.etree import ElementTree as ET

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.cli.writing import transaction
from app.extensions import db
from app.impact.actions import add_views
from app.impact.models import Reach
from app.impact.rules import Place, View
from app.people.permissions import Role
from tests.services.application import sqlite_file
from tests.services.live import Live
from tests.web.answering import the_story
from tests.web.public_side import PARTNER, in_campaign, say
from tests.web.team import hire
from tests.web.telling import Child

AGENT, ADDRESS = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0 Unmistakable/7", "203.0.113.77"
PERSON = {"User-Agent": AGENT, "Accept": "text/html", "Accept-Language": "ro", "Sec-Fetch-Dest": "document"}
FRAME = PERSON | {"Sec-Fetch-Dest": "iframe", "Referer": f"{PARTNER}/some/page?who=zorro"}
PROGRAM = {"User-Agent": AGENT, "Accept-Language": "ro", "Sec-Fetch-Dest": "empty", "Origin": PARTNER}


def counted(app: Flask) -> list[tuple[str, str, str, str, int]]:
    """What was counted so far, written down first."""
    app.extensions["reach"].flush()
    columns = (Reach.place, Reach.subject, Reach.host, Reach.language, Reach.views)
    with app.app_context():
        return sorted((str(row[0]), *row[1:]) for row in db.session.execute(select(*columns)))


def test_each_look_counts_once_whether_the_page_was_made_or_kept(app: Flask, client: FlaskClient) -> None:
    scope, story_id = in_campaign(app, "gallery", "embed", "print", "press")
    campaign_id = scope.partition(":")[2]
    first = client.get("/gallery", headers=PERSON)
    client.get("/gallery", headers=PERSON)
    same = client.get("/gallery?lang=zh", headers=PERSON | {"If-None-Match": first.headers["ETag"]})
    assert (client.get("/gallery", headers=PERSON | {"If-None-Match": first.headers["ETag"]}).status_code) == 304
    client.get(f"/stories/{story_id}", headers=PERSON)
    for path in ("", "/exhibition", "/press-kit.zip"):
        assert client.get(f"/campaigns/here{path}", headers=PERSON).status_code == 200
    for path in ("/embed/campaigns/here", f"/embed/stories/{story_id}", "/embed/stories"):
        assert client.get(path, headers=FRAME).status_code == 200
    for path in ("campaigns/here", "campaigns/here/stories", f"stories/{story_id}", "stories?limit=4"):
        assert client.get(f"/api/v1/{path}", headers=PROGRAM).status_code == 200
    assert same.status_code == 200
    assert counted(app) == [
        ("campaign", campaign_id, "", "ro", 1),
        ("embed", "", "partner.example", "ro", 2),
        *sorted([("embed", key, "partner.example", "ro", 2) for key in (campaign_id, story_id)]),
        ("gallery", "", "", "ro", 4),
        ("gallery", "", "", "zh", 1),
        ("press", campaign_id, "", "ro", 1),
        ("print", campaign_id, "", "ro", 1),
    ]


def test_whatever_is_no_look_of_a_person_does_not_count(app: Flask, client: FlaskClient) -> None:
    _, story_id = in_campaign(app, "gallery", "embed", "print")
    own = "http://127.0.0.1:8000"
    for path, headers in (
        ("/gallery", PERSON | {"User-Agent": "Googlebot/2.1"}),
        ("/gallery", PERSON | {"Sec-Purpose": "prefetch;prerender"}),
        ("/campaigns/here/exhibition", PERSON | {"Sec-Fetch-Dest": "empty"}),  # it looks whether it is still the same
        ("/campaigns/here/exhibition", {"User-Agent": AGENT, "Accept": "*/*"}),
        ("/embed/campaigns/here", FRAME | {"Referer": f"{own}/embed"}),
        ("/embed/campaigns/here", FRAME | {"Referer": "https://stranger.example/"}),
        ("/embed/campaigns/here", PERSON),
        ("/api/v1/stories", PROGRAM | {"Origin": own}),
        ("/api/v1/stories", {"User-Agent": AGENT}),
        ("/stories/" + "A" * 22, PERSON),
        ("/about", PERSON),
        ("/staff/login", PERSON),
    ):
        client.get(path, headers=headers)
    client.head("/gallery", headers=PERSON)
    client.post("/gallery", headers=PERSON)
    say(app, story_id, gallery="no", embed="no")
    assert client.get(f"/embed/stories/{story_id}", headers=FRAME).status_code == 410
    assert counted(app) == []


def test_nothing_of_a_visitor_is_kept_anywhere(app: Flask, client: FlaskClient) -> None:
    in_campaign(app, "gallery", "embed")
    for path, headers in (("/gallery", PERSON), ("/embed/campaigns/here", FRAME)):
        answer = client.get(path, headers=headers, environ_overrides={"REMOTE_ADDR": ADDRESS})
        assert "Set-Cookie" not in answer.headers
    assert len(counted(app)) == 2
    with sqlite3.connect(sqlite_file(app.extensions["eyes"].settings)) as database:
        dump = "\n".join(database.iterdump())
    assert "partner.example" in dump  # what is kept would be found
    for secret in (ADDRESS, "Unmistakable", "Firefox", "/some/page", "zorro"):
        assert secret not in dump


def some_reach(app: Flask) -> str:
    """A campaign with views on many and on few sites; its id."""
    scope, _ = in_campaign(app, "embed")
    today = clock.now().date()
    with app.app_context(), transaction():
        counts = {
            View(today, Place.CAMPAIGN, "here", language="en"): 1_234,
            View(today - timedelta(days=3), Place.EMBED, "here", host="partner.example", language="ro"): 40,
            View(today - timedelta(days=4), Place.EMBED, "here", host="small.example", language="ro"): 7,
            View(today - timedelta(days=200), Place.GALLERY, language="zh"): 500,
        }
        add_views(db.session.connection(), counts)
    return scope.partition(":")[2]


def test_the_dashboard_draws_what_may_be_told(app: Flask) -> None:
    curator, campaign_id = hire(app, Role.CURATOR), some_reach(app)
    page = curator.get("/staff/impact?lang=en").text
    assert "At least 1,280 views in this time" in page
    assert not [little for little in ("1,281", "1,234", ">7<") if little in page]
    assert page.count("fewer than 10") >= 3  # the day, the site, the bar
    svg = ET.fromstring(page[page.index('<svg class="plot"') : page.index("</svg>", page.index("plot-desc")) + 6])
    bars = [rect.attrib["class"] for rect in svg.iter("rect")]
    assert bars == ["plot__bar plot__bar--few", "plot__bar", "plot__bar"]
    assert [child.tag for child in svg][:2] == ["title", "desc"]
    year = curator.get(f"/staff/impact?days=365&campaign={campaign_id}").text
    assert "Views by week" in year
    assert "Which campaigns" not in year
    assert curator.get("/staff/impact?campaign=nobody").status_code == 404
    assert curator.get("/staff/impact?days=hostile'%22").status_code == 200


def test_the_file_says_no_more_than_the_page(app: Flask) -> None:
    administrator, _ = hire(app, Role.ADMINISTRATOR), some_reach(app)
    answer = administrator.get("/staff/impact/reach.csv?days=90")
    assert answer.mimetype == "text/csv"
    rows = [tuple(row) for row in csv.reader(answer.data.decode("utf-8-sig").splitlines())]
    assert rows[:2] == [
        ("by", "name", "views_at_least", "fewer_than_10"),
        ("total", "", "1280", ""),
    ]
    assert {row for row in rows if row[0] in ("site", "campaign", "language", "place")} == {
        ("place", "campaign", "1230", ""),
        ("place", "embed", "40", ""),
        ("site", "partner.example", "40", ""),
        ("site", "small.example", "", "yes"),
        ("language", "en", "1230", ""),
        ("language", "ro", "40", ""),
        ("campaign", "here", "1280", ""),
    }
    assert len([row for row in rows if row[0] == "day"]) == 90


def test_a_child_reads_how_many_sites_and_never_which(app: Flask, client: FlaskClient) -> None:
    child = Child(client)
    child.come_back(gallery="yes", embed="yes")
    assert "Where your story has been" not in child.get("/my-story/home?lang=en").text
    with app.app_context(), transaction():
        story_id = the_story().id
        seen = {
            View(clock.now().date(), Place.EMBED, story=story_id, host=host): times
            for host, times in (("a.example", 10), ("b.example", 12), ("named-once.example", 1))
        }
        add_views(db.session.connection(), seen)
    page = child.get("/my-story/home?lang=en").text
    assert "It was shown on 2 websites of other people." in page
    assert "a.example" not in page


def test_what_waits_is_written_down_when_the_server_ends(live: Live) -> None:
    asked = Request(f"{live.url}/gallery", headers=PERSON)
    with urlopen(asked, timeout=10) as made, urlopen(asked, timeout=10) as kept:
        assert (made.status, kept.status) == (200, 200)
    live.web.stop()
    with live.app.app_context():
        assert list(db.session.scalars(select(Reach.views))) == [2]


def test_a_process_forked_from_one_that_counts_writes_down_its_own(app: Flask, client: FlaskClient) -> None:
    """As `flask serve` starts its web processes."""
    with app.app_context():
        db.engine.dispose()
    child = multiprocessing.get_context("fork").Process(
        target=client.get, args=("/gallery",), kwargs={"headers": PERSON}
    )
    child.start()
    child.join(30)
    assert child.exitcode == 0
    with app.app_context():
        assert db.session.scalar(select(Reach.views)) == 1
