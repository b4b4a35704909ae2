"""Atom and JSON Feed, read as a reader reads them."""

import json
import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.people.rules import Locale
from tests.factories.hostile_words import EVERYTHING
from tests.factories.stories import TEXT, TITLE
from tests.web.public_side import in_campaign, say, shown

BOTH = ("gallery", "embed")
HOME = "http://127.0.0.1:8000"
HUB = "https://hub.example/"


def atom(client: FlaskClient, address: str) -> Any:
    """A feed as feedparser understands it, without a complaint."""
    response = client.get(address)
    assert (response.status_code, response.content_type) == (200, "application/atom+xml; charset=utf-8")
    feed = feedparser.parse(response.data, response_headers={"content-type": response.content_type})
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    return feed


def links(entry: Any) -> dict[str, str]:
    return {link["rel"]: link["href"] for link in entry.links}


@pytest.mark.parametrize("chosen", [{"websub_hub": HUB}])
def test_the_newest_stories_as_atom(app: Flask, client: FlaskClient) -> None:
    story_id = shown(app, BOTH, pictures=1, sounds=1, own_voice=True)
    shown(app, ["gallery"])
    feed = atom(client, "/feeds/stories.atom")
    assert links(feed.feed) == {"self": f"{HOME}/feeds/stories.atom", "alternate": f"{HOME}/gallery", "hub": HUB}
    (entry,) = feed.entries
    assert (entry.title, entry.author, entry.id) == (TITLE, "Firefly", f"{HOME}/stories/{story_id}")
    assert [tag["term"] for tag in entry.tags] == ["family"]
    assert TEXT.splitlines()[0] in entry.content[0].value
    pictures = re.findall(r'<img[^>]*src="([^"]+)"', entry.content[0].value)
    assert [client.get(urlsplit(url).path).mimetype for url in pictures] == ["image/jpeg"]
    assert {client.get(urlsplit(sound.href).path).mimetype for sound in entry.enclosures} == {"audio/mp4", "audio/webm"}
    assert entry.published == entry.updated == feed.feed.updated
    assert entry.published.endswith("T00:00:00Z")


@pytest.mark.parametrize("chosen", [{"websub_hub": HUB}])
def test_the_newest_stories_as_json(app: Flask, client: FlaskClient) -> None:
    story_id = shown(app, BOTH, pictures=1, sounds=1, own_voice=True)
    response = client.get("/feeds/stories.json")
    assert response.mimetype == "application/feed+json"
    feed = json.loads(response.text)
    assert (feed["version"], feed["feed_url"]) == ("https://jsonfeed.org/version/1.1", f"{HOME}/feeds/stories.json")
    assert feed["hubs"] == [{"type": "WebSub", "url": HUB}]
    (item,) = feed["items"]
    assert (item["id"], item["title"], item["language"]) == (f"{HOME}/stories/{story_id}", TITLE, "en")
    assert item["date_published"].endswith("T00:00:00Z")
    assert [sound["duration_in_seconds"] for sound in item["attachments"]] == [4.0, 4.0]


def test_a_campaign_has_feeds_of_its_own_while_it_runs(app: Flask, client: FlaskClient) -> None:
    _, story_id = in_campaign(app, *BOTH)
    shown(app, BOTH)
    feed = atom(client, "/feeds/campaigns/here.atom?lang=ro")
    assert (feed.feed.title, feed.feed.language) == ("Campania here", "ro")
    assert links(feed.feed)["self"] == f"{HOME}/feeds/campaigns/here.atom?lang=ro"
    assert [entry.id for entry in feed.entries] == [f"{HOME}/stories/{story_id}"]
    assert [item["url"] for item in json.loads(client.get("/feeds/campaigns/here.json").text)["items"]] == [
        f"{HOME}/stories/{story_id}"
    ]
    with clock.fixed(clock.now() - timedelta(days=8)):
        assert client.get("/feeds/campaigns/here.atom").status_code == 404
    assert client.get("/feeds/campaigns/nothing.json").mimetype == "application/problem+json"


def test_pages_say_where_their_feeds_are(app: Flask, client: FlaskClient) -> None:
    in_campaign(app, *BOTH)
    for page, name in (("/gallery", "stories"), ("/campaigns/here", "campaigns/here")):
        found = re.findall(r'<link rel="alternate" type="([^"]+)"[^>]* href="(/feeds/[^"]+)">', client.get(page).text)
        assert found == [
            ("application/atom+xml", f"/feeds/{name}.atom"),
            ("application/feed+json", f"/feeds/{name}.json"),
        ]
        assert [client.get(address).mimetype for _, address in found] == [kind for kind, _ in found]


def test_whatever_a_child_types_a_feed_can_be_read(app: Flask, client: FlaskClient) -> None:
    for title in (EVERYTHING[:80], "\x0b\x1f\ufffe]]>&<b>", ""):
        shown(app, BOTH, title=title, text=EVERYTHING, locale=Locale.ZH)
    feed = atom(client, "/feeds/stories.atom")
    assert len(feed.entries) == 3
    assert "A story without a title" in {entry.title for entry in feed.entries}
    assert not any("<script" in entry.content[0].value for entry in feed.entries)
    assert len(json.loads(client.get("/feeds/stories.json").text)["items"]) == 3


def test_an_empty_feed_is_a_feed(app: Flask, client: FlaskClient) -> None:
    story_id = shown(app, BOTH)
    say(app, story_id, embed="no")
    assert atom(client, "/feeds/stories.atom").entries == []
    assert json.loads(client.get("/feeds/stories.json").text)["items"] == []
