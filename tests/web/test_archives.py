"""IIIF as a viewer reads it, and OAI-PMH as an archive harvests it, withdrawals included."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from iiif_prezi3 import Collection, Manifest
from lxml import etree
from sickle import Sickle
from sickle.models import Record

from app import clock
from app.config import Settings
from app.people.permissions import Role
from app.stories import actions
from app.web.iiif import views as iiif
from app.web.oai import harvest
from app.web.oai.views import address_of
from tests.factories.hostile_words import EVERYTHING
from tests.factories.stories import TEXT, TITLE
from tests.web.public_side import change, choose, in_campaign, say, shown

BOTH = ("gallery", "embed", "archive")
HOME = "http://127.0.0.1:8000"
LD = 'application/ld+json;profile="http://iiif.io/api/presentation/3/context.json"'


def manifest(client: FlaskClient, story_id: str) -> Any:
    """A story's manifest, as the independent model of IIIF understands it."""
    response = client.get(f"/iiif/stories/{story_id}/manifest")
    assert (response.status_code, response.content_type) == (200, LD)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    return Manifest.model_validate_json(response.text)


def test_a_manifest_holds_the_pictures_and_the_voice(app: Flask, client: FlaskClient) -> None:
    story_id = shown(app, BOTH, pictures=2, sounds=1, own_voice=True)
    told = manifest(client, story_id)
    assert told.id == f"{HOME}/iiif/stories/{story_id}/manifest"
    assert told.label == {"en": [TITLE]}
    assert str(told.rights) == "http://rightsstatements.org/vocab/InC/1.0/"
    assert set(told.requiredStatement.value) == {"en", "zh-Hans", "ro", "it"}
    assert [(canvas.width, canvas.height, canvas.duration) for canvas in told.items] == [
        (4, 4, None),
        (4, 4, None),
        (None, None, 4.0),
    ]
    picture, _, voice = (canvas.items[0].items[0] for canvas in told.items)
    assert (picture.motivation, picture.target) == ("painting", told.items[0].id)
    assert (picture.body.type, picture.body.format, picture.body.width) == ("Image", "image/jpeg", 4)
    forms = [form.root for form in voice.body.items]
    assert [form.format for form in forms] == ["audio/webm", "audio/mp4"]
    files = [picture.body, *(small.root for small in told.items[0].thumbnail), *forms]
    assert [client.get(urlsplit(str(file.id)).path).mimetype for file in files] == [file.format for file in files]
    words = told.items[0].annotations[0].items[0]
    assert (words.motivation, words.body.value) == ("supplementing", TEXT)


def test_a_story_of_words_alone_has_a_sheet_to_stand_on(app: Flask, client: FlaskClient) -> None:
    told = manifest(client, shown(app, BOTH, title=""))
    assert [(canvas.width, canvas.height, canvas.items) for canvas in told.items] == [(1000, 1000, [])]
    assert told.items[0].annotations[0].items[0].body.value == TEXT
    assert told.label["en"] == ["A story without a title"]


def gathered(client: FlaskClient, address: str) -> list[str]:
    """The stories of a collection and of the collections it ends in."""
    response = client.get(address)
    assert (response.status_code, response.content_type) == (200, LD)
    told = Collection.model_validate_json(response.text)
    found = []
    for item in told.items:
        path = str(item.id).removeprefix(HOME)
        found += gathered(client, path) if item.type == "Collection" else [path.split("/")[3]]
    return found


def test_collections_hold_every_story_once(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(iiif, "PAGE", 2)
    scope, first = in_campaign(app, *BOTH)
    others = [shown(app, [scope, *BOTH]) for _ in range(4)]
    choose(app, scope.partition(":")[2], *others, first)
    shown(app, ["gallery"])
    assert gathered(client, "/iiif/campaigns/here") == [*others, first]
    assert sorted(gathered(client, "/iiif/collections/gallery")) == sorted([*others, first])
    assert client.get("/iiif/collections/gallery?after=made-up").status_code == 400
    assert client.get("/iiif/campaigns/nothing").status_code == 404


class Archive(Sickle):  # type: ignore[misc]
    """The independent harvester, at this client instead of on a network."""

    def __init__(self, client: FlaskClient, http_method: str = "GET") -> None:
        super().__init__(f"{HOME}/oai", http_method=http_method)
        self.client = client

    def _request(self, values: dict[str, str]) -> requests.Response:
        where = {"query_string": values} if self.http_method == "GET" else {"data": values}
        said = self.client.open("/oai", method=self.http_method, **where)
        assert (said.status_code, said.mimetype) == (200, "text/xml")
        response = requests.Response()
        response.status_code, response._content, response.encoding = 200, said.data, "utf-8"
        return response

    def told(self, **how: str) -> dict[str, Record]:
        """Every record of a harvest, by the id of its story."""
        found = list(self.ListRecords(metadataPrefix="oai_dc", **how))
        assert len({record.header.identifier for record in found}) == len(found)
        return {record.header.identifier.rpartition(":")[2]: record for record in found}


@pytest.fixture
def archive(client: FlaskClient) -> Archive:
    return Archive(client)


def test_an_archive_hears_of_every_story_once_and_then_that_one_is_gone(
    app: Flask, client: FlaskClient, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(harvest, "PAGE", 2)
    made = {shown(app, BOTH, pictures=1) for _ in range(4)}
    shown(app, ["gallery"])
    story_id = min(made)
    told = archive.told()
    assert told.keys() == made
    assert told[story_id].metadata["title"] == [TITLE]
    assert told[story_id].metadata["type"] == ["StillImage", "Text"]
    assert told[story_id].metadata["identifier"] == [f"{HOME}/stories/{story_id}"]
    assert [record.deleted for record in told.values()] == [False] * 4
    tomorrow = clock.now() + timedelta(days=1)
    with clock.fixed(tomorrow):
        say(app, story_id, embed="no")
        later = archive.told(**{"from": f"{tomorrow:%Y-%m-%d}"})
        assert [(one, record.deleted) for one, record in later.items()] == [(story_id, True)]
        assert TITLE not in later[story_id].raw
        assert archive.GetRecord(identifier=f"oai:127.0.0.1:{story_id}", metadataPrefix="oai_dc").deleted
        assert Archive(client, "POST").told().keys() == made
        assert archive.told(until=f"{clock.now() - timedelta(days=1):%Y-%m-%d}").keys() == made - {story_id}
        say(app, story_id, embed="yes")
        assert not archive.told()[story_id].deleted
        change(app, story_id, lambda story: actions.ask_erasure(story, Role.CHILD, now=True))
    with clock.fixed(tomorrow + timedelta(days=4_000)):
        assert {one: record.deleted for one, record in archive.told().items()} == dict.fromkeys(made, True)


def test_a_campaign_is_a_set(app: Flask, archive: Archive) -> None:
    _, story_id = in_campaign(app, *BOTH)
    other = shown(app, BOTH)
    assert [(one.setSpec, one.setName) for one in archive.ListSets()] == [("campaign:here", "Campaign here")]
    assert archive.told(set="campaign:here").keys() == {story_id}
    assert {one: record.header.setSpecs for one, record in archive.told().items()} == {
        story_id: ["campaign:here"],
        other: [],
    }
    say(app, story_id, gallery="no")
    assert [record.deleted for record in archive.told(set="campaign:here").values()] == [True]


def test_an_archive_learns_what_is_kept_here(app: Flask, archive: Archive) -> None:
    shown(app, BOTH)
    about = archive.Identify()
    assert (about.baseURL, about.protocolVersion, about.granularity) == (f"{HOME}/oai", "2.0", "YYYY-MM-DD")
    assert (about.deletedRecord, about.earliestDatestamp) == ("persistent", f"{clock.now():%Y-%m-%d}")
    assert about.adminEmail == "team@localhost"
    assert [one.metadataPrefix for one in archive.ListMetadataFormats()] == ["oai_dc"]


def test_whoever_is_written_to_by_a_page_alone_is_reached_by_the_other_address() -> None:
    settings = Settings(contact="https://example.org/write", security_contact="mailto:safe@example.org")
    assert address_of(settings) == "safe@example.org"


LIST = "verb=ListRecords&metadataPrefix=oai_dc"


MISTAKES = (
    ("", "badVerb"),
    ("verb=Erase", "badVerb"),
    ("verb=Identify&verb=Identify", "badVerb"),
    ("verb=Identify&colour=red", "badArgument"),
    ("verb=Identify&lang=ro", "badArgument"),
    ("verb=ListRecords", "badArgument"),
    ("verb=GetRecord&metadataPrefix=oai_dc", "badArgument"),
    (f"{LIST}&metadataPrefix=oai_dc", "badArgument"),
    (f"{LIST}&set=", "badArgument"),
    (f"{LIST}&from=2026-02-30", "badArgument"),
    (f"{LIST}&from=2026-02-01T00:00:00Z", "badArgument"),
    (f"{LIST}&from=2026-02-01&until=2026-01-01", "badArgument"),
    (f"{LIST}&until=1999-01-01", "noRecordsMatch"),
    (f"{LIST}&from=9998-01-01", "noRecordsMatch"),
    (f"{LIST}&set=campaign:nothing", "noRecordsMatch"),
    (f"{LIST}&set=campaign:%00", "noRecordsMatch"),
    (f"{LIST}&resumptionToken=x", "badArgument"),
    ("verb=ListRecords&resumptionToken=x", "badResumptionToken"),
    ("verb=ListSets&resumptionToken=x", "badResumptionToken"),
    ("verb=ListSets", "noSetHierarchy"),
    ("verb=ListRecords&metadataPrefix=marc21", "cannotDisseminateFormat"),
    ("verb=GetRecord&metadataPrefix=marc21&identifier=oai:127.0.0.1:x", "cannotDisseminateFormat"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:127.0.0.1:" + "A" * 22, "idDoesNotExist"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=%00%0B%3Cx", "idDoesNotExist"),
    ("verb=ListMetadataFormats&identifier=nobody", "idDoesNotExist"),
)


def test_each_mistake_has_the_error_the_protocol_gives_it(app: Flask, client: FlaskClient) -> None:
    shown(app, BOTH)
    for query, code in (*MISTAKES, *MISTAKES):  # what is kept by now answers as what is not
        assert (query, errors(client, query)) == (query, [code])


def errors(client: FlaskClient, query: str) -> list[str]:
    answer = client.get(f"/oai?{query}")
    assert answer.status_code == 200
    root = etree.fromstring(answer.data)
    codes = [str(each.get("code")) for each in root.iter("{*}error")]
    said = [dict(each.attrib) for each in root.iter("{*}request")]
    assert said == [{}] or not {"badVerb", "badArgument"}.intersection(codes), "what could not be read is not repeated"
    return codes


def test_a_harvest_whose_rest_was_told_anew_begins_again(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(harvest, "PAGE", 1)
    last = max(shown(app, BOTH) for _ in range(2))
    first = client.get(f"/oai?{LIST}&until={clock.now():%Y-%m-%d}").text
    token = re.findall(r"<resumptionToken[^>]*>([^<]+)<", first)[0]
    with clock.fixed(clock.now() + timedelta(days=1)):
        say(app, last, embed="no")
        assert errors(client, f"verb=ListRecords&resumptionToken={token}") == ["badResumptionToken"]


def test_a_token_belongs_to_its_verb(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harvest, "PAGE", 1)
    for _ in range(2):
        shown(app, BOTH)
    token = re.search(r"<resumptionToken[^>]*>([^<]+)<", client.get(f"/oai?{LIST}").text)
    assert token is not None
    assert errors(client, f"verb=ListRecords&resumptionToken={token[1]}") == []
    assert errors(client, f"verb=ListIdentifiers&resumptionToken={token[1]}") == ["badResumptionToken"]
    assert errors(client, f"verb=ListRecords&resumptionToken={token[1][:-1]}") == ["badResumptionToken"]
    assert errors(client, f"{LIST}&resumptionToken={token[1]}") == ["badArgument"]


def test_whatever_a_child_types_a_record_can_be_read(app: Flask, archive: Archive) -> None:
    story_id = shown(app, BOTH, title="a\x0b]]>&<b>", text=EVERYTHING)
    assert archive.told()[story_id].metadata["title"] == ["a\ufffd]]>&<b>"]


def addresses(story_id: str) -> Iterator[tuple[str, int]]:
    """Every list that names a story, with 200, and every address of its own, with 410 once it is taken back."""
    for name in ("stories", "campaigns/here"):
        yield from ((f"/feeds/{name}.{ending}", 200) for ending in ("atom", "json"))
    yield from ((address, 200) for address in ("/api/v1/stories", "/api/v1/campaigns/here/stories"))
    yield from ((address, 200) for address in ("/iiif/collections/gallery", "/iiif/campaigns/here"))
    yield (f"/sitemap/{clock.now() - timedelta(days=29):%Y-%m}.xml", 404)
    yield from ((address, 410) for address in (f"/api/v1/stories/{story_id}", f"/iiif/stories/{story_id}/manifest"))


def test_a_story_that_is_taken_back_is_gone_from_all_of_them(app: Flask, client: FlaskClient) -> None:
    scope, story_id = in_campaign(app, *BOTH)
    for address, _ in addresses(story_id):
        assert story_id in client.get(address).text, address
    say(app, story_id, **dict.fromkeys((scope, *BOTH), "no"))
    for address, status in addresses(story_id):
        answer = client.get(address)
        assert (address, answer.status_code) == (address, status)
        assert story_id not in answer.text, address
        assert TITLE not in answer.text, address
