"""The map of voices: counts by country that tell of no few children, and cost no count in every request."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app import clock
from app.cli.writing import transaction
from app.extensions import db
from app.release import voices as release_voices
from app.release.models import Showing
from app.web.choices import COUNTRIES
from app.web.gallery import voices
from tests.web.public_side import say, shown

COUNTED = ("gallery", "research_counts")
Rows = dict[str, tuple[str, str]]


def rows(client: FlaskClient) -> Rows:
    """The table: what it says of each country, and where it leads."""
    page = client.get("/gallery/map").text
    found = re.findall(r'<th scope="row">(?:<a href="([^"]*)">)?([^<]*)(?:</a>)?</th>\s*<td>([^<]*)</td>', page)
    return {unescape(name): (count, address) for address, name, count in found}


def test_a_country_says_how_many_only_when_they_are_enough(app: Flask, client: FlaskClient) -> None:
    ids = [shown(app, COUNTED, country="RO") for _ in range(10)]
    for _ in range(9):
        shown(app, COUNTED, country="MD")
    for _ in range(10):
        shown(app, ["gallery", "embed"], country="LV")
    table = rows(client)
    assert (table["Romania"], table["Moldova"]) == (("10", "/gallery?country=RO"), ("fewer than 10", ""))
    assert {name for name, (count, _) in table.items() if count == "0"} == table.keys() - {"Romania", "Moldova"}
    assert len(table) == len(COUNTRIES)
    page = client.get("/gallery/map").text
    assert page.count(">0</text>") == page.count("<td>0</td>") > 0, "the map and the table say it alike"
    assert '<tspan x="45.0">United</tspan> <tspan x="45.0" dy="15">Kingdom</tspan>' in page
    drawn = re.findall(r'<a href="([^"]*)" tabindex="-1">', page)
    assert drawn == ["/gallery?country=RO"]
    say(app, ids[0], research_counts="no")
    assert rows(client)["Romania"] == ("fewer than 10", "")


def test_a_child_who_told_two_stories_is_counted_once(app: Flask, client: FlaskClient) -> None:
    ids = [shown(app, COUNTED, country="RO") for _ in range(11)]
    same = update(Showing).where(Showing.place == "counts", Showing.story_id.in_(ids[:2]))
    with app.app_context(), transaction():
        assert len(set(db.session.scalars(select(Showing.teller).where(Showing.place == "counts")))) == 11
        assert set(db.session.scalars(select(Showing.teller).where(Showing.place == "gallery"))) == {""}
        db.session.execute(same.values(teller="one child"))
    assert rows(client)["Romania"][0] == "10"
    say(app, ids[5], research_counts="no")
    assert rows(client)["Romania"][0] == "fewer than 10"


def test_a_number_leads_to_a_wall_only_where_that_shows_as_many(app: Flask, client: FlaskClient) -> None:
    ids = [shown(app, COUNTED, country="RO") for _ in range(10)]
    for _ in range(2):
        shown(app, ["research_counts"], country="RO")
    for _ in range(10):
        shown(app, ["research_counts"], country="MD")
    leads = rows(client)
    assert (leads["Romania"], leads["Moldova"]) == (("10", "/gallery?country=RO"), ("10", ""))
    say(app, ids[0], gallery="no")
    assert rows(client)["Romania"] == ("10", "")
    assert "/gallery?country" not in client.get("/gallery/map").text


def test_who_does_not_say_where_is_counted_but_not_placed(app: Flask, client: FlaskClient) -> None:
    for _ in range(12):
        say(app, shown(app, COUNTED), place="unsure")
    assert list(rows(client).items())[-1] == ("Not said", ("10", ""))


def test_the_map_speaks_the_visitors_language(app: Flask, client: FlaskClient) -> None:
    assert "/gallery/map?lang=ro" in client.get("/gallery/map").text
    assert "România" in rows(client_in(client, "ro"))


def client_in(client: FlaskClient, language: str) -> FlaskClient:
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    return client


@pytest.mark.parametrize("chosen", [{"cache_mb": 0}])
def test_the_stories_are_counted_when_something_changed_and_not_in_every_request(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = []

    def count() -> release_voices.Voices:
        counted.append(clock.now())
        return release_voices.count_voices()

    monkeypatch.setattr(voices, "count_voices", count)
    story_id, *_ = [shown(app, COUNTED, country="RO") for _ in range(10)]
    assert [rows(client)["Romania"][0] for _ in range(3)] == ["10", "10", "10"]
    assert len(counted) == 1
    say(app, story_id, research_counts="unsure")
    assert rows(client)["Romania"][0] == "fewer than 10"
    assert len(counted) == 2
    with clock.fixed(clock.now() + timedelta(days=25 * 31)):  # every answer ran out, and nobody did anything
        assert rows(client)["Romania"][0] == "0"
    assert rows(client)["Romania"][0] == "fewer than 10"


def test_every_country_that_can_be_chosen_has_its_place() -> None:
    assert set(voices.PLACES) == set(COUNTRIES)
    assert len(set(voices.PLACES.values())) == len(COUNTRIES)
