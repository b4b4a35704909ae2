"""What search engines are told: which pages there are, which address a page has, and who may not look at all."""

import re
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree
from sqlalchemy import select

from app import clock
from app.extensions import db
from app.release import catalogue
from app.release.models import Showing
from app.web.operators import NO_AI
from tests.factories.stories import LONG_AGO
from tests.web.public_side import in_campaign, shown

HOME = "http://127.0.0.1:8000"


def listed(client: FlaskClient, address: str) -> list[str]:
    """The addresses in a sitemap, by their paths."""
    response = client.get(address)
    assert (response.status_code, response.mimetype) == (200, "application/xml")
    assert response.headers["ETag"]
    found = [str(each.text) for each in etree.fromstring(response.data).iter("{*}loc")]
    assert all(each.startswith(HOME) for each in found)
    return [urlsplit(each).path for each in found]


def test_the_sitemap_leads_to_every_page_and_every_story_once(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_campaign(app)
    first = (clock.now().replace(day=1) - timedelta(days=80)).replace(day=1)
    last, long_ago = first.replace(day=28), first - timedelta(days=100)
    made = [f"/stories/{shown_on(app, day)}" for day in (first, first, last, long_ago)]
    shown(app, ["embed"])
    months, days = [f"{long_ago:%Y-%m}", f"{first:%Y-%m}"], [f"{first:%Y-%m-%d}", f"{last:%Y-%m-%d}"]
    for language, largest, parts in (("en", 3, months), ("it", 2, [months[0], *days])):
        monkeypatch.setattr(catalogue, "MONTH", largest)
        names = ["pages", *parts]
        assert listed(client, f"/sitemap.xml?lang={language}") == [f"/sitemap/{name}.xml" for name in names]
        pages = [page for name in names for page in listed(client, f"/sitemap/{name}.xml")]
        assert pages[:5] == ["/", "/gallery", "/about", "/campaigns", "/campaigns/here"]
        assert sorted(pages[5:]) == sorted(made)
        assert all(client.get(page).status_code == 200 for page in pages)


def shown_on(app: Flask, day: datetime) -> str:
    """The id of a story that is in the gallery since this day."""
    with clock.fixed(day + LONG_AGO - timedelta(days=1)):
        story_id = shown(app)
    with app.app_context():
        assert db.session.scalar(select(Showing.shown_on).where(Showing.story_id == story_id)) == day.date()
    return story_id


def test_there_is_no_other_part(app: Flask, client: FlaskClient) -> None:
    shown(app)
    for name in ("2026-13", "2026-02-30", "2026-3", "1999-01", "9999-12", "9999-12-31", "x", "%00"):
        assert client.get(f"/sitemap/{name}.xml").status_code == 404, name


def test_collectors_for_ai_see_nothing_and_search_engines_pages_alone(client: FlaskClient) -> None:
    robots = RobotFileParser()
    robots.parse(client.get("/robots.txt").text.splitlines())
    assert robots.site_maps() == [f"{HOME}/sitemap.xml"]
    assert {name for name in NO_AI if robots.can_fetch(name, "/") or robots.can_fetch(name, "/gallery")} == set()
    for path in ("/", "/gallery", "/stories/x", "/campaigns/here", "/media/x.jpg", "/static/dist/site.css"):
        assert robots.can_fetch("Googlebot", path), path
    for path in ("/api/v1/stories", "/oai?verb=Identify", "/iiif/x", "/feeds/stories.atom", "/embed/x", "/staff"):
        assert not robots.can_fetch("Googlebot", path), path
    for path in ("/api/v1/stories", "/oai?verb=Identify", "/feeds/stories.atom"):
        assert client.get(path).headers["X-Robots-Tag"] == "noindex", path


def test_a_public_page_has_one_address_whatever_it_was_asked_with(app: Flask, client: FlaskClient) -> None:
    story_id = shown(app)
    for asked, canonical in (
        ("/", "/"),
        ("/?utm=1", "/"),
        (f"/stories/{story_id}?from=letter&lang=ro", f"/stories/{story_id}?lang=ro"),
        ("/gallery?x=1&theme=family&lang=klingon", "/gallery?theme=family"),
    ):
        for cookie in (False, True):
            if cookie:
                client.set_cookie("eyes", "anything")
            found = re.findall(r'<link rel="canonical" href="([^"]+)">', client.get(asked).text)
            assert found == [HOME + canonical]
        client.delete_cookie("eyes")
    for private in ("/tell", "/staff/login", "/stories/" + "A" * 22, "/nothing"):
        assert 'rel="canonical"' not in client.get(private).text, private
