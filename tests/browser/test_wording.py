"""A curator writes a transcript by the keyboard, a colleague checks it, and a visitor hears and reads it."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from app.cli.writing import transaction
from app.people.permissions import Role
from app.people.rules import Locale
from app.release.publishing import publish
from app.stories.rules import Beside
from tests.browser.cookies import go_on_as
from tests.factories.media import recording
from tests.factories.stories import make_shown
from tests.factories.wordings import put_beside
from tests.services.chromium import Visitor, axe_violations
from tests.services.live import Live
from tests.web.team import hire

LOADED = "audio => new Promise(done => { audio.oncanplaythrough = done; audio.preload = 'auto'; audio.load() })"


def with_a_voice(page: Page) -> None:
    """Every recording of the page is three seconds of something like speech."""
    sound = recording("wav")
    whole = {"Content-Range": f"bytes 0-{len(sound) - 1}/{len(sound)}", "Content-Type": "audio/wav"}
    page.route("**/*.webm", lambda route: route.fulfill(status=206, body=sound, headers=whole))


def test_a_transcript_is_written_checked_and_followed(live: Live, new_visitor: Callable[..., Visitor]) -> None:
    with live.app.app_context(), transaction():
        story_id = make_shown(["gallery"], sounds=1, own_voice=True).id
    with live.app.app_context():
        publish(story_id)
    page = new_visitor(viewport={"width": 1280, "height": 900}).page()
    with_a_voice(page)
    go_on_as(page.context, live, hire(live.app, Role.CURATOR).client)
    page.goto(f"{live.url}/staff/words/{story_id}")
    assert axe_violations(page) == []
    page.locator("a[href*='/transcripts/']").click()
    assert axe_violations(page) == []
    page.locator("audio").evaluate(LOADED)
    page.locator("[data-cue]").first.click()
    page.keyboard.press("Alt+KeyJ")
    page.keyboard.type("Good evening")
    page.locator("audio").evaluate("audio => { audio.currentTime = 1.25 }")
    page.keyboard.press("Alt+KeyK")
    page.keyboard.type("mother")
    page.locator("audio").evaluate("audio => { audio.currentTime = 2.5 }")
    page.keyboard.press("Alt+KeyK")
    times = page.eval_on_selector_all("[data-start], [data-end]", "all => all.slice(0, 4).map(each => each.value)")
    assert times == ["0:00.000", "0:01.250", "0:01.250", "0:02.500"]
    expect(page.locator("[data-bands] rect")).to_have_count(2)
    with page.expect_navigation():
        page.get_by_role("button", name="Save the transcript").click()
    go_on_as(page.context, live, hire(live.app).client)
    page.goto(f"{live.url}/staff/words")
    page.locator(".board__list a").click()
    expect(page.locator("[type=checkbox]")).to_have_count(3)
    assert axe_violations(page) == []
    for box in page.locator("[type=checkbox]").all():
        box.check()
    with page.expect_navigation():
        page.get_by_role("button", name="It can be printed").click()
    reader = new_visitor(viewport={"width": 360, "height": 740}).page()
    with_a_voice(reader)
    reader.goto(f"{live.url}/stories/{story_id}")
    assert axe_violations(reader) == []
    reader.get_by_role("button", name="0:01").click()
    expect(reader.locator(".cue[aria-current] .cue__words")).to_have_text("mother")


def test_beside_a_picture_stands_what_is_known_of_it_and_below_both_the_words_in_two_languages(
    live: Live, new_visitor: Callable[..., Visitor]
) -> None:
    with live.app.app_context(), transaction():
        story = make_shown(["gallery", "translate"], pictures=1)
        put_beside(story, Beside.TRANSLATION, Locale.RO)
        story_id = story.id
    with live.app.app_context():
        publish(story_id)
    page = new_visitor(viewport={"width": 1280, "height": 900}).page()
    page.goto(f"{live.url}/stories/{story_id}?lang=ro")
    title, label, picture, side, words = (
        page.locator(f".story--pair {each}").bounding_box()
        for each in ("h1", ".label", ".sheet", ".story__side", ".twofold")
    )
    assert label["y"] - title["y"] - title["height"] >= 8
    assert abs(side["y"] - picture["y"]) < 2
    assert picture["x"] + picture["width"] < side["x"]
    assert words["y"] >= max(each["y"] + each["height"] for each in (picture, side))
    assert abs(words["width"] - (side["x"] + side["width"] - picture["x"])) < 2
