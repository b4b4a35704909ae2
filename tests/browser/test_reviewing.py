"""A reviewer at a real browser: what was filled in is still there, whatever happened; a double press sends once."""

import pytest
from playwright.sync_api import Page, Route, expect

from app.cli.writing import transaction
from app.extensions import db
from app.moderation.actions import release_claim
from app.people.models import Staff
from app.stories.actions import derive
from app.stories.models import Story
from app.stories.queries import messages
from tests.browser.actors import press
from tests.browser.cookies import go_on_as
from tests.factories.people import make_staff
from tests.factories.stories import make_submitted
from tests.services.live import Live
from tests.web.team import Colleague, hire

KIND = "Your story is safe with us. May we leave out the name of your street?"


@pytest.fixture(scope="module")
def live(shared_live: Live) -> Live:
    """One for all tests here."""
    return shared_live


@pytest.fixture
def story_id(live: Live) -> str:
    """A story that waits."""
    with live.app.app_context(), transaction():
        return make_submitted().id


@pytest.fixture
def moderator(live: Live) -> Colleague:
    """Who reviews it."""
    return hire(live.app)


@pytest.fixture
def review(live: Live, page: Page, story_id: str, moderator: Colleague) -> Page:
    """The page of a moderator who has begun to write."""
    go_on_as(page.context, live, moderator.client)
    page.goto(f"{live.url}/staff/review/{story_id}")
    press(page, "Review this story")
    page.locator("#message").fill(KIND)
    page.locator('.checklist label:has(input[value="fine"])').first.click()
    return page


def drafts(page: Page) -> list[str]:
    kept: list[str] = page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('eyes.draft.'))")
    return kept


def is_as_it_was(page: Page) -> bool:
    expect(page.locator("#message")).to_have_value(KIND)
    return page.locator('.checklist input[value="fine"]').first.is_checked()


def test_what_was_filled_in_is_still_there(live: Live, review: Page, story_id: str) -> None:
    review.locator('button[value="approve"]').click()
    expect(review.locator("[data-error-summary]")).to_be_focused()
    assert is_as_it_was(review)
    review.get_by_role("link", name="All stories that wait").click()
    expect(review.get_by_role("heading", level=1)).to_have_text("Review")
    back = review.go_back()
    assert back is not None
    assert back.request.method == "GET"
    assert is_as_it_was(review)
    press(review, "Keep it for 15 minutes")
    review.locator(".languages summary").click()
    review.get_by_role("link", name="Română").click()
    expect(review).to_have_url(f"{live.url}/staff/review/{story_id}?lang=ro")
    assert is_as_it_was(review)


def test_whoever_was_logged_out_finds_it_as_it_was_and_what_was_sent_is_gone(
    live: Live, review: Page, story_id: str, moderator: Colleague
) -> None:
    address = f"{live.url}/staff/review/{story_id}"
    review.context.clear_cookies()
    press(review, "Ask for changes")
    expect(review.get_by_text("so what you sent last did not arrive")).to_be_visible()
    with live.app.app_context(), transaction():
        release_claim(db.session.get_one(Staff, moderator.id), db.session.get_one(Story, story_id))
    go_on_as(review.context, live, moderator.client)
    review.goto(address)
    press(review, "Review this story")
    assert is_as_it_was(review)
    press(review, "Ask for changes")
    expect(review.get_by_role("heading", level=1)).to_have_text("Review")
    assert drafts(review) == []


def test_whoever_comes_next_finds_nothing_of_it(live: Live, review: Page, story_id: str, moderator: Colleague) -> None:
    review.context.clear_cookies()
    press(review, "Ask for changes")
    with live.app.app_context(), transaction():
        release_claim(db.session.get_one(Staff, moderator.id), db.session.get_one(Story, story_id))
    go_on_as(review.context, live, hire(live.app).client)
    review.goto(f"{live.url}/staff/review/{story_id}")
    press(review, "Review this story")
    expect(review.locator("#message")).to_have_value("")
    assert drafts(review) == []


def test_what_is_not_on_a_page_stays_as_it_was(live: Live, review: Page, story_id: str, moderator: Colleague) -> None:
    with live.app.app_context(), transaction():
        release_claim(db.session.get_one(Staff, moderator.id), db.session.get_one(Story, story_id))
    review.goto(f"{live.url}/staff/review/{story_id}")
    expect(review.locator("#message")).to_have_count(0)
    review.locator("summary", has_text="Write to the child").click()
    review.locator("#words").fill("How are you today?")
    press(review, "Review this story")
    assert is_as_it_was(review)
    expect(review.locator("#words")).to_have_value("How are you today?")


def test_of_another_version_the_message_stays_and_the_list_begins_anew(live: Live, review: Page, story_id: str) -> None:
    with live.app.app_context(), transaction():
        story = db.session.get_one(Story, story_id)
        derive(make_staff(), story, title="", text="Somebody works far away.", replaced={})
    press(review, "Ask for changes")
    expect(review.get_by_text("The story has changed since you opened this page.")).to_be_visible()
    expect(review.locator("#message")).to_have_value(KIND)
    expect(review.locator(".checklist input:checked")).to_have_count(0)
    press(review, "Ask for changes")
    expect(review.get_by_text("The child has your question.")).to_be_visible()


@pytest.mark.parametrize("broken", ["connection", "gateway"])
def test_it_survives_an_answer_that_never_came(live: Live, review: Page, story_id: str, broken: str) -> None:
    def break_off(route: Route) -> None:
        if broken == "connection":
            route.abort("connectionreset")
        else:
            route.fulfill(status=502, body="Bad gateway")

    review.route("**/decide*", break_off, times=1)
    review.locator('button[value="ask_changes"]').click()
    review.wait_for_timeout(500)
    review.goto(f"{live.url}/staff/review/{story_id}")
    assert is_as_it_was(review)


def test_a_double_press_sends_once(live: Live, review: Page, story_id: str) -> None:
    review.locator("summary", has_text="Write to the child").click()
    review.locator("#words").fill("How are you today?")
    with review.expect_navigation():
        review.get_by_role("button", name="Send the message").dblclick()
    assert is_as_it_was(review)
    expect(review.locator("#words")).to_have_value("")
    with live.app.app_context():
        said = [one.body for one in messages(db.session.get_one(Story, story_id))]
    assert said == ["How are you today?"]
