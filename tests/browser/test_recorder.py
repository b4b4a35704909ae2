"""What a child records or chooses on the page of telling: nothing is lost, and what was wrong can be taken out."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.actors import press
from tests.factories.media import jpeg, photograph
from tests.services.live import Live


@pytest.fixture(scope="module")
def live(shared_live: Live) -> Live:
    """One for all tests here."""
    return shared_live


@pytest.fixture
def telling(live: Live, page: Page) -> Page:
    """The first page of a story that was just begun."""
    page.goto(f"{live.url}/tell")
    page.locator('button[name="locale"][value="en"]').click()
    return page


def speak(page: Page) -> None:
    press(page, "Record my voice")
    expect(page.locator("[data-time]")).to_have_text("0:01", timeout=15_000)


def recordings(page: Page, live: Live) -> int:
    """How many recordings the server has."""
    expect(page.get_by_role("heading", level=1)).to_have_text("A little about you")
    page.goto(f"{live.url}/tell/story")
    return page.locator(".files bdi", has_text="Recording").count()


OLDER = "delete Crypto.prototype.randomUUID; delete HTMLFormElement.prototype.requestSubmit"
"""What browsers have not that are cared for all the same."""


def test_a_recording_goes_along_whether_or_not_it_was_used(live: Live, telling: Page) -> None:
    telling.add_init_script(OLDER)
    telling.reload()
    speak(telling)
    expect(telling.get_by_role("timer")).to_have_attribute("aria-live", "off")
    press(telling, "Stop")
    expect(telling.locator("[data-status]")).to_have_text(re.compile(r"^The recording is 0:0\d long\.$"))
    expect(telling.get_by_role("button", name="Use this one")).to_be_visible()
    expect(telling.get_by_role("button", name="Record my voice")).to_be_hidden()
    press(telling, "Next")
    assert recordings(telling, live) == 1
    speak(telling)
    press(telling, "Next")
    assert recordings(telling, live) == 2


def test_a_recording_stays_until_there_is_another(live: Live, telling: Page) -> None:
    speak(telling)
    press(telling, "Stop")
    telling.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError')) }"
    )
    press(telling, "Try again")
    expect(telling.get_by_text("The microphone is switched off for this page.")).to_be_visible()
    expect(telling.get_by_role("button", name="Use this one")).to_be_visible()
    press(telling, "Next")
    assert recordings(telling, live) == 1


def test_two_minutes_before_its_end_somebody_hears_so(telling: Page) -> None:
    telling.locator("[data-recorder]").evaluate("recorder => { recorder.dataset.maxSeconds = 123 }")
    press(telling, "Record my voice")
    soon = telling.get_by_text("Two more minutes can be recorded.")
    expect(soon).to_be_hidden()
    expect(soon).to_be_in_viewport(timeout=15_000)
    press(telling, "Stop")
    expect(soon).to_be_hidden()


def test_whoever_leaves_without_the_recording_is_asked_first(telling: Page) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    telling.on("dialog", stay)
    speak(telling)
    telling.evaluate("location.href = '/tell/about'")
    telling.wait_for_timeout(300)
    press(telling, "Stop")
    expect(telling.get_by_role("button", name="Use this one")).to_be_visible()
    telling.evaluate("location.href = '/tell/about'")
    telling.wait_for_timeout(300)
    assert asked == ["beforeunload", "beforeunload"]
    assert telling.url.endswith("/tell/story")


def test_a_wrong_file_can_be_taken_out_at_once(telling: Page, tmp_path: Path) -> None:
    drawing, other = tmp_path / "drawing.jpg", tmp_path / "notes.jpg"
    drawing.write_bytes(jpeg(photograph(300, 200)))
    other.write_bytes(b"these are no picture" * 20)
    telling.set_input_files('input[name="pictures"]', other)
    refused = telling.locator(".file--refused")
    expect(refused).to_have_count(1)
    press(refused, "Take it out")
    expect(refused).to_have_count(0)
    expect(telling.locator('input[name="pictures"]')).to_be_focused()
    telling.set_input_files('input[name="pictures"]', drawing)
    expect(telling.get_by_text("It is safe with us")).to_be_visible()
    telling.get_by_label("My words").fill("I feed the hens.")
    with telling.expect_navigation():
        press(telling, "Take it out")
    expect(telling.locator(".file")).to_have_count(0)
    expect(telling.get_by_text("It is taken out.")).to_be_visible()
    expect(telling.get_by_label("My words")).to_have_value("I feed the hens.")


def test_a_recording_is_taken_out_by_a_second_press(live: Live, telling: Page) -> None:
    speak(telling)
    press(telling, "Stop")
    press(telling, "Use this one")
    expect(telling.get_by_text("It is safe with us")).to_be_visible()
    telling.clock.install()
    press(telling, "Take it out")
    expect(telling.get_by_role("button", name="Press again to take it out")).to_be_focused()
    telling.clock.fast_forward(7_000)
    expect(telling.get_by_role("button", name="Take it out", exact=True)).to_be_visible()
    press(telling, "Take it out")
    with telling.expect_navigation():
        press(telling, "Press again to take it out")
    expect(telling.locator(".file")).to_have_count(0)
