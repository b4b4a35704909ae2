"""The cache of public pages in front of the real application, and in front of two processes."""

import time
from collections.abc import Callable
from datetime import timedelta
from urllib.request import Request, urlopen

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.extensions import new_id
from app.web.showcase_cache import KEPT
from tests.factories.stories import TITLE
from tests.services.live import Live
from tests.web.public_side import file_names, in_campaign, say, shown

SEEN_WITHIN = 0.25


def test_public_pages_are_made_once_and_known_by_their_etag(app: Flask, client: FlaskClient) -> None:
    _, story_id = in_campaign(app, "gallery", "embed")
    pages = ("/", "/gallery", "/about", "/help", "/campaigns", "/campaigns/here", "/embed/campaigns/here")
    for address in (*pages, f"/stories/{story_id}"):
        first, second = client.get(address), client.get(address)
        assert first.data == second.data
        same = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (same.status_code, same.data) == (304, b""), address
        assert same.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
    assert len(app.extensions["showcase_cache"].memory) == len(pages) + 1


def taken_back(app: Flask) -> tuple[str, str, list[str]]:
    """A story that was everywhere and is nowhere now, its campaign's place, and the addresses that say so."""
    scope, story_id = in_campaign(app, "gallery", "embed")
    say(app, story_id, **{"gallery": "no", "embed": "no", scope: "no"})
    return story_id, scope, [f"{before}/stories/{story_id}" for before in ("", "/embed", "/campaigns/here", "/api/v1")]


def test_that_a_story_is_gone_is_said_from_memory_and_never_by_a_304(app: Flask, client: FlaskClient) -> None:
    _, _, addresses = taken_back(app)
    for address in addresses:
        first = client.get(address)
        before = KEPT._value.get()
        for headers in ({}, {"If-None-Match": "*"}, {"If-None-Match": '""'}):
            again = client.get(address, headers=headers)
            assert (again.status, again.data) == (first.status, first.data) == ("410 GONE", first.data), address
            assert again.headers["Cache-Control"] == "no-store"
            assert "ETag" not in again.headers
        assert KEPT._value.get() == before + 3, address
        assert client.head(address).data == b""
    assert len(app.extensions["showcase_cache"].memory) == len(addresses)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_each_is_told_in_the_form_they_like_that_a_story_is_gone(
    app: Flask, client: FlaskClient, order: tuple[int, int]
) -> None:
    story_id, _, _ = taken_back(app)
    forms = [("text/html,*/*;q=0.8", "text/html; charset=utf-8"), ("application/json", "application/json")]
    for accept, told in [forms[number] for number in order] * 2:
        answer = client.get(f"/stories/{story_id}", headers={"Accept": accept})
        assert (answer.status_code, answer.content_type) == (410, told)


def test_a_story_that_comes_back_is_not_called_gone_any_more(app: Flask, client: FlaskClient) -> None:
    story_id, scope, addresses = taken_back(app)
    for answer, status in (("yes", 200), ("no", 410), ("yes", 200)):
        say(app, story_id, **{"gallery": answer, "embed": answer, scope: answer})
        for address in addresses:
            assert [client.get(address).status_code for _ in range(2)] == [status, status], address


def test_what_was_never_there_is_not_kept(app: Flask, client: FlaskClient) -> None:
    for address in (f"/stories/{new_id()}", "/campaigns/nowhere", f"/api/v1/stories/{new_id()}", f"/media/{new_id()}"):
        assert client.get(address).status_code in (404, 410)
    assert len(app.extensions["showcase_cache"].memory) == 0


def test_the_page_of_a_file_that_is_gone_is_rendered_once_for_its_address_and_language(
    app: Flask, client: FlaskClient
) -> None:
    story_id, scope = in_campaign(app, "gallery", "embed")[::-1]
    name = file_names(app, story_id)[0]
    say(app, story_id, **{"gallery": "no", "embed": "no", scope: "no"})
    pages: dict[str, bytes] = {}
    for language in ("en", "ro", "en", "ro"):
        answer = client.get(f"/media/{name}", headers={"Accept-Language": language})
        assert answer.status_code == 410
        assert pages.setdefault(language, answer.data) == answer.data
    assert b'lang="ro"' in pages["ro"]
    assert name.encode() in pages["ro"]
    assert len(app.extensions["gone"]) == 2


def test_a_kept_page_holds_no_nonce_and_a_private_one_a_new_one_each_time(client: FlaskClient) -> None:
    policy = client.get("/gallery").headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "nonce" not in policy + client.get("/gallery").text
    private = {client.get("/staff/login").headers["Content-Security-Policy"] for _ in range(2)}
    assert len(private) == 2
    assert all("script-src 'nonce-" in policy and "script-src 'self'" not in policy for policy in private)


def test_whatever_host_is_asked_for_the_page_names_ours(app: Flask, client: FlaskClient) -> None:
    in_campaign(app, "gallery", "embed")
    for address in ("/", "/gallery", "/campaigns/here", "/embed/campaigns/here"):
        assert "evil" not in client.get(address, headers={"Host": "evil.example"}).text


def test_a_story_appears_and_goes_with_its_time_though_nobody_commits_anything(app: Flask, client: FlaskClient) -> None:
    story_id = shown(app)
    for years, there in ((0, True), (3, False), (0, True)):
        with clock.fixed(clock.now() + timedelta(days=365 * years)):
            assert (story_id in client.get("/gallery").text) is there


def test_a_browser_with_a_cookie_is_never_answered_from_memory(app: Flask, client: FlaskClient) -> None:
    client.get("/gallery")
    client.set_cookie("eyes", "anything")
    assert "ETag" not in client.get("/gallery").headers
    assert len(app.extensions["showcase_cache"].memory) == 1


@pytest.mark.parametrize("chosen", [{"cache_mb": 0}])
def test_without_room_nothing_is_kept(app: Flask, client: FlaskClient) -> None:
    assert client.get("/gallery").status_code == 200
    assert "ETag" not in client.get("/gallery").headers
    assert "showcase_cache" not in app.extensions


def fetch(url: str) -> str:
    with urlopen(Request(url, headers={"Accept-Language": "en"}), timeout=5) as answer:
        return str(answer.read().decode())


def test_what_is_withdrawn_in_one_process_is_gone_from_the_memory_of_another(start_live: Callable[..., Live]) -> None:
    live = start_live()
    story_id = shown(live.app)
    page = f"{live.url}/gallery"
    slowest = 0.0
    for answer, there in (("no", False), ("yes", True), ("no", False)):
        for _ in range(20):
            assert (TITLE in fetch(page)) is not there
        say(live.app, story_id, gallery=answer)
        committed = time.monotonic()
        while (TITLE in fetch(page)) is not there:
            assert time.monotonic() - committed < SEEN_WITHIN
        slowest = max(slowest, time.monotonic() - committed)
    assert slowest < SEEN_WITHIN
