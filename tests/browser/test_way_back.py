"""From a story back to the wall as it was, with a script; without one to its beginning. And a line to copy."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.services.chromium import Visitor
from tests.services.live import Live
from tests.web.public_side import shown


@pytest.mark.parametrize("script", [True, False])
def test_the_way_back_leads_to_what_was_found(live: Live, new_visitor: Callable[..., Visitor], script: bool) -> None:
    story_id = shown(live.app, title="Kite")
    page = new_visitor(java_script_enabled=script).page()
    page.goto(f"{live.url}/gallery?q=kite&lang=en")
    page.locator(".tile").click()
    page.wait_for_url(f"**/stories/{story_id}?lang=en")
    page.get_by_role("link", name="Back to the gallery").click()
    page.wait_for_url(f"{live.url}/gallery?q=kite&lang=en" if script else f"{live.url}/gallery?lang=en")
    page.goto(f"{live.url}/?lang=en")
    page.locator(".tile").first.click()
    expect(page.get_by_role("link", name="Back to the gallery")).to_have_attribute("href", "/gallery?lang=en")


def test_the_credit_is_copied(live: Live, new_visitor: Callable[..., Visitor]) -> None:
    story_id = shown(live.app)
    page = new_visitor(permissions=["clipboard-read", "clipboard-write"]).page()
    page.goto(f"{live.url}/stories/{story_id}")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#credit").text_content()
