"""A content note stands before a story wherever somebody meets it; and what nobody may hear is read everywhere."""

import io
import json
import zipfile
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.cli.writing import transaction
from app.curation.actions import choose_hero
from app.extensions import db
from app.stories.models import Story
from app.stories.rules import Beside
from tests.factories.wordings import CUES, WORDS, put_beside
from tests.web.public_side import file_names, in_campaign, shown
from tests.web.test_campaign_page import WHO, make

NOTE = str(WORDS[Beside.NOTE]["text"])
TEXT = "My mother works far away."
SITE = "http://127.0.0.1:8000"


@pytest.fixture
def noted(app: Flask) -> str:
    """The id of a story with a note that stands everywhere, and for its campaign."""
    _, story_id = in_campaign(app, "gallery", "embed", "print", "press", "archive")
    with app.app_context(), transaction():
        put_beside(db.session.get_one(Story, story_id), Beside.NOTE)
    return story_id


def test_every_output_tells_the_note(client: FlaskClient, noted: str) -> None:
    telling = (
        *("/gallery", f"/stories/{noted}", "/campaigns/here", f"/campaigns/here/stories/{noted}"),
        *("/campaigns/here/exhibition", "/campaigns/here/print"),
        *(f"/embed/stories/{noted}", "/embed/stories", "/embed/campaigns/here"),
        *(f"/api/v1/stories/{noted}", "/api/v1/campaigns/here/stories", "/feeds/stories.atom", "/feeds/stories.json"),
        *(f"/iiif/stories/{noted}/manifest", "/oai?verb=ListRecords&metadataPrefix=oai_dc"),
    )
    assert [address for address in telling if NOTE not in client.get(address).text] == []
    kit = zipfile.ZipFile(io.BytesIO(client.get("/campaigns/here/press-kit.zip").data))
    papers = [name for name in kit.namelist() if name.endswith(("captions.txt", "captions.csv", "words.txt"))]
    assert (len(papers), [name for name in papers if NOTE.encode() not in kit.read(name)]) == (3, [])


def test_what_nobody_can_fold_holds_back_the_rest(app: Flask, client: FlaskClient, noted: str) -> None:
    make(app, lambda campaign: choose_hero(WHO, campaign, noted))
    names = file_names(app, noted)
    assert names
    for address in ("/feeds/stories.atom", "/feeds/stories.json", "/campaigns", "/gallery?q=mother"):
        page = client.get(address).text
        assert [each for each in (*names, TEXT, "tile__found") if each in page] == [], address
    for address in (f"{SITE}/stories/{noted}", f"{SITE}/campaigns/here"):
        said = json.loads(client.get(f"/oembed?url={quote(address, safe='')}").text)
        assert (said["type"], "thumbnail_url" in said) == ("rich", False), address
    head = client.get(f"/stories/{noted}").text.partition("</head>")[0]
    assert f'property="og:description" content="{NOTE}"' in head
    assert [each for each in (*names, TEXT) if each in head] == []
    for address in ("/campaigns/here/print", f"/embed/stories/{noted}", f"/stories/{noted}"):
        page = client.get(address).text.partition("<body")[2]
        assert 0 < page.find(NOTE) < min(page.find(name) for name in names if name in page), address
    for address in ("/campaigns/here", "/embed/campaigns/here"):
        assert "campaign-head__hero" not in client.get(address).text, address


def test_a_frame_reads_what_is_said_aloud(app: Flask, client: FlaskClient) -> None:
    heard = shown(app, ["gallery", "embed"], title="Heard", text="", sounds=1, own_voice=True)
    unheard = shown(app, ["gallery", "embed"], title="Unheard", text="", sounds=1)
    with app.app_context(), transaction():
        for story_id in (heard, unheard):
            put_beside(db.session.get_one(Story, story_id), Beside.TRANSCRIPT)
    for story_id, heard_too in ((heard, True), (unheard, False)):
        page = client.get(f"/embed/stories/{story_id}").text
        assert ([cue[2] in page for cue in CUES], "<audio" in page) == ([True] * len(CUES), heard_too)
