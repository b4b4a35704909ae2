"""The wall and one story, for anybody: found by filter and page, and gone as soon as somebody says no."""

import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask, template_rendered
from flask.testing import FlaskClient

from app import clock
from app.config import Settings
from app.extensions import new_id
from app.people.permissions import Role
from app.people.rules import Locale
from app.stories import actions
from app.web.turnstile import PLACES, READERS
from tests.factories.stories import TEXT, TITLE
from tests.services.application import sqlite_file
from tests.web.public_side import change, in_campaign, say, shown

PAGES = ("/", "/gallery", "/about", "/campaigns")


def linked(client: FlaskClient, address: str) -> list[str]:
    """The stories a page links to, in order, each once."""
    response = client.get(address)
    assert response.status_code == 200
    return list(dict.fromkeys(re.findall(r'href="/stories/([\w-]{22})', response.text)))


def shown_like(settings: Settings, story_id: str, times: int) -> set[str]:
    """The row of a story on the wall once more, so many times, each as another story; their ids."""
    made = {new_id() for _ in range(times)}
    with closing(sqlite3.connect(sqlite_file(settings))) as database, database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(showing)") if row[1] != "story_id"]
        copied = f"INSERT INTO showing (story_id, {', '.join(columns)}) SELECT ?, {', '.join(columns)} FROM showing"
        database.executemany(f"{copied} WHERE story_id = ?", [(other, story_id) for other in made])
        database.execute("UPDATE release_epoch SET value = value + 1")
    return made


def test_a_story_is_on_the_wall_and_has_its_page(app: Flask, client: FlaskClient) -> None:
    story_id = shown(app, pictures=1)
    assert linked(client, "/") == linked(client, "/gallery") == [story_id]
    page = client.get(f"/stories/{story_id}").text
    assert TITLE in page
    assert "<img" in page
    assert TEXT.splitlines()[0] in page
    assert "Vaslui" not in page


@pytest.mark.parametrize("ending", ["no", "unsure"])
def test_a_story_the_child_takes_back_is_gone_with_a_kind_word(app: Flask, client: FlaskClient, ending: str) -> None:
    story_id = shown(app, pictures=1)
    say(app, story_id, gallery=ending)
    assert linked(client, "/gallery") == []
    gone = client.get(f"/stories/{story_id}")
    assert gone.status_code == 410
    assert TITLE not in gone.text
    assert client.get(f"/stories/{story_id}", headers={"Accept-Language": "zh"}).text != gone.text


def test_an_erased_story_is_gone(app: Flask, client: FlaskClient) -> None:
    story_id = shown(app)
    change(app, story_id, lambda story: actions.ask_erasure(story, Role.CHILD, now=True))
    assert client.get(f"/stories/{story_id}").status_code == 410


def test_a_story_whose_answers_ran_out_is_gone_without_anybody_doing_anything(app: Flask, client: FlaskClient) -> None:
    story_id = shown(app)
    with clock.fixed(clock.now() + timedelta(days=25 * 31)):
        assert client.get(f"/stories/{story_id}").status_code == 410
        assert linked(client, "/gallery") == []


def test_a_story_that_said_yes_elsewhere_only_has_no_page(app: Flask, client: FlaskClient) -> None:
    for scopes in (["press"], ["print"], ["embed"]):
        assert client.get(f"/stories/{shown(app, scopes)}").status_code == 404


@pytest.mark.parametrize("made_up", ["A" * 22, "x", "A" * 200, "..%2f..%2fetc%2fpasswd", "'%20OR%201=1", "%00"])
def test_an_id_that_never_was_is_not_found(client: FlaskClient, made_up: str) -> None:
    assert client.get(f"/stories/{made_up}").status_code == 404


def test_the_pages_together_hold_every_story_once(app: Flask, client: FlaskClient, settings: Settings) -> None:
    made = {shown(app) for _ in range(3)}
    made |= shown_like(settings, next(iter(made)), 48)
    address, seen, sizes = "/gallery", [], []
    while address:
        page = linked(client, address)
        seen += page
        sizes.append(len(page))
        following = re.search(r'href="([^"]+)"[^>]*rel="next"|rel="next"[^>]*href="([^"]+)"', client.get(address).text)
        address = unescape(following[1] or following[2]) if following else ""
    assert sizes == [24, 24, 3]
    assert len(seen) == len(set(seen))
    assert set(seen) == made


def test_a_filter_finds_its_stories(app: Flask, client: FlaskClient) -> None:
    romanian = {shown(app, locale=Locale.RO) for _ in range(5)}
    english = {shown(app, locale=Locale.EN, pictures=1) for _ in range(6)}
    assert set(linked(client, "/gallery?language=ro")) == romanian
    assert set(linked(client, "/gallery?medium=drawing")) == english
    assert set(linked(client, "/gallery?language=en&medium=drawing")) == english
    assert set(linked(client, "/gallery?country=RO&theme=family")) == romanian | english
    assert linked(client, "/gallery?language=ro&medium=drawing") == []
    assert linked(client, "/gallery?country=CN") == []


def test_a_filter_that_would_single_a_child_out_shows_nobody(app: Flask, client: FlaskClient) -> None:
    for _ in range(4):
        shown(app, locale=Locale.RO)
    for _ in range(5):
        shown(app, locale=Locale.EN)
    assert linked(client, "/gallery?language=ro") == []
    assert "could be recognised" in client.get("/gallery?language=ro").text
    assert len(linked(client, "/gallery?language=en")) == 5
    assert len(linked(client, "/gallery")) == 9


@pytest.mark.parametrize(
    "query",
    [
        "after=nonsense",
        "after=2026-99-99~" + "A" * 22,
        "after=9999-12-31~" + "A" * 22,
        "after=" + "9" * 5_000,
        "theme=%00&age=-1&medium=%F0%9F%98%80&language=../../x&country='--",
        "language=xx&lang=klingon",
        "after=1&after=2&after[]=3",
    ],
)
def test_a_made_up_query_shows_the_head_of_the_wall(app: Flask, client: FlaskClient, query: str) -> None:
    story_id = shown(app)
    response = client.get(f"/gallery?{query}")
    assert response.status_code == 200
    if "language=xx" in query:
        assert "Nothing here yet" in response.text  # and not that there are a few
    else:
        assert story_id in response.text


def test_public_pages_set_no_cookie_and_reach_nowhere(app: Flask, client: FlaskClient) -> None:
    scope, story_id = in_campaign(app, "gallery", "embed")
    assert scope
    for address in (*PAGES, f"/stories/{story_id}", "/campaigns/here", "/embed/campaigns/here"):
        response = client.get(address)
        assert response.status_code == 200, address
        assert "Set-Cookie" not in response.headers, address
        assert "Cookie" not in response.headers.get("Vary", ""), address
        policy = response.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        reached = re.findall(r'(?:src|href|action|poster)="(https?:(?!//127\.0\.0\.1:8000/)[^"]*)"', response.text)
        assert reached == [], address


def test_only_the_embed_pages_can_be_framed(app: Flask, client: FlaskClient) -> None:
    _, story_id = in_campaign(app, "gallery", "embed")
    for address in (*PAGES, f"/stories/{story_id}", "/campaigns/here", "/tell", "/my-story", "/staff/login"):
        response = client.get(address)
        assert response.headers["X-Frame-Options"] == "DENY", address
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"], address


@pytest.mark.parametrize("chosen", [{"cache_mb": 0}])
def test_a_page_is_rendered_once_for_its_rows_its_address_and_its_language(app: Flask, client: FlaskClient) -> None:
    story_id, other = shown(app, pictures=1), shown(app)
    rendered: list[str] = []
    with template_rendered.connected_to(lambda _app, template, **_more: rendered.append(template.name), app):
        pages = [client.get("/gallery").text for _ in range(3)]
        assert (len(set(pages)), rendered) == (1, ["gallery/wall.html"])
        for address in ("/gallery?lang=zh", "/gallery?theme=family", f"/stories/{story_id}", f"/stories/{other}") * 2:
            client.get(address)
        assert len(rendered) == 5
        say(app, story_id, gallery="no")
        assert linked(client, "/gallery") == [other]
        assert client.get(f"/stories/{story_id}").status_code == 410
        assert rendered[5:] == ["gallery/wall.html", "errors/410.html"]
        say(app, story_id, gallery="yes")
        assert set(linked(client, "/gallery")) == {story_id, other}


def test_a_kept_page_waits_for_nobody(app: Flask, client: FlaskClient) -> None:
    shown(app)
    page = client.get("/gallery").text
    turnstile = app.extensions["showcase_cache"]._inner
    for gate, count in ((turnstile.places, PLACES), (turnstile.readers, READERS)):
        for _ in range(count):
            gate.acquire()
    assert client.get("/gallery").text == page
