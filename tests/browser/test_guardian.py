"""A guardian at a real browser: what is asked follows from who they are, a voice is recorded, all pages work."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from app.extensions import new_id
from tests.browser import actors
from tests.browser.cookies import go_on_as
from tests.factories.media import jpeg
from tests.services.chromium import Visitor, axe_violations
from tests.services.live import Live
from tests.web.consenting import hire_pair, make_family, ways
from tests.web.telling import Child

PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def live(shared_live: Live) -> Live:
    """One for all tests here."""
    return shared_live


@pytest.fixture
def link(live: Live) -> str:
    """The address a child hands over, who told a story with a drawing; how that goes at a browser, others look at."""
    child = Child(live.app.test_client())
    child.begin()
    child.get("/tell/story")
    assert child.put_file(f"/tell/files/{new_id()}?kind=image", jpeg()).status_code == 201
    child.go_on(gallery="yes")
    card, link = child.send(), child.link()
    child.confirm(card)
    return f"{live.url}{link}"


@pytest.mark.timeout(240)
def test_a_guardian_who_would_rather_speak(link: str, new_visitor: Callable[..., Visitor]) -> None:
    visitor = new_visitor(viewport=PHONE)
    page = visitor.page()
    page.goto(link)
    actors.wait_for_files(page)
    page.get_by_role("link", name="I do not read well").click()
    page.get_by_role("link", name="I would rather speak than write").click()
    witness = page.get_by_label("The name of the witness")
    actors.speak(page)
    actors.press(page, "Send my recording")
    expect(witness).to_be_focused()
    witness.fill("A neighbour")
    visitor.context.set_offline(True)
    actors.press(page, "Send my recording")
    expect(page.get_by_text("There is no connection right now.")).to_be_visible()
    visitor.context.set_offline(False)
    assert page.locator("#recording").evaluate("input => input.files.length") == 1
    broken: list[Route] = []

    def break_off(route: Route) -> None:
        broken.append(route)
        route.abort("connectionreset")

    page.route("**/voice?*", break_off, times=2)
    actors.press(page, "Send my recording")
    expect(page.get_by_text("The connection was lost.")).to_be_visible()
    assert axe_violations(page) == []
    actors.press(page, "Try again")
    expect(page.get_by_text("We have your recording.")).to_be_visible(timeout=20_000)
    assert len(broken) == 2
    expect(page.get_by_text("A second person listens to it first")).to_be_visible()


@pytest.mark.timeout(240)
def test_a_recording_outlives_the_log_in_of_whoever_took_it(live: Live, page: Page) -> None:
    (helper, colleague), family = hire_pair(live.app), make_family(live.app)
    go_on_as(page.context, live, helper.client)
    page.goto(f"{live.url}{ways(helper, family)['voice']}")
    actors.speak(page, "Record their voice")
    page.get_by_label("The name of the witness").fill("A neighbour")
    page.context.clear_cookies()
    actors.press(page, "Hand in the recording")
    expect(page.get_by_text("You were logged out. Log in in another tab")).to_be_visible()
    assert axe_violations(page) == []
    go_on_as(page.context, live, colleague.client)
    actors.press(page, "Hand in the recording")
    expect(page.get_by_text("Somebody else is logged in now.")).to_be_visible()
    go_on_as(page.context, live, helper.client)
    page.locator("form[data-sends-file] [name=csrf_token]").evaluate("field => { field.value = 'of another log-in' }")
    actors.press(page, "Hand in the recording")
    expect(page.get_by_text("The recording is safe with us.")).to_be_visible()


@pytest.mark.timeout(240)
def test_what_is_asked_follows_from_who_somebody_is(link: str, new_visitor: Callable[..., Visitor]) -> None:
    page = new_visitor(viewport=PHONE).page()
    page.goto(link)
    alone, act = page.locator(".who__parent"), page.locator(".who__act")
    expect(alone).to_be_hidden()
    expect(act).to_be_hidden()
    actors.pick(page, "relation", "father")
    expect(alone).to_be_visible()
    expect(act).to_be_hidden()
    actors.pick(page, "relation", "court_carer")
    expect(alone).to_be_hidden()
    expect(act).to_be_visible()
    assert axe_violations(page) == []
    actors.pick(page, "relation", "nobody")
    expect(page.get_by_text("there are other things that you can do")).to_be_visible()
    actors.press(page, "Save my answers")
    expect(page.get_by_role("heading", level=1)).to_have_text("What you can do for the child")


@pytest.mark.timeout(240)
@pytest.mark.parametrize("look", ["light", "dark"])
def test_every_page_of_a_guardian_can_be_used_by_everybody(
    link: str, new_visitor: Callable[..., Visitor], look: str
) -> None:
    page = new_visitor(viewport=PHONE, color_scheme=look).page()
    actors.answer_as_guardian(page, link, {"gallery": "yes", "press": "no"})
    assert axe_violations(page) == []
    for address in ("", "/carer", "/voice", "/history", "/other"):
        page.goto(f"{link}{address}")
        assert axe_violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{address} is wider than the phone"
    page.locator("summary", has_text="Stop showing it for now").click()
    actors.press(page, "Stop showing it")
    expect(page.get_by_role("heading", level=1)).to_have_text("It is not shown now")
    assert axe_violations(page) == []
