"""oEmbed: what is answered for our addresses, in JSON and XML, and what is refused as the specification says."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app import clock
from app.adapters import outside
from app.campaigns.models import Campaign
from app.cli.writing import transaction
from app.extensions import db
from app.people.rules import Locale
from tests.factories.stories import TITLE
from tests.web.public_side import in_campaign, say, shown

ROOT, NOBODY = "http://127.0.0.1:8000", "A" * 22
PROBLEM = "application/problem+json"


def ask(client: FlaskClient, url: str, **more: object) -> TestResponse:
    rest = "".join(f"&{name}={value}" for name, value in more.items())
    return client.get(f"/oembed?url={quote(url, safe='')}{rest}")


def frame_of(answer: dict[str, Any]) -> str:
    """The path and query that the frame in an answer leads to."""
    found = re.search(rf'<iframe src="{ROOT}([^"]+)"', answer["html"])
    assert found, answer
    return unescape(found[1])


def test_a_story_is_answered_in_both_formats(app: Flask, client: FlaskClient) -> None:
    story_id = shown(app, ["gallery", "embed"], pictures=1)
    url = f"{ROOT}/stories/{story_id}"
    said = ask(client, url).json
    assert {name: said[name] for name in ("version", "type", "title", "author_name", "provider_name", "cache_age")} == {
        "version": "1.0",
        "type": "rich",
        "title": TITLE,
        "author_name": "Firefly",
        "provider_name": "Eyes on Me",
        "cache_age": 300,
    }
    assert frame_of(said) == f"/embed/stories/{story_id}"
    assert client.get(frame_of(said)).status_code == 200
    assert client.get(said["thumbnail_url"].removeprefix(ROOT)).mimetype == "image/jpeg"
    told = ask(client, url, format="xml")
    assert told.mimetype == "text/xml"
    assert {part.tag: part.text for part in ET.fromstring(told.data)} == {
        name: str(value) for name, value in said.items()
    }
    assert ask(client, f"{ROOT}/embed/stories/{story_id}").json == said
    say(app, story_id, name="none")
    assert "author_name" not in ask(client, url).json


def test_no_answer_is_larger_than_there_is_room_for(app: Flask, client: FlaskClient) -> None:
    url = f"{ROOT}/stories/{shown(app, ['gallery', 'embed'], pictures=1)}"
    small = ask(client, url, maxwidth=350, maxheight=200).json
    assert (small["width"], small["height"]) == (350, 200)
    assert 'width="350" height="200"' in small["html"]
    assert small.get("thumbnail_width", 0) <= 350
    assert small.get("thumbnail_height", 0) <= 200
    tiny = ask(client, url, maxwidth=3, maxheight="9" * 9).json
    assert (tiny["width"], "thumbnail_url" in tiny) == (3, False)
    for wrong in ("-1", "0", "many", "1.5", "9" * 5_000, "%C2%B2", "1e3", "%00"):
        for name in ("maxwidth", "maxheight"):
            refused = ask(client, url, **{name: wrong})
            assert (refused.status_code, refused.mimetype) == (400, PROBLEM), wrong


def test_a_campaign_and_a_selection_are_answered_too(app: Flask, client: FlaskClient) -> None:
    in_campaign(app, "embed")
    campaign = ask(client, f"{ROOT}/campaigns/here?lang=ro&look=dark").json
    assert (campaign["title"], "author_name" in campaign) == ("Campania here", False)
    assert frame_of(campaign) == "/embed/campaigns/here?lang=ro&look=dark"
    gallery = ask(client, f"{ROOT}/gallery?theme=family&country=CN&after=x").json
    assert frame_of(gallery) == "/embed/stories?theme=family&country=CN"
    chosen = ask(client, f"{ROOT}/embed/stories?theme=family&count=3&look=light").json
    assert frame_of(chosen) == "/embed/stories?theme=family&count=3&look=light"
    with clock.fixed(clock.now() - timedelta(days=8)):
        assert ask(client, f"{ROOT}/campaigns/here").status_code == 404


def test_a_campaign_that_is_over_was_not_taken_back(app: Flask, client: FlaskClient) -> None:
    in_campaign(app, "embed")
    with app.app_context(), transaction():
        db.session.scalars(select(Campaign)).one().closes_at = clock.now() + timedelta(days=1)
    with clock.fixed(clock.now() + timedelta(days=2)):
        for path in ("campaigns/here", "embed/campaigns/here"):
            over = ask(client, f"{ROOT}/{path}")
            said = json.loads(over.text)
            assert (over.status_code, said["code"], said["detail"]) == (404, "campaign_over", "This campaign is over.")
        for query in ("what=campaign&campaign=here", f"what=story&story={ROOT}/campaigns/here"):
            page = client.get(f"/embed?{query}").text
            assert ("<p>This campaign is over.</p>" in page, "was taken back." in page) == (True, False)


def test_what_is_not_ours_to_give_is_refused(app: Flask, client: FlaskClient) -> None:
    ours, both = shown(app, ["gallery"]), shown(app, ["gallery", "embed"])
    foreign = (
        "https://elsewhere.example/stories/x",
        f"{ROOT}@elsewhere.example/stories/{both}",
        f"https://127.0.0.1:8000/stories/{both}",
        f"/stories/{both}",
        f"{ROOT}/stories/{ours}",
        f"{ROOT}/stories/{NOBODY}",
        f"{ROOT}/stories/{both}%00",
        f"{ROOT}/campaigns/nothing",
        f"{ROOT}/gallery?q=kite",
        f"{ROOT}/staff/login",
        f"{ROOT}/about",
        "https://[",
        "nonsense",
    )
    assert {url: ask(client, url).status_code for url in foreign} == dict.fromkeys(foreign, 404)
    url = f"{ROOT}/stories/{both}"
    assert [ask(client, url, format=name).status_code for name in ("json", "xml", "yaml", "")] == [200, 200, 501, 200]
    assert client.get("/oembed").status_code == 400
    say(app, both, embed="no")
    gone = ask(client, url)
    assert (gone.status_code, gone.mimetype, gone.headers["Cache-Control"]) == (410, PROBLEM, "no-store")
    assert gone.headers["Access-Control-Allow-Origin"] == "*"


def test_an_address_may_be_written_as_people_write_it(client: FlaskClient, app: Flask) -> None:
    story_id = shown(app, ["gallery", "embed"])
    assert ask(client, f"{ROOT}/stories/{story_id}/").status_code == 200
    bare, slashed = (ask(client, f"{ROOT}/gallery{end}?country=RO").json for end in ("", "/"))
    assert bare == slashed
    with app.app_context():
        secure = outside().settings.model_copy(update={"public_url": "https://eyes.example"})
    app.extensions["eyes"] = replace(app.extensions["eyes"], settings=secure)
    wanted = {"https": 200, "http": 200, "ftp": 404}
    found = {scheme: ask(client, f"{scheme}://eyes.example/stories/{story_id}").status_code for scheme in wanted}
    assert found == wanted


def test_one_slash_too_many_leads_on(app: Flask, client: FlaskClient) -> None:
    story_id = shown(app)
    for path, query in ((f"/stories/{story_id}", ""), ("/gallery", "?theme=family&lang=ro")):
        led = client.get(f"{path}/{query}")
        assert (led.status_code, led.location) == (308, f"{path}{query}")
        assert client.get(led.location).status_code == 200
    assert [client.get(path).status_code for path in ("/nothing/", "/stories/", "/staff/login/x/")] == [404] * 3
    assert client.post("/gallery/").status_code == 404


DISCOVERED = re.compile(r'<link rel="alternate" type="([^"]+)\+oembed" title="[^"]+" href="([^"]+)">')


def test_the_pages_say_where_their_answer_is(app: Flask, client: FlaskClient) -> None:
    _scope, story_id = in_campaign(app, "gallery", "embed")
    frame = f"/embed/stories/{story_id}"
    for page, wanted in (
        (f"/stories/{story_id}", frame),
        (f"/stories/{story_id}?lang=ro", f"{frame}?lang=ro"),
        ("/campaigns/here", "/embed/campaigns/here"),
    ):
        found = {kind: unescape(href).removeprefix(ROOT) for kind, href in DISCOVERED.findall(client.get(page).text)}
        assert {kind: client.get(href).mimetype for kind, href in found.items()} == {
            "application/json": "application/json",
            "text/xml": "text/xml",
        }
        assert frame_of(client.get(found["application/json"]).json) == wanted
    say(app, story_id, embed="no")
    page = client.get(f"/stories/{story_id}").text
    assert ("oembed" in page, "/embed?" in page) == (False, False)


def test_words_that_no_xml_may_hold_are_replaced(app: Flask, client: FlaskClient) -> None:
    story_id = shown(app, ["gallery", "embed"], title="A <b>&amp;\x0c kite", locale=Locale.RO)
    said = ET.fromstring(ask(client, f"{ROOT}/stories/{story_id}", format="xml").data)
    assert said.findtext("title") == "A <b>&amp;\ufffd kite"
    assert "<b>" not in ask(client, f"{ROOT}/stories/{story_id}").json["html"]
