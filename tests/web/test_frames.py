"""Stories in frames: one, some, and a plain sentence where a site may hold none; how they look, and what is kept."""

import re
from datetime import timedelta
from html import unescape

import brotli
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock
from app.cli.writing import transaction
from app.consent.actions import hide
from app.consent.rules import Party
from app.people.rules import Locale
from tests.factories.stories import TEXT, TITLE, make_shown
from tests.web.public_side import PARTNER, change, file_names, in_campaign, say, shown
from tests.web.test_embed import ancestors

FRAME, NOBODY = "/embed/campaigns/here", "A" * 22
ANYBODY = "frame-ancestors 'self' https:"
NOT_HERE = "This site is not one of those that may show this here."
LARGEST = 14_000
"""Bytes of a frame before its pictures, compressed."""


def framed_by(client: FlaskClient, address: str, site: str, **headers: str) -> TestResponse:
    """What a browser is answered that asks for a frame on a page of this site."""
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    sent = {"Sec-Fetch-Dest": "iframe", "Referer": f"{site}/"} | more
    return client.get(address, headers={name: value for name, value in sent.items() if value})


def links(page: TestResponse) -> list[str]:
    """Where a page for frames leads, on our own site."""
    return re.findall(r'<a href="http://127\.0\.0\.1:8000([^"]*)"', page.text)


def test_a_story_stands_in_a_frame_while_other_sites_may_show_it(app: Flask, client: FlaskClient) -> None:
    both, ours, theirs = (shown(app, places, pictures=1) for places in (["gallery", "embed"], ["gallery"], ["embed"]))
    frame = f"/embed/stories/{both}"
    page = client.get(frame)
    assert TITLE in page.text
    assert TEXT in page.text
    assert f'href="http://127.0.0.1:8000/stories/{both}" target="_blank"' in page.text
    assert (ancestors(client, frame), "X-Frame-Options" in page.headers) == (ANYBODY, False)
    assert client.get(f"/embed/stories/{theirs}").status_code == 200
    assert f"/stories/{theirs}" not in client.get(f"/embed/stories/{theirs}").text
    for missing in (ours, NOBODY):
        assert client.get(f"/embed/stories/{missing}").status_code == 404
    say(app, both, embed="no")
    gone = client.get(f"{frame}?lang=en")
    assert (gone.status_code, gone.headers["Cache-Control"]) == (410, "no-store")
    assert "This story has been taken back" in gone.text
    assert (links(gone), "Look at the gallery" in gone.text) == (["/gallery", "/?lang=en"], True)
    assert [client.get(link).status_code for link in links(gone)] == [200, 200]
    assert links(client.get(f"/embed/stories/{NOBODY}")) == ["/gallery", "/"]
    assert not [word for word in (TITLE, both, *file_names(app, both)) if word in gone.text]
    assert (ancestors(client, frame), client.get(f"/stories/{both}").status_code) == ("frame-ancestors *", 200)


def test_a_story_that_ran_out_or_was_hidden_is_gone_from_its_frame(app: Flask, client: FlaskClient) -> None:
    one, other = shown(app, ["embed"]), shown(app, ["gallery", "embed"])
    change(app, one, lambda story: hide(story, Party.CHILD))
    assert client.get(f"/embed/stories/{one}").status_code == 410
    with clock.fixed(clock.now() + timedelta(days=25 * 31)):
        assert client.get(f"/embed/stories/{other}").status_code == 410


def tiles(client: FlaskClient, query: str = "") -> list[str]:
    """Where the tiles of a selection lead."""
    return re.findall(r'class="tile" href="([^"]+)"', unescape(client.get(f"/embed/stories{query}").text))


def test_a_selection_shows_what_other_sites_may_show_narrowed_as_the_gallery_is(
    app: Flask, client: FlaskClient
) -> None:
    shown(app, ["gallery"])
    theirs = [shown(app, ["embed"], locale=Locale.RO) for _ in range(2)]
    both = [shown(app, ["gallery", "embed"], locale=Locale.RO) for _ in range(3)]
    other = shown(app, ["gallery", "embed"])
    root = "http://127.0.0.1:8000"
    romanian = {f"{root}/embed/stories/{one}" for one in theirs} | {f"{root}/stories/{one}" for one in both}
    assert set(tiles(client)) == romanian | {f"{root}/stories/{other}"}
    assert set(tiles(client, "?language=ro")) == romanian
    assert len(tiles(client, "?count=2")) == 2
    assert len(tiles(client, "?count=99&theme=nonsense&country=xx")) == 6
    assert (tiles(client, "?language=en"), tiles(client, "?language=it")) == ([], [])
    assert "so few that a child could be recognised" in client.get("/embed/stories?language=en").text
    assert ancestors(client, "/embed/stories") == ANYBODY
    say(app, other, embed="no")
    assert set(tiles(client)) == romanian


def test_a_site_chooses_how_it_looks_and_nonsense_makes_no_other_page(app: Flask, client: FlaskClient) -> None:
    in_campaign(app, "embed")
    page = client.get(f"{FRAME}?theme=dark&accent=1B4B94&columns=2&lang=ro").text
    assert '<html lang="ro" dir="ltr" data-theme="dark">' in page
    assert 'content="dark"' in page
    assert re.search(r'href="/static/dist/night-[^"]+\.css">', page)
    assert '<link rel="stylesheet" href="/embed/accent/1b4b94.css">' in page
    assert 'data-look="embed" data-columns="2"' in page
    assert "night-" not in client.get(f"{FRAME}?look=light").text
    assert re.search(r'night-[^"]+\.css" media="\(prefers-color-scheme: dark\)"', client.get(FRAME).text)
    kept = app.extensions["showcase_cache"].memory
    before = len(kept)
    for number in range(50):
        query = f"theme=auto&accent=zz{number}&columns={number + 5}&count={number}&utm={number}"
        assert client.get(f"{FRAME}?{query}").text == client.get(FRAME).text
    assert len(kept) == before


def test_a_colour_is_a_stylesheet_that_every_site_may_load(client: FlaskClient) -> None:
    sheet = client.get("/embed/accent/FFD166.css")
    assert (sheet.mimetype, sheet.headers["Cross-Origin-Resource-Policy"]) == ("text/css", "cross-origin")
    assert sheet.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    values = dict(re.findall(r"--([a-z-]+):#([0-9a-f]{6})", sheet.text))
    assert (values["accent"], values["on-accent"], values["accent-night"]) == ("ffd166", "000000", "ffd166")
    assert values["accent-day"] < "b00000"
    for wrong in ("12345", "1234567", "red", "..%2f", "12345g", "123456%0a"):
        assert client.get(f"/embed/accent/{wrong}.css").status_code == 404


def test_a_site_that_is_not_allowed_is_told_so_where_the_frame_would_be(app: Flask, client: FlaskClient) -> None:
    in_campaign(app, "embed")
    for _ in range(2):  # made, and kept
        assert TITLE in framed_by(client, FRAME, PARTNER).text
        assert TITLE in framed_by(client, FRAME, "http://127.0.0.1:8000").text
        refused = framed_by(client, f"{FRAME}?lang=en", "https://elsewhere.example")
        assert (refused.status_code, refused.headers["Cache-Control"]) == (403, "no-store")
        assert NOT_HERE in refused.text
        assert 'href="http://127.0.0.1:8000/campaigns/here"' in refused.text
        assert "frame-ancestors *" in refused.headers["Content-Security-Policy"]
        assert TITLE not in refused.text
    etag = client.get(FRAME).headers["ETag"]
    assert framed_by(client, FRAME, PARTNER, If_None_Match=etag).status_code == 304
    assert framed_by(client, FRAME, "https://elsewhere.example", If_None_Match=etag).status_code == 403
    assert NOT_HERE in framed_by(client, "/embed/stories?lang=en", "http://plain.example").text
    assert framed_by(client, FRAME, "https://elsewhere.example", Referer="").status_code == 200
    assert framed_by(client, FRAME, "https://elsewhere.example", Sec_Fetch_Dest="document").status_code == 200
    assert framed_by(client, "/embed/campaigns/nothing", "https://elsewhere.example").status_code == 404
    assert '<html lang="ro"' in framed_by(client, f"{FRAME}?lang=ro", "https://elsewhere.example").text
    with_slug = client.get("/embed/not-here?campaign=%00nothing")
    assert (with_slug.status_code, "/gallery" in with_slug.text) == (403, True)


def test_where_a_site_may_hold_nothing_the_link_leads_to_what_it_asked_for(app: Flask, client: FlaskClient) -> None:
    in_campaign(app, "embed")
    both, theirs = shown(app, ["gallery", "embed"]), shown(app, ["embed"])
    for asked, page in (
        (FRAME, "/campaigns/here"),
        (f"/embed/stories/{both}", f"/stories/{both}"),
        (f"/embed/stories/{theirs}", f"/embed/stories/{theirs}"),
        ("/embed/stories?theme=family", "/gallery"),
    ):
        refused = framed_by(client, asked, "http://plain.example")
        assert (refused.status_code, links(refused)[0]) == (403, page)
        assert client.get(page).status_code == 200
    say(app, theirs, embed="no")
    taken_back = framed_by(client, f"/embed/stories/{theirs}", "http://plain.example")
    assert (taken_back.status_code, links(taken_back)[0]) == (410, "/gallery")
    for story_id in (theirs, NOBODY, "%00"):
        assert links(client.get(f"/embed/not-here?story={story_id}"))[0] == "/gallery"


def test_a_frame_is_small(app: Flask, client: FlaskClient) -> None:
    _, story_id = in_campaign(app, "gallery", "embed")
    with app.app_context(), transaction():
        for _ in range(11):
            make_shown(["gallery", "embed"], pictures=1)
    for address in (FRAME, f"/embed/stories/{story_id}", "/embed/stories?count=12"):
        page = client.get(f"{address}{'&' if '?' in address else '?'}accent=1b4b94").text
        files = re.findall(r'(?:src|href)="(/(?:static|embed)/[^"]+\.(?:css|js))"', page)
        assert len(files) == 4
        parts = [page.encode(), *(client.get(file, buffered=True).data for file in files)]
        assert sum(len(brotli.compress(part, quality=5)) for part in parts) <= LARGEST, address
