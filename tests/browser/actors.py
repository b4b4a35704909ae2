"""The people of the product at a real browser: what each of them does, one act a function."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pyotp
from playwright.sync_api import FrameLocator, Locator, Page, expect
from sqlalchemy import select

from app import clock
from app.cli.writing import transaction
from app.consent.actions import ask_guardian
from app.extensions import db
from app.people.models import Guardian
from app.people.rules import PICTURES
from app.stories.models import Story
from tests.factories.people import PASSWORD, TOTP_SECRET
from tests.services.live import Live

TITLE = "The telephone on Sunday"
DECODING_MS = 30_000
"""How long the worker may take with a file, on a busy machine."""


@dataclass(frozen=True)
class Card:
    """What a child wrote down."""

    digits: str
    picture: str
    link: str


def pick(page: Page | Locator, name: str, value: str) -> None:
    """Choose a radio or a tick box by its field and value, as a finger would: on its face."""
    page.locator(f'label:has(input[name="{name}"][value="{value}"])').click()


def press(page: Page | Locator, words: str) -> None:
    """Press the button that says `words`."""
    page.get_by_role("button", name=words, exact=True).click()


def draw(page: Page, picture: Path) -> None:
    """Hand in a photographed drawing; it is safe as soon as the page says so."""
    page.set_input_files('input[name="pictures"]', picture)
    expect(page.get_by_text("It is safe with us")).to_be_visible()


def draw_and_speak(page: Page, picture: Path) -> None:
    """Hand in a photographed drawing and one's voice."""
    draw(page, picture)
    record(page)


def tell(page: Page, url: str, bring: Callable[[Page], None], answers: dict[str, str]) -> Card:
    """A child tells a story in words, with whatever files they `bring`."""
    page.goto(f"{url}/tell")
    page.locator('button[name="locale"][value="en"]').click()
    bring(page)
    page.get_by_label("My words").fill("My mother calls on Sundays. Then I am the first to pick up.")
    page.get_by_label("A title, if you like").fill(TITLE)
    press(page, "Next")
    page.get_by_label("A name you make up").fill("Lantern")
    pick(page, "age_band", "10-12")
    page.get_by_label("Which country do you live in?").select_option("RO")
    press(page, "Next")
    pick(page, "helper", "nobody")
    press(page, "Next")
    answer(page, answers)
    press(page, "Next")
    pick(page, "how", "hand")
    pick(page, "guardian_locale", "en")
    press(page, "Next")
    press(page, "Send my story")
    return keep_card(page)


def answer(page: Page, answers: dict[str, str]) -> None:
    """Open every heading and choose an answer to each of these questions."""
    page.wait_for_load_state()
    expect(page.locator(f'[name="{next(iter(answers))}"]').first).to_be_attached()
    for heading in page.locator("details.questions:not([open]) > summary").all()[::-1]:
        heading.click()
    for field, value in answers.items():
        pick(page, field, value)


def speak(page: Page, button: str = "Record my voice") -> None:
    """Speak into the page's recorder for two seconds, and use the recording."""
    press(page, button)
    expect(page.locator("[data-time]")).to_have_text("0:02", timeout=15_000)
    press(page, "Stop")
    press(page, "Use this one")


def record(page: Page) -> None:
    """Tell a story aloud; it is safe as soon as the page says so."""
    speak(page)
    expect(page.get_by_text("It is safe with us")).to_have_count(2)


def keep_card(page: Page) -> Card:
    """Write the card down and show that it was."""
    expect(page.get_by_role("heading", level=1)).to_have_text("This is your story card")
    digits = re.sub(r"\D", "", page.locator(".story-card__digits").inner_text())
    link = page.locator("a.hand-over__link").get_attribute("href") or ""
    page.get_by_label("last four numbers").fill(digits[-4:])
    drawn = page.locator(".story-card .card-picture svg").get_attribute("class") or ""
    picture = str(next(number for number, name in enumerate(PICTURES) if f"card-{name}" in drawn))
    press(page, "I have my card")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")
    return Card(digits, picture, link)


def answer_as_guardian(page: Page, link: str, answers: dict[str, str]) -> None:
    """A mother opens her link, reads, answers and gets her receipt."""
    page.goto(link)
    wait_for_files(page)
    answer(page, answers)
    page.get_by_label("Your name").fill("A mother")
    pick(page, "relation", "mother")
    pick(page, "alone", "alone")
    press(page, "Save my answers")
    expect(page.get_by_role("heading", level=1)).to_have_text("What you answered")
    expect(page.get_by_text("One more step: you say it once more.")).to_be_visible()


def fresh_link(live: Live) -> str:
    """The link that the product makes for the only guardian a day after the first one."""
    with live.app.app_context(), clock.fixed(clock.now() + timedelta(days=1)), transaction():
        story = db.session.scalars(select(Story)).one()
        guardian = db.session.scalars(select(Guardian)).one()
        return f"{live.url}/consent/{ask_guardian(story, guardian)}"


def confirm_as_guardian(page: Page, link: str) -> None:
    """A day later she opens the fresh link, looks at what she said, and says it once more."""
    page.goto(link)
    expect(page.get_by_role("heading", name="Is this still what you want?")).to_be_visible()
    press(page, "Yes, that is what I want")
    expect(page.get_by_role("heading", level=1)).to_have_text("What you answered")
    expect(page.get_by_text("once more")).to_have_count(0)


def wait_for_files(page: Page) -> None:
    """Load the page again until its pictures and sounds were prepared."""
    still = page.get_by_text("still being prepared")
    for _ in range(DECODING_MS // 500):
        if still.count() == 0:
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError("the files were not prepared in time")


def log_in(page: Page, url: str, email: str) -> None:
    """Staff log in with a password and a code."""
    page.goto(f"{url}/staff/login")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Go on")
    page.get_by_label("Code").fill(pyotp.TOTP(TOTP_SECRET).at(clock.now()))
    press(page, "Log in")
    expect(page.get_by_role("button", name="Log out", exact=True)).to_be_visible()


def approve(page: Page, url: str, story_id: str) -> None:
    """A moderator claims a story, answers every line and approves."""
    page.goto(f"{url}/staff/review/{story_id}")
    press(page, "Review this story")
    expect(page.locator(".checklist fieldset")).to_have_count(20)
    for line in page.locator(".checklist fieldset").all():
        line.locator('label:has(input[value="fine"])').click()
    page.locator('input[name="themes"][value="family"]').check(force=True)
    with page.expect_navigation():
        page.locator('button[name="decision"][value="approve"]').click()
    wrong = page.locator(".field__error, .notice--wrong, .error-summary").all_inner_texts()
    assert wrong == [], wrong


def open_with_card(page: Page, url: str, card: Card) -> None:
    """The child comes back with the card."""
    page.goto(f"{url}/my-story")
    page.get_by_label("The 16 numbers on your card").fill(card.digits)
    pick(page, "picture", card.picture)
    press(page, "Open my story")
    expect(page.get_by_role("heading", level=1)).to_have_text("My story")


def frame(page: Page) -> FrameLocator:
    """What stands in the embedding site's iframe."""
    return page.frame_locator("iframe")
