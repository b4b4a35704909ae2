"""The JSON API: what it lists, what it refuses and how it says so, held against the document it serves."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from itertools import count
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import positive_data_acceptance
from sqlalchemy import select
from werkzeug.test import TestResponse

from app import clock
from app.campaigns.models import Campaign
from app.cli.writing import transaction
from app.extensions import db
from app.people.rules import Locale
from app.web.api.openapi import OPERATIONS, ROOT
from app.web.programs import A_MINUTE
from tests.factories.stories import TEXT, TITLE
from tests.web.public_side import PARTNER, choose, in_campaign, say, shown

BOTH = ("gallery", "embed")
STORIES = "/api/v1/stories"
PROBLEM = "application/problem+json"
NOBODY = "A" * 22
OURS = "http://127.0.0.1:8000"

load_all_checks()


def pages(client: FlaskClient, address: str) -> Iterator[dict[str, Any]]:
    """Every page of a list, by its `next`; the header says the same."""
    following: str | None = address
    while following:
        response = client.get(following.removeprefix("http://127.0.0.1:8000"))
        assert response.status_code == 200, response.text
        following = response.json["next"]
        assert response.headers.get("Link") == (f'<{following}>; rel="next"' if following else None)
        yield response.json


def ids(client: FlaskClient, address: str) -> list[str]:
    return [item["id"] for page in pages(client, address) for item in page["items"]]


def problem(response: TestResponse) -> tuple[int, str]:
    """The status and the code of a problem, which says what it is."""
    assert response.mimetype == PROBLEM, response.text
    said = json.loads(response.text)
    assert (said["status"], said["type"]) == (response.status_code, "about:blank")
    assert said["detail"].endswith(".")
    assert response.headers["Cache-Control"] == "no-store"
    return said["status"], said["code"]


def test_a_story_is_told_whole(app: Flask, client: FlaskClient) -> None:
    story_id = shown(app, BOTH, pictures=1, sounds=1, own_voice=True)
    told = client.get(f"{STORIES}/{story_id}").json
    assert client.get(STORIES).json == {"items": [told], "next": None, "too_few": False}
    files = [file["url"] for image in told["images"] for file in image["pictures"]]
    files += [file["url"] for sound in told["sounds"] for file in sound["recordings"]]
    assert [client.get(urlsplit(url).path).status_code for url in files] == [200] * 8
    assert (told["title"], told["text"], told["name"], told["country"]) == (TITLE, TEXT, "Firefly", "RO")
    assert (told["themes"], told["media"]) == (["family"], ["drawing", "text", "sound"])
    assert client.get(urlsplit(told["url"]).path).status_code == 200
    assert "Vaslui" not in json.dumps(told)


def test_only_what_the_gallery_and_other_sites_may_both_show_is_told(app: Flask, client: FlaskClient) -> None:
    both, ours, theirs = shown(app, BOTH), shown(app, ["gallery"]), shown(app, ["embed"])
    assert ids(client, STORIES) == [both]
    assert [client.get(f"{STORIES}/{one}").status_code for one in (both, ours, theirs, NOBODY)] == [200, 404, 404, 404]
    say(app, both, embed="no")
    assert client.get(f"/stories/{both}").status_code == 200
    assert ids(client, STORIES) == []
    assert problem(client.get(f"{STORIES}/{both}")) == (410, "gone")
    say(app, both, embed="yes", gallery="no")
    assert problem(client.get(f"{STORIES}/{both}")) == (410, "gone")
    say(app, both, gallery="yes")
    assert client.get(f"{STORIES}/{both}").status_code == 200
    say(app, ours, gallery="no")
    say(app, ours, gallery="yes")
    assert client.get(f"{STORIES}/{ours}").status_code == 404, "it was never to be taken, and it hangs"


def test_what_ran_out_is_gone(app: Flask, client: FlaskClient) -> None:
    story_id = shown(app, BOTH)
    with clock.fixed(clock.now() + timedelta(days=25 * 31)):
        assert ids(client, STORIES) == []
        assert problem(client.get(f"{STORIES}/{story_id}")) == (410, "gone")


def test_the_pages_together_hold_every_story_once(app: Flask, client: FlaskClient) -> None:
    made = {shown(app, BOTH) for _ in range(7)} | {shown(app, BOTH, locale=Locale.RO) for _ in range(5)}
    assert [len(page["items"]) for page in pages(client, f"{STORIES}?limit=5")] == [5, 5, 2]
    assert len(ids(client, f"{STORIES}?limit=5")) == 12
    assert set(ids(client, f"{STORIES}?limit=5")) == made
    assert len(ids(client, f"{STORIES}?language=ro&theme=family&limit=2")) == 5


def test_a_cell_is_as_small_as_what_can_be_taken_of_it(app: Flask, client: FlaskClient) -> None:
    for scopes in (BOTH, BOTH, BOTH, BOTH, ["gallery"]):
        shown(app, scopes, locale=Locale.RO)
    assert client.get(f"{STORIES}?language=ro").json == {"items": [], "next": None, "too_few": True}
    assert client.get(f"{STORIES}?language=it").json == {"items": [], "next": None, "too_few": False}
    assert len(ids(client, STORIES)) == 4


def test_stories_are_found_by_their_words_as_in_the_gallery(app: Flask, client: FlaskClient) -> None:
    kites = [shown(app, BOTH, title=f"Zmeul {number}", text="În vânt.", locale=Locale.RO) for number in range(6)]
    shown(app, ["gallery"], title="Zmeul nostru", locale=Locale.RO)
    sea = shown(app, BOTH, title="大海", text="我看见大海。", locale=Locale.ZH)
    assert set(ids(client, f"{STORIES}?q=ZMEUL++vant")) == set(kites)
    assert ids(client, f"{STORIES}?q={quote('大海')}") == [sea]
    assert ids(client, f"{STORIES}?q=nothing") == []
    found = list(pages(client, f"{STORIES}?q=zmeul&language=ro&limit=2"))
    assert [len(page["items"]) for page in found] == [2, 2, 2]
    assert {item["id"] for page in found for item in page["items"]} == set(kites)
    assert client.get(f"{STORIES}?q=zmeul&language=zh").json["too_few"] is False
    assert client.get(f"{STORIES}?q={quote('大海')}&language=zh&limit=1").json == {
        "items": [],
        "next": None,
        "too_few": True,
    }
    cursor = found[0]["next"].partition("after=")[2]
    for other in ("q=zmeul", "q=zmeu&language=ro", "language=ro", "q=zmeul&language=ro&medium=text"):
        assert problem(client.get(f"{STORIES}?{other}&after={cursor}"))[0] == 400
    say(app, sea, embed="no")
    assert ids(client, f"{STORIES}?q={quote('大海')}") == []


def test_a_campaign_and_its_stories_in_their_order(app: Flask, client: FlaskClient) -> None:
    scope, first = in_campaign(app, *BOTH)
    more = [shown(app, [scope, *BOTH]) for _ in range(4)]
    order = [*reversed(more), first]
    choose(app, scope.partition(":")[2], *order, shown(app, [scope, "embed"]), shown(app, BOTH))
    campaign = client.get("/api/v1/campaigns/here").json
    assert client.get("/api/v1/campaigns").json == {"items": [campaign], "next": None}
    assert (campaign["slug"], campaign["title"]["ro"], campaign["closes_on"]) == ("here", "Campania here", None)
    assert ids(client, f"{urlsplit(campaign['stories']).path}?limit=2") == order
    assert client.get("/api/v1/campaigns/here/stories").json["items"][0] == client.get(f"{STORIES}/{more[-1]}").json
    for address in ("/api/v1/campaigns/nothing", "/api/v1/campaigns/nothing/stories"):
        assert problem(client.get(address)) == (404, "not_found")
    with clock.fixed(clock.now() - timedelta(days=8)):
        assert client.get("/api/v1/campaigns/here").status_code == 404


def test_a_campaign_says_its_last_day_and_that_it_is_over(app: Flask, client: FlaskClient) -> None:
    in_campaign(app, *BOTH)
    address, ends = "/api/v1/campaigns/here", datetime(2030, 12, 1, tzinfo=UTC)
    with app.app_context(), transaction():
        db.session.scalars(select(Campaign)).one().closes_at = ends
    said = {}
    for moment in (ends - timedelta(seconds=1), ends):
        with clock.fixed(moment):
            campaign = client.get(address).json
            said[moment] = (campaign["closes_on"], campaign["over"])
    assert list(said.values()) == [("2030-11-30", False), ("2030-11-30", True)]


WRONG_QUERIES = (
    ("theme=weather", ["theme"]),
    (
        "age=5&medium=film&language=xx&country=romania&lang=xx",
        ["lang", "country", "language", "medium", "age"],
    ),
    ("limit=0", ["limit"]),
    ("limit=101", ["limit"]),
    ("limit=many", ["limit"]),
    ("limit=", ["limit"]),
    ("limit=5&limit=6", ["limit"]),
    ("sort=newest", ["sort"]),
    ("q=", ["q"]),
    ("q=%20%3F!_", ["q"]),
    (f"q={'a' * 101}", ["q"]),
    ("q=kite&q=sea", ["q"]),
    ("after=%00", ["after"]),
    ("after[]=1", ["after[]"]),
    (f"after={'9' * 5_000}", ["after"]),
)
"""Queries that cannot be used, each with the parameters that are wrong."""


@pytest.mark.parametrize("below", ["", "/stories"])
def test_a_campaign_is_read_by_scripts_of_its_own_sites(app: Flask, client: FlaskClient, below: str) -> None:
    in_campaign(app, *BOTH)
    address = f"/api/v1/campaigns/here{below}"
    for site, status in ((None, 200), (PARTNER, 200), (OURS, 200), ("https://other.example", 403), ("null", 403)):
        told = [client.get(address, headers={"Origin": site} if site else {}) for _ in range(2)]
        assert [answer.status_code for answer in told] == [status] * 2
        assert {answer.headers["Access-Control-Allow-Origin"] for answer in told} == {"*"}
        assert all("Origin" in answer.headers["Vary"].split(", ") for answer in told)
        assert not any("Embedding-Sites" in answer.headers for answer in told)
        assert status == 200 or problem(told[0]) == (403, "forbidden")
    etag = client.get(address).headers["ETag"]
    again = {"Origin": "https://other.example", "If-None-Match": etag}
    assert client.get(address, headers=again).status_code == 403
    assert client.get(address, headers=again | {"Origin": PARTNER}).status_code == 304
    assert client.get("/api/v1/campaigns/nowhere", headers=again).status_code == 404
    twice = client.get("/", headers=again, environ_overrides={"PATH_INFO": f"//{address}"})
    assert (twice.status_code, "RateLimit" in twice.headers) == (403, True)


def test_a_query_that_cannot_be_used_is_refused_by_name(client: FlaskClient) -> None:
    for query, wrong in WRONG_QUERIES:
        response = client.get(f"{STORIES}?{query}")
        assert problem(response) == (400, "invalid_query"), query
        errors = json.loads(response.text)["errors"]
        assert [each["parameter"] for each in errors] == wrong
        assert all(each["detail"] for each in errors), query


def test_a_cursor_belongs_to_its_list_and_cannot_be_made_up(app: Flask, client: FlaskClient) -> None:
    scope, first = in_campaign(app, *BOTH)
    choose(app, scope.partition(":")[2], first, *(shown(app, [scope, *BOTH]) for _ in range(5)))
    lists = (STORIES, f"{STORIES}?theme=family", "/api/v1/campaigns/here/stories")
    joined = [f"{address}{'&' if '?' in address else '?'}limit=1" for address in lists]
    cursors = [client.get(address).json["next"].partition("after=")[2] for address in joined]
    for own, address in enumerate(joined):
        answers = [client.get(f"{address}&after={cursor}") for cursor in cursors]
        assert [answer.status_code for answer in answers] == [200 if own == number else 400 for number in range(3)]
        for made_up in ("2026-01-01~" + NOBODY, "nonsense", cursors[own][:-1], "WyIyMDI2LTAxLTAxIiwiYSJd.AAAA"):
            assert client.get(f"{address}&after={made_up}").mimetype == PROBLEM


def test_any_site_may_ask_and_a_kept_answer_counts_like_a_new_one(app: Flask, client: FlaskClient) -> None:
    shown(app, BOTH)
    first = client.get(STORIES)
    left = count(A_MINUTE - 2, -1)
    for ask in (client.get, client.head):
        kept = ask(STORIES, headers={"Origin": "https://elsewhere.example"})
        assert kept.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in kept.headers
        assert kept.headers["RateLimit-Policy"] == f'"programs";q={A_MINUTE};w=60'
        assert kept.headers["RateLimit"].startswith(f'"programs";r={next(left)};t=')
        assert kept.headers["ETag"] == first.headers["ETag"]
        assert "Set-Cookie" not in kept.headers
    same = client.get(STORIES, headers={"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.data, same.headers["Access-Control-Allow-Origin"]) == (304, b"", "*")
    assert same.headers["RateLimit"].startswith(f'"programs";r={next(left)};t=')
    preflight = client.options(STORIES, headers={"Access-Control-Request-Method": "GET"})
    assert (preflight.status_code, preflight.data) == (204, b"")
    for path, methods in ((STORIES, "GET, HEAD, OPTIONS"), ("/oai", "GET, HEAD, OPTIONS, POST")):
        headers = client.options(path).headers
        assert headers["Access-Control-Allow-Methods"] == headers["Allow"] == methods


def test_who_asks_too_often_waits_and_nobody_else_does(app: Flask, client: FlaskClient) -> None:
    for _ in range(A_MINUTE):
        client.head(STORIES)
    refused = client.get(f"{STORIES}?limit=1")
    assert problem(refused) == (429, "too_many_requests")
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["RateLimit"].startswith('"programs";r=0;t=')
    assert client.head("/oai").status_code == 429
    assert client.get("/gallery").status_code == 200
    other = client.get(STORIES, environ_overrides={"REMOTE_ADDR": "127.0.0.2"})
    assert other.status_code == 200


REQUESTS = (
    ("POST", STORIES, "*/*", 405),
    ("DELETE", f"{STORIES}/{NOBODY}", "*/*", 405),
    ("GET", STORIES, "text/html", 406),
    ("GET", STORIES, "application/xml, image/*;q=0.5", 406),
    ("GET", STORIES, "text/html, application/*;q=0.1", 200),
    ("GET", STORIES, "", 200),
    ("GET", "/api/v2/stories", "*/*", 404),
    ("GET", "/api/", "*/*", 404),
    ("GET", f"{STORIES}/..%2f..%2fetc", "*/*", 404),
    ("GET", f"{STORIES}/%00", "*/*", 404),
)
"""Method, address, `Accept`, and the status."""


def test_every_error_is_a_problem(client: FlaskClient) -> None:
    client.get(STORIES)  # what is kept by now is refused like what is not
    for method, address, accept, status in REQUESTS:
        response = client.open(address, method=method, headers={"Accept": accept})
        assert (method, address, accept, response.status_code) == (method, address, accept, status)
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        if status != 200:
            assert problem(response)[0] == status
        if status == 405:
            assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_the_document_is_valid_and_names_every_address(app: Flask, client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").json
    validator = import_module("openapi_spec_validator")  # it reads grammars for a second: only where it is used
    validator.OpenAPIV31SpecValidator(document).validate()
    rules = {rule.rule.replace("<", "{").replace(">", "}") for rule in app.url_map.iter_rules()}
    named = {ROOT + path for path in document["paths"]}
    assert named | {f"{ROOT}/", f"{ROOT}/openapi.json"} == {rule for rule in rules if rule.startswith("/api/")}


def test_the_document_is_a_page_too(client: FlaskClient) -> None:
    page = client.get("/api/v1/").text
    for operation in OPERATIONS:
        assert f"GET {ROOT}{operation.path}" in page
        assert all(f"<code>{name}</code>" in page for name in operation.query.model_fields)
    said = re.findall(r"<dt><code>(\w+)</code></dt><dd>(.*?)(?:\. .*?)?</dd>", page)
    kinds = {name: re.sub(r"<[^>]+>", "", kind) for name, kind in said}
    expected = {
        "id": "text",
        "shown_on": "day",
        "width": "whole number",
        "seconds": "number",
        "url": "address or null",
        "closes_on": "day or null",
        "themes": "list of Theme",
        "helper": "Helper or null",
        "unheard": "list of list of Transcript",
    }
    assert {name: kinds[name] for name in expected} == expected
    assert [kind for kind in kinds.values() if re.search(r"list of(?! (list|[A-Z]))", kind)] == []


def test_whatever_is_asked_the_answer_is_what_the_document_says(app: Flask) -> None:
    in_campaign(app, *BOTH)
    real = {"story_id": shown(app, BOTH, pictures=1, sounds=1, own_voice=True), "slug": "here"}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) == len(OPERATIONS)
    answered: set[int] = set()
    for operation in operations:

        @settings(max_examples=12, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None)
        @given(case=operation.as_strategy())
        def ask(case: schemathesis.Case) -> None:
            if case.path_parameters and len(answered) % 2:
                case.path_parameters = {name: real[name] for name in case.path_parameters}
            response = case.call(headers={"Accept-Encoding": "identity"})
            answered.add(response.status_code)
            # A cursor that was made up has the right signs and is refused all the same.
            case.validate_response(response, excluded_checks=[positive_data_acceptance])

        ask()
    assert answered >= {200, 400}
