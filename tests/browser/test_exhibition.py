"""The exhibition of a campaign on a screen: by keys, by itself, and gone dark with what was taken back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from app.campaigns.actions import choose_stories
from app.cli.writing import transaction
from app.consent.actions import hide
from app.consent.rules import Party, campaign_scope
from app.extensions import db
from app.stories.models import Story
from app.stories.rules import Beside
from tests.factories.campaigns import make_campaign
from tests.factories.stories import make_shown
from tests.factories.wordings import put_beside
from tests.services.chromium import Visitor, axe_violations
from tests.services.live import Live

NOW = ".slide.is-now"
AT = """(audio, second) => {
    Object.defineProperty(audio, "currentTime", { value: second, configurable: true });
    audio.dispatchEvent(new Event("timeupdate"));
}"""
ENDED = """(audio) => {
    Object.defineProperty(audio, "ended", { value: true });
    audio.dispatchEvent(new Event("ended"));
}"""
"""What a player does that can play the recording: these files are none."""
REACHED = """() => {
    const slide = document.querySelector(".slide.is-now");
    const tools = [...document.querySelectorAll("[data-tools] .button")].filter(each => !each.hidden);
    const box = each => each.getBoundingClientRect();
    const pieces = [...slide.querySelectorAll("h1, h2, p, img, audio, .slide__words")].filter(each => box(each).height);
    const before = (one, other, end, start) => box(one)[end] <= box(other)[start] + 1;
    const apart = (one, other) => one.contains(other) || before(one, other, "bottom", "top")
        || before(one, other, "right", "left") || before(other, one, "right", "left");
    const over = pieces.filter((one, at) => pieces.slice(at + 1).some(other => !apart(one, other)));
    const above = pieces.filter(each => box(each).top < box(slide).top - 1);
    slide.scrollTop = slide.scrollHeight;
    const below = pieces.filter(each => box(each).bottom > box(slide).bottom + 1);
    const said = [over, above, below].map(all => all.map(each => each.outerHTML));
    return [...said, new Set(tools.map(each => Math.round(box(each).top))).size, box(tools[0]).bottom <= innerHeight];
}"""
"""What lies over another piece, above or below what can be scrolled to; the rows of tools, whether they are seen."""


@pytest.fixture
def page(new_visitor: Callable[..., Visitor]) -> Page:
    """The screen in the hall: nobody asked it for less motion, so it goes on by itself."""
    return new_visitor(viewport={"width": 1280, "height": 900}, reduced_motion="no-preference").page()


def test_subtitles_run_along_and_who_heard_them_need_not_read_them(live: Live, page: Page) -> None:
    story_id = begin(live)[1]
    with live.app.app_context(), transaction():
        story = db.session.get_one(Story, story_id)
        put_beside(story, Beside.TRANSCRIPT, cues=[[0, 2_000, "Good night."], [2_000, 4_000, "I count to ten."]])
    page.add_init_script("HTMLMediaElement.prototype.play = () => Promise.resolve()")
    page.clock.install()
    page.goto(f"{live.url}/campaigns/hear-us/exhibition#{story_id}-1")
    page.keyboard.press("s")
    for second, said in ((1, "Good night."), (3, "I count to ten."), (5, "")):
        page.locator(f"{NOW} audio").evaluate(AT, second)
        expect(page.locator(f"{NOW} [data-cues]")).to_have_text(said, use_inner_text=True)
    page.clock.run_for(14_500)
    expect(page.locator(NOW)).to_have_id(f"{story_id}-2")  # nobody played it to its end
    page.keyboard.press("ArrowLeft")
    page.locator(f"{NOW} audio").evaluate(ENDED)
    page.clock.run_for(2_000)
    shows(page, "Campaign hear-us")
    page.keyboard.press("s")  # silent from now on: what was heard once is read the next time
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator(NOW)).to_have_id(f"{story_id}-1")
    expect(page.locator(f"{NOW} [data-cues]")).to_be_hidden()
    page.clock.run_for(14_500)
    expect(page.locator(NOW)).to_have_id(f"{story_id}-2")
    page.keyboard.press("ArrowLeft")
    page.locator(f"{NOW} audio").evaluate("audio => audio.dispatchEvent(new Event('play'))")  # by its own button
    expect(page.locator(f"{NOW} [data-cues]")).to_be_visible()


def begin(live: Live) -> list[str]:
    """Two stories that may hang in a hall, the second a recording that no browser can play; their ids."""
    with live.app.app_context(), transaction():
        campaign = make_campaign(slug="hear-us")
        scopes = [campaign_scope(campaign.id), "print"]
        ids = [
            make_shown(scopes, title="One").id,
            make_shown(scopes, title="Two", sounds=1, own_voice=True, text="").id,
        ]
        choose_stories("cli", campaign, ids)
    return ids


def shows(page: Page, words: str) -> None:
    expect(page.locator(NOW)).to_have_count(1)
    expect(page.locator(NOW).get_by_role("heading")).to_have_text(words)


def test_the_screen_goes_on_by_itself_and_obeys(live: Live, page: Page) -> None:
    ids = begin(live)
    page.clock.install()
    page.goto(f"{live.url}/campaigns/hear-us/exhibition")
    shows(page, "Campaign hear-us")
    page.evaluate("Promise.all(document.getAnimations().map(each => each.finished))")  # its colours are on their way
    assert axe_violations(page) == []
    page.clock.run_for(9_500)
    shows(page, "One")
    page.keyboard.press("ArrowRight")
    shows(page, "Two")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Go on")).to_be_visible()
    page.clock.run_for(25_000)
    shows(page, "One")
    with live.app.app_context(), transaction():
        hide(db.session.get_one(Story, ids[0]), Party.CHILD)
    page.wait_for_timeout(300)  # so long may the server not know; the clock below runs faster than that
    page.clock.run_for(36_000)
    expect(page.get_by_text("One", exact=True)).to_have_count(0)
    shows(page, "Two")
    page.context.set_offline(True)
    page.clock.run_for(200_000)
    expect(page.get_by_text("This screen has no connection, so it shows nothing.")).to_be_visible()
    expect(page.get_by_text("Two", exact=True)).to_be_hidden()
    page.context.set_offline(False)
    page.clock.run_for(6_000)
    expect(page.get_by_text("This screen has no connection")).to_be_hidden()
    shows(page, "Two")
    page.keyboard.press("s")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Sound")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(f"{NOW} audio")).to_have_js_property("networkState", 3)  # no source that it can play
    expect(page.locator(f"{NOW} audio")).to_have_js_property("paused", True)
    page.clock.run_for(14_500)
    shows(page, "Campaign hear-us")
    page.keyboard.press("Escape")
    page.wait_for_url("**/campaigns/hear-us")


def test_on_a_telephone_on_its_side_everything_can_be_reached(live: Live, new_visitor: Callable[..., Visitor]) -> None:
    with live.app.app_context(), transaction():
        campaign = make_campaign(slug="hear-us")
        campaign.text = {"en": "They are here, and they know what would help. " * 8}
        scopes = [campaign_scope(campaign.id), "print"]
        stories = [
            make_shown(
                scopes, pictures=1, title="A title that is too long for one line of a small screen, and for two"
            ),
            make_shown(scopes, sounds=1, own_voice=True, text=""),
        ]
        put_beside(stories[0], Beside.CAPTION)
        choose_stories("cli", campaign, [story.id for story in stories])
    page = new_visitor(viewport={"width": 740, "height": 360}).page()
    page.goto(f"{live.url}/campaigns/hear-us/exhibition")
    found = {}
    for _ in range(page.locator("[data-slide]").count()):
        expect(page.locator(NOW)).to_have_count(1)
        found[page.locator(NOW).get_attribute("id")] = page.evaluate(REACHED)
        page.keyboard.press("ArrowRight")
    assert len(found) == 4
    assert {slide: each for slide, each in found.items() if each != [[], [], [], 1, True]} == {}
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    shows(page, "Campaign hear-us")
    assert page.locator(NOW).evaluate("slide => slide.scrollTop") > 0, "a long slide is read to its end first"
