"""A curator builds a campaign by the keyboard alone; a visitor sees it, and what is taken back leaves it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from app.campaigns.queries import by_slug
from app.cli.writing import transaction
from app.consent.actions import hide
from app.consent.rules import Party, campaign_scope
from app.extensions import db
from app.people.permissions import Role
from app.stories.models import Story
from tests.browser.cookies import go_on_as
from tests.browser.keyboard import tab_to
from tests.factories.stories import make_shown
from tests.services.chromium import Visitor
from tests.services.live import Live
from tests.web.team import hire

SENTENCE = "My mother works far away."
STILL_HERE = "/staff/still-here"


def enter(page: Page, selector: str) -> None:
    """Go there by Tab, press Enter, and wait for the page that answers."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: Page, selector: str, words: str) -> None:
    tab_to(page, selector)
    page.keyboard.type(words)


def stories_that_said_yes(live: Live, *titles: str) -> dict[str, str]:
    """The ids of stories that can be shown in the campaign, by their titles."""
    with live.app.app_context(), transaction():
        campaign = by_slug("hear-us")
        assert campaign is not None
        return {title: make_shown([campaign_scope(campaign.id)], title=title).id for title in titles}


def begin(page: Page, url: str) -> None:
    """A campaign in one language, open since the beginning of the year."""
    page.goto(f"{url}/staff/campaigns")
    enter(page, "a[href$='/campaigns/new']")
    write(page, "[name=slug]", "hear-us")
    write(page, "[name=opens_on]", "01012026")
    write(page, "[name=title-en]", "Hear us")
    write(page, "[name=text-en]", "They say it themselves.")
    write(page, "[name=appeal-en]", "Let their parents call home for free.")
    enter(page, "main form .button--main")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hear us")


def choose_both(page: Page, ids: dict[str, str]) -> None:
    """Both stories, then the second one up; the focus stays where the curator is working."""
    enter(page, ".build__acts a")
    for chosen in (1, 2):
        enter(page, "#found ~ .picks button")
        expect(page.locator("#chosen ~ .picks > li")).to_have_count(chosen)
    second = page.locator("#chosen ~ .picks > li").nth(1).get_attribute("id")
    assert second is not None
    up = f"up-{second.removeprefix('story-')}"
    enter(page, f"[id='{up}']")
    assert page.evaluate("document.activeElement.id") == up
    assert page.locator("#chosen ~ .picks > li").first.get_attribute("id") == second
    assert second.removeprefix("story-") in ids.values()


def quote(page: Page) -> None:
    """A sentence of the first story, moved to the top of the page."""
    tab_to(page, "[name=kind]")
    page.keyboard.type("Quote")
    enter(page, "#add button")
    enter(page, "form[method=get] button")
    tab_to(page, "[name=digest]")
    page.keyboard.press("Space")
    enter(page, ".builder-form .button--main")
    expect(page.locator(".build__block").last).to_contain_text(SENTENCE)
    block = (page.locator(".build__block").last.get_attribute("id") or "").removeprefix("block-")
    for _ in range(2):
        enter(page, f"[id='up-{block}']")
    assert kinds(page) == ["Quote", "Stories", "Call to action"]


def kinds(page: Page) -> list[str]:
    """The blocks in the builder's list."""
    return [words.strip() for words in page.locator(".build__words h3").all_inner_texts()]


def drag_the_first_to_the_end(page: Page) -> None:
    """What the keyboard did, a mouse can do too."""
    pieces = page.locator(".build__block")
    before = kinds(page)
    last, first = pieces.last.bounding_box(), pieces.first.bounding_box()
    assert last is not None
    assert first is not None
    to = (last["x"] + last["width"] / 2, last["y"] + last["height"] - 4)

    def carry() -> None:
        page.mouse.move(first["x"] + first["width"] / 2, first["y"] + 4)
        page.mouse.down()
        page.mouse.move(*to, steps=4)

    carry()
    page.keyboard.press("Escape")  # called off
    page.mouse.up()
    assert kinds(page) == before
    carry()
    page.mouse.move(to[0], to[1] + 14, steps=2)  # beside the list
    with page.expect_navigation():
        page.mouse.up()
    assert kinds(page) == ["Stories", "Call to action", "Quote"]


@pytest.mark.timeout(180)
def test_a_campaign_is_built_by_keyboard_and_a_story_leaves_it(live: Live, new_visitor: Callable[..., Visitor]) -> None:
    staff = new_visitor(viewport={"width": 1280, "height": 900})
    go_on_as(staff.context, live, hire(live.app, Role.CURATOR).client)
    page, visitor = staff.page(), new_visitor(viewport={"width": 360, "height": 740}).page()
    begin(page, live.url)
    ids = stories_that_said_yes(live, "The kite", "The hens")
    choose_both(page, ids)
    first = page.locator("#chosen ~ .picks .pick__title").first.inner_text()
    enter(page, ".crumbs a")
    quote(page)
    enter(page, "a[href$='/preview']")
    expect(page.locator(".quote blockquote")).to_have_text(f"“{SENTENCE}”")
    expect(page.locator(".tile")).to_have_count(2)
    assert visitor.request.get(f"{live.url}/campaigns/hear-us").status == 404
    enter(page, ".preview-note a")
    tab_to(page, "#side-announce ~ details summary")
    page.keyboard.press("Enter")
    enter(page, "form[action$='/announce'] button")
    expect(page.locator("main")).to_contain_text("Announced on")
    drag_the_first_to_the_end(page)

    visitor.goto(f"{live.url}/campaigns/hear-us")
    expect(visitor.locator(".quote blockquote")).to_have_text(f"“{SENTENCE}”")
    expect(visitor.locator(".tile__title").first).to_have_text(first)
    expect(visitor.locator(".tile")).to_have_count(2)
    with live.app.app_context(), transaction():
        hide(db.session.get_one(Story, ids[first]), Party.CHILD)
    visitor.reload()
    expect(visitor.locator(".tile")).to_have_count(1)
    expect(visitor.locator(".quote")).to_have_count(0)
    assert first not in visitor.content()


def test_a_log_in_does_not_end_while_somebody_writes(live: Live, new_visitor: Callable[..., Visitor]) -> None:
    visitor = new_visitor()
    go_on_as(visitor.context, live, hire(live.app, Role.CURATOR).client)
    page, said = visitor.page(), []
    page.on("request", lambda request: said.append(request.url.removeprefix(live.url)))
    page.clock.install()
    page.goto(f"{live.url}/staff/campaigns/new")
    page.locator("[name=slug]").press_sequentially("hear")
    assert STILL_HERE not in said
    page.clock.fast_forward("06:00")
    with page.expect_response(lambda response: response.url.endswith(STILL_HERE)) as answered:
        page.locator("[name=slug]").press_sequentially("-us")
    assert (answered.value.status, said.count(STILL_HERE)) == (204, 1)
