"""The whole way: a child's story reaches somebody else's page, and comes back out."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.adapters import outside
from app.campaigns.actions import choose_stories
from app.campaigns.models import Campaign
from app.cli.writing import transaction
from app.extensions import db, new_id
from app.people.permissions import Role
from app.stories.models import Story
from tests.browser import actors
from tests.browser.finishing import finish_decoding
from tests.factories.campaigns import make_campaign
from tests.factories.media import jpeg
from tests.factories.people import make_guardian, make_staff
from tests.factories.stories import approve, guardian_says
from tests.services.chromium import Visitor
from tests.services.live import Live
from tests.services.other_site import OtherSite
from tests.services.processes import wait_for
from tests.web.telling import WORDS, Child, picture

MODERATORS = ("first@example.org", "second@example.org")


@pytest.fixture
def new_visitor(new_visitor: Callable[..., Visitor]) -> Callable[..., Visitor]:
    """Nobody here asked for less motion: every page glides as it does for most."""
    return partial(new_visitor, reduced_motion="no-preference")


@pytest.fixture
def deployment(start_live: Callable[..., Live], other_site: OtherSite) -> Live:
    """The product running, with two moderators and a campaign that the other site may embed."""
    live = start_live(cooling_off_minutes=0)
    with live.app.app_context(), transaction():
        for email in MODERATORS:
            make_staff(Role.MODERATOR, email=email)
        make_campaign(slug="hear-us", embedding_sites=[other_site.url])
    return live


def newest_story(live: Live) -> str:
    """The id of the story that was begun last."""
    with live.app.app_context():
        return db.session.scalars(select(Story.id).order_by(Story.created_at.desc())).first() or ""


def choose(live: Live, *story_ids: str) -> None:
    """The curator chooses these stories for the campaign."""
    with live.app.app_context(), transaction():
        choose_stories("cli", db.session.scalars(select(Campaign)).one(), list(story_ids))


def campaign_scope(live: Live) -> str:
    """The field that asks about the campaign."""
    with live.app.app_context():
        return f"campaign:{db.session.scalars(select(Campaign.id)).one()}"


def shown_everywhere(page: Page, live: Live, other_site: OtherSite, story_id: str, title: str) -> list[str]:
    """Look at every place; the addresses of the files that the story page shows."""
    page.goto(f"{live.url}/gallery")
    page.locator(f'a[href="/stories/{story_id}"]').click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    for image in page.locator("img").all():
        expect(image).to_have_js_property("complete", True)
        assert image.evaluate("image => image.naturalWidth") > 0
    files = page.evaluate(
        "[...document.querySelectorAll('source[src], picture img, a[data-zoom]')].map(e => e.src || e.href)"
    )
    assert files
    page.goto(f"{live.url}/campaigns/hear-us")
    expect(page.locator(f'a[href="/stories/{story_id}"]')).to_have_count(1)
    other_site.snippet = page.locator("#snippet").input_value()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(other_site.url)
    tile = actors.frame(page).locator(".tile", has_text=title)
    expect(tile).to_have_count(1)
    picture = tile.locator("picture img")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 0
    page.wait_for_load_state("networkidle")
    assert said == []
    return list(files)


def gone_everywhere(
    page: Page, live: Live, other_site: OtherSite, story_id: str, title: str, files: list[str], *, left: int = 0
) -> None:
    """Look at every place again: only the `left` others, and nothing of the story in the public store."""
    for address in ("/gallery", "/campaigns/hear-us"):
        page.goto(f"{live.url}{address}")
        expect(page.locator(".tile")).to_have_count(left)
        expect(page.locator(f'a[href="/stories/{story_id}"]')).to_have_count(0)
    answer = page.request.get(f"{live.url}/stories/{story_id}")
    assert answer.status == 410
    assert title not in answer.text()
    page.goto(other_site.url)
    expect(actors.frame(page).get_by_role("heading", level=1)).to_be_visible()
    expect(actors.frame(page).locator(".tile")).to_have_count(left)
    expect(actors.frame(page).locator(".tile", has_text=title)).to_have_count(0)
    assert {page.request.get(file).status for file in files} == {410}
    with live.app.app_context():
        wait_for(lambda: not list(outside().public.names(story_id)), 10, "the emptying of the public store")


def tell_another(live: Live, scopes: list[str]) -> actors.Card:
    """Another child's story, told, answered about and approved without a browser; the child's card."""
    yes = dict.fromkeys(scopes, "yes")
    child = Child(live.app.test_client())
    child.begin()
    child.get("/tell/story")
    assert child.put_file(f"/tell/files/{new_id()}?kind=image", picture()).status_code == 201
    child.go_on(**yes)
    card = child.send()
    child.confirm(card)
    with live.app.app_context():
        finish_decoding(30)
        with transaction():
            story = db.session.get_one(Story, newest_story(live))
            guardian_says(story, make_guardian(story.storyteller), yes)
            approve(story)
    return actors.Card(card.digits, str(card.check), "")


@pytest.mark.timeout(240)
def test_a_story_reaches_another_site_and_comes_back_out(
    deployment: Live, other_site: OtherSite, new_visitor: Callable[..., Visitor], tmp_path: Path
) -> None:
    live, drawing = deployment, tmp_path / "drawing.jpg"
    drawing.write_bytes(jpeg(orientation=6))
    child = new_visitor(viewport={"width": 360, "height": 740}).page()
    scopes = ["gallery", "embed", campaign_scope(live)]
    yes = dict.fromkeys(scopes, "yes") | {"voice": "own"}
    card = actors.tell(child, live.url, lambda page: actors.draw_and_speak(page, drawing), yes)
    story_id = newest_story(live)

    guardian = new_visitor().page()
    actors.answer_as_guardian(guardian, card.link, yes)
    actors.confirm_as_guardian(guardian, actors.fresh_link(live))

    visitor = new_visitor(viewport={"width": 1280, "height": 900}).page()
    visitor.goto(f"{live.url}/gallery")
    expect(visitor.locator(".tile")).to_have_count(0)
    choose(live, story_id)
    for email in MODERATORS:
        moderator = new_visitor().page()
        actors.log_in(moderator, live.url, email)
        actors.approve(moderator, live.url, story_id)
    files = shown_everywhere(visitor, live, other_site, story_id, actors.TITLE)
    assert len(files) >= 3
    assert visitor.context.cookies() == []

    actors.open_with_card(child, live.url, card)
    actors.press(child, "Hide my story")
    gone_everywhere(visitor, live, other_site, story_id, actors.TITLE, files)
    actors.press(child, "Show it again")
    shown_everywhere(visitor, live, other_site, story_id, actors.TITLE)

    others_card = tell_another(live, scopes)
    other_id = newest_story(live)
    choose(live, story_id, other_id)
    files = shown_everywhere(visitor, live, other_site, other_id, WORDS["title"])
    other = new_visitor(viewport={"width": 360, "height": 740}).page()
    actors.open_with_card(other, live.url, others_card)
    other.get_by_role("link", name="Erase my story").click()
    actors.press(other, "Erase it now")
    gone_everywhere(visitor, live, other_site, other_id, WORDS["title"], files, left=1)
    shown_everywhere(visitor, live, other_site, story_id, actors.TITLE)
    with live.app.app_context():
        wait_for(lambda: not list(outside().vault.names(other_id)), 10, "the emptying of the vault")
        assert list(outside().vault.names(story_id)) != []


def test_nobody_else_can_frame_anything(
    start_live: Callable[..., Live], other_site: OtherSite, new_visitor: Callable[..., Visitor]
) -> None:
    """R10: a site that no campaign allows, and pages that are not for embedding."""
    live = start_live()
    with live.app.app_context(), transaction():
        make_campaign(slug="hear-us", embedding_sites=[other_site.url])
        make_campaign(slug="nobody", embedding_sites=["https://partner.example"])
    visitor = new_visitor()
    page = visitor.page()
    framed: dict[str, list[str]] = {}
    for address in ("/embed/campaigns/hear-us", "/embed/campaigns/nobody", "/", "/gallery"):
        other_site.snippet = f'<iframe src="{live.url}{address}"></iframe>'
        page.goto(other_site.url)
        framed[address] = page.frames[1].locator("#main h1").all_inner_texts()
    assert framed == {
        "/embed/campaigns/hear-us": ["Campaign hear-us"],
        "/embed/campaigns/nobody": ["Not in this frame"],
        "/": [],
        "/gallery": [],
    }
    assert visitor.context.cookies() == []
    assert [complaint for complaint in visitor.wrong if "frame-ancestors" not in complaint] == []
    assert len(visitor.wrong) >= 2
    visitor.wrong.clear()
