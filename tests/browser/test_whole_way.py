"""The whole way: a child's story reaches somebody else's page, and comes back out."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.adapters import outside
from app.campaigns.actions import choose_stories
from app.campaigns.models import Campaign
from app.cli.writing import transaction
from app.extensions import db
from app.people.permissions import Role
from app.stories.models import Story
from tests.browser import actors
from tests.factories.campaigns import make_campaign
from tests.factories.media import jpeg
from tests.factories.people import make_staff
from tests.services.chromium import Visitor
from tests.services.live import Live

MODERATORS = ("first@example.org", "second@example.org")


class OtherSite:
    """Somebody else's web site, on another origin, whose one page holds whatever was pasted into it."""

    def __init__(self) -> None:
        self.snippet = ""
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = f"<!doctype html><title>Another site</title><h1>Another site</h1>{site.snippet}".encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments: Any) -> None:
                """Be quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def other_site() -> Iterator[OtherSite]:
    site = OtherSite()
    yield site
    site.server.shutdown()
    site.server.server_close()


@pytest.fixture
def deployment(start_live: Callable[..., Live], other_site: OtherSite) -> Live:
    """The product running, with two moderators and a campaign that the other site may embed."""
    live = start_live(cooling_off_minutes=0)
    with live.app.app_context(), transaction():
        for email in MODERATORS:
            make_staff(Role.MODERATOR, email=email)
        make_campaign(slug="hear-us", embedding_sites=[other_site.url])
    return live


def only_story(live: Live) -> str:
    """The id of the one story there is."""
    with live.app.app_context():
        return db.session.scalars(select(Story.id)).one()


def choose(live: Live, story_id: str) -> None:
    """The curator chooses the story for the campaign."""
    with live.app.app_context(), transaction():
        choose_stories("cli", db.session.scalars(select(Campaign)).one(), [story_id])


def campaign_scope(live: Live) -> str:
    """The field that asks about the campaign."""
    with live.app.app_context():
        return f"campaign:{db.session.scalars(select(Campaign.id)).one()}"


def shown_everywhere(page: Page, live: Live, other_site: OtherSite, story_id: str) -> list[str]:
    """Look at every place; the addresses of the files that the story page shows."""
    page.goto(f"{live.url}/gallery")
    expect(page.locator(f'a[href="/stories/{story_id}"]')).to_have_count(1)
    page.locator(f'a[href="/stories/{story_id}"]').click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The telephone on Sunday")
    for image in page.locator("img").all():
        expect(image).to_have_js_property("complete", True)
        assert image.evaluate("image => image.naturalWidth") > 0
    files = page.evaluate(
        "[...document.querySelectorAll('source[src], picture img, a[data-zoom]')].map(e => e.src || e.href)"
    )
    assert len(files) >= 3
    page.goto(f"{live.url}/campaigns/hear-us")
    expect(page.locator(f'a[href="/stories/{story_id}"]')).to_have_count(1)
    other_site.snippet = page.locator("#snippet").input_value()
    page.goto(other_site.url)
    tile = actors.frame(page).locator(".tile")
    expect(tile).to_have_count(1)
    expect(tile).to_contain_text("The telephone on Sunday")
    picture = actors.frame(page).locator("picture img")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 0
    return list(files)


def gone_everywhere(page: Page, live: Live, other_site: OtherSite, story_id: str, files: list[str]) -> None:
    """Look at every place again: nothing, and nothing in the public store."""
    page.goto(f"{live.url}/gallery")
    expect(page.locator(".tile")).to_have_count(0)
    answer = page.request.get(f"{live.url}/stories/{story_id}")
    assert answer.status == 410
    assert "The telephone on Sunday" not in answer.text()
    page.goto(f"{live.url}/campaigns/hear-us")
    expect(page.locator(".tile")).to_have_count(0)
    page.goto(other_site.url)
    expect(actors.frame(page).get_by_role("heading", level=1)).to_be_visible()
    expect(actors.frame(page).locator(".tile")).to_have_count(0)
    assert {page.request.get(file).status for file in files} == {410}
    with live.app.app_context():
        assert list(outside().public.names("")) == []


@pytest.mark.timeout(240)
def test_a_story_reaches_another_site_and_comes_back_out(
    deployment: Live, other_site: OtherSite, new_visitor: Callable[..., Visitor], tmp_path: Path
) -> None:
    live, drawing = deployment, tmp_path / "drawing.jpg"
    drawing.write_bytes(jpeg(orientation=6))
    child = new_visitor(viewport={"width": 360, "height": 740}).page()
    scopes = ["gallery", "embed", campaign_scope(live)]
    answers = dict.fromkeys(scopes, "yes") | {"voice": "own"}
    card = actors.tell(child, live.url, drawing, answers)
    story_id = only_story(live)

    guardian = new_visitor().page()
    actors.answer_as_guardian(guardian, card.link, answers)

    visitor = new_visitor(viewport={"width": 1280, "height": 900}).page()
    visitor.goto(f"{live.url}/gallery")
    expect(visitor.locator(".tile")).to_have_count(0)
    choose(live, story_id)
    for email in MODERATORS:
        moderator = new_visitor().page()
        actors.log_in(moderator, live.url, email)
        actors.approve(moderator, live.url, story_id)
    files = shown_everywhere(visitor, live, other_site, story_id)
    assert visitor.context.cookies() == []

    actors.open_with_card(child, live.url, card)
    actors.press(child, "Hide my story")
    gone_everywhere(visitor, live, other_site, story_id, files)

    actors.press(child, "Show it again")
    files = shown_everywhere(visitor, live, other_site, story_id)
    child.get_by_role("link", name="Erase my story").click()
    actors.press(child, "Erase it now")
    gone_everywhere(visitor, live, other_site, story_id, files)
    with live.app.app_context():
        assert list(outside().vault.names("")) == []
