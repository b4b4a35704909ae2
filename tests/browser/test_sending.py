"""A form that a script sends: what is wrong with it is said where a page of the server says it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, expect

from tests.browser.actors import press
from tests.browser.cookies import go_on_as
from tests.factories.media import jpeg
from tests.services.chromium import Visitor, axe_violations
from tests.services.live import Live
from tests.web.consenting import hire_pair, make_family, ways

PHONE = {"width": 360, "height": 740}
LETTER = FilePayload(name="letter.jpg", mimeType="image/jpeg", buffer=b"Dear all")
FORM = FilePayload(name="form.jpg", mimeType="image/jpeg", buffer=jpeg())
NOT_THE_FORM = "This is not a photograph of the form. Please take it again."


@pytest.fixture(scope="module")
def live(shared_live: Live) -> Live:
    """One for all tests here."""
    return shared_live


@pytest.mark.timeout(120)
def test_a_file_that_is_no_photograph_is_said_beside_its_field(live: Live, new_visitor: Callable[..., Visitor]) -> None:
    (helper, _colleague), family = hire_pair(live.app), make_family(live.app)
    visitor = new_visitor(viewport=PHONE)
    page = visitor.page()
    go_on_as(visitor.context, live, helper.client)
    page.goto(f"{live.url}{ways(helper, family)['photo']}")
    photo, summary = page.locator("#photo"), page.locator("[data-error-summary]")
    for _ in range(2):
        photo.set_input_files(LETTER)
        press(page, "Hand in the photo")
        expect(summary.get_by_role("link")).to_have_text([NOT_THE_FORM])
        expect(summary).to_be_in_viewport()
        expect(page.locator(".field--wrong .field__error")).to_have_text([NOT_THE_FORM])
        expect(photo).to_be_focused()
        expect(photo).to_have_accessible_description(f"{page.locator('#photo-hint').inner_text()} {NOT_THE_FORM}")
        assert axe_violations(page) == []
    photo.set_input_files(FORM)
    press(page, "Hand in the photo")
    expect(page.get_by_text("The photo is safe with us.")).to_be_visible()


@pytest.mark.timeout(120)
def test_a_voice_is_recorded_from_above_the_text_and_handed_in_below_it(
    live: Live, new_visitor: Callable[..., Visitor]
) -> None:
    (helper, _colleague), family = hire_pair(live.app), make_family(live.app)
    visitor = new_visitor(viewport=PHONE)
    page = visitor.page()
    go_on_as(visitor.context, live, helper.client)
    page.goto(f"{live.url}{ways(helper, family)['voice']}")
    step, start = page.get_by_text("Start the recording."), page.get_by_role("button", name="Record their voice")
    above, below = step.bounding_box(), start.bounding_box()
    assert above is not None
    assert below is not None
    assert below["y"] - above["y"] < PHONE["height"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe_violations(page) == []
    page.get_by_label("The name of the witness").fill("A neighbour")
    start.click()
    expect(page.locator("[data-time]")).to_have_text("0:01", timeout=15_000)
    press(page, "Hand in the recording")
    expect(page.get_by_text("The recording is safe with us.")).to_be_visible()
