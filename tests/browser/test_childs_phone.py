"""A child at a real browser: a phone that others use, a lost card, everything taken along, and pages for everybody."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.cli.writing import transaction
from app.consent.actions import ask_guardian
from app.extensions import db
from app.people.actions import forget_card, issue_card
from app.people.permissions import Role
from app.people.rules import CardNumber
from app.stories.actions import derive
from app.stories.models import Story
from tests.browser.actors import press
from tests.factories.people import approve_together, make_guardian, make_staff
from tests.factories.stories import child_says, guardian_says, make_claimed
from tests.services.chromium import Visitor, axe_violations
from tests.services.live import Live

MINUTE = 60_000
WORDS = "I feed the hens when my mother calls."


@pytest.fixture(scope="module")
def live(shared_live: Live) -> Live:
    """One for all tests here."""
    return shared_live


def told(live: Live) -> CardNumber:
    """A child's card, to a story that somebody changed to protect them, and to which a guardian said no."""
    with live.app.app_context(), transaction():
        staff = make_staff()
        story = make_claimed(staff, text=WORDS)
        child_says(story, {"gallery": "yes", "print": "no"})
        guardian_says(story, make_guardian(story.storyteller), {"gallery": "no"})
        ask_guardian(story, make_guardian(story.storyteller, declared=False, email="father@example.org"))
        derive(staff, story, title="The kite", text="We fly our kites.", replaced={})
        card = issue_card(story.storyteller)
        forget_card(story.storyteller)
        return card


def opened(page: Page, live: Live, card: CardNumber) -> None:
    """The story behind a card."""
    page.goto(f"{live.url}/my-story?card={card.digits}{card.check}")
    expect(page.get_by_role("heading", name="This waits for you")).to_be_visible()


def kept(page: Page) -> list[int]:
    """How many things the browser keeps: for longer, and with this tab."""
    counts: list[int] = page.evaluate("[localStorage.length, sessionStorage.length]")
    return counts


def test_a_shared_phone_closes_by_itself_and_keeps_nothing(live: Live, new_visitor: Callable[..., Visitor]) -> None:
    page = new_visitor(viewport={"width": 360, "height": 740}).page()
    page.clock.install()
    page.goto(f"{live.url}/tell")
    press(page, "Other people use this phone")
    page.locator('button[name="locale"][value="en"]').click()
    page.get_by_label("My words").fill(WORDS)
    assert kept(page) == [0, 1], "a draft lives in this tab alone"
    page.clock.run_for(5 * MINUTE + 2_000)
    expect(page.get_by_role("alertdialog")).to_be_visible()
    press(page, "I am still here")
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    expect(page.get_by_label("My words")).to_be_focused()
    page.clock.run_for(5 * MINUTE + 10_000)
    expect(page.get_by_role("alertdialog")).to_be_visible()
    assert 15 <= int(page.locator("[data-seconds]").inner_text()) <= 21
    page.clock.run_for(MINUTE)
    expect(page.get_by_role("heading", name="Open my story")).to_be_visible()
    assert kept(page) == [0, 0]
    page.goto(f"{live.url}/tell/story")
    assert page.url == f"{live.url}/tell", "the story that was begun is not open any more"


def test_a_lost_card_comes_back_by_itself(live: Live, page: Page) -> None:
    told(live)
    with live.app.app_context():
        newest = db.session.scalars(select(Story).order_by(Story.created_at.desc()).limit(1)).one()
        reference = str(newest.storyteller.reference)
    page.goto(f"{live.url}/my-story")
    page.get_by_text("I have lost my card").click()
    page.get_by_role("link", name="Get a new card with a helper").click()
    page.get_by_label("Your reference").fill(reference.lower())
    press(page, "Next")
    code = page.locator(".code-to-show").inner_text()
    with live.app.app_context(), transaction():
        approve_together(make_staff(Role.FACILITATOR), code, reference)
    expect(page.get_by_role("heading", name="This is your new story card")).to_be_visible(timeout=30_000)
    page.get_by_label("Or: the last four numbers on your card").fill(
        page.locator(".story-card__digits").inner_text()[-4:]
    )
    press(page, "I have my card")
    expect(page.get_by_role("heading", name="My story", exact=True)).to_be_visible()


def test_what_was_taken_along_opens_without_the_internet(live: Live, page: Page, tmp_path: Path) -> None:
    opened(page, live, told(live))
    page.get_by_role("link", name="Take my story along").click()
    with page.expect_download() as coming:
        press(page, "Take my story along")
    assert coming.value.suggested_filename == "my-story.zip"
    with zipfile.ZipFile(coming.value.path()) as archive:
        archive.extractall(tmp_path)
    page.goto((tmp_path / "read-me.html").as_uri())
    expect(page.get_by_text(WORDS)).to_be_visible()


PAGES = ("home", "look", "need-help", "correct", "take-along", "answers")


@pytest.mark.parametrize("look", ["light", "dark"])
def test_everybody_can_use_the_pages(live: Live, new_visitor: Callable[..., Visitor], look: str) -> None:
    page = new_visitor(viewport={"width": 360, "height": 740}, color_scheme=look).page()
    opened(page, live, told(live))
    for name in PAGES:
        page.goto(f"{live.url}/my-story/{name}")
        assert axe_violations(page) == [], name
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 360, f"{name} is wider than a small telephone"
    page.goto(f"{live.url}/my-story/home")
    page.get_by_role("link", name="Ask them another way").click()
    expect(page.get_by_text("f…@example.org")).to_be_visible()
    assert axe_violations(page) == []
    page.goto(f"{live.url}/my-story/lost")
    assert axe_violations(page) == []
