"""A story, a guardian and a message made of script, in a real browser: nothing runs and no policy is broken (R8)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from app import clock
from app.campaigns.actions import choose_stories
from app.cli.writing import transaction
from app.extensions import db
from app.people.actions import issue_link
from app.people.permissions import Role
from app.people.rules import AgeBand
from app.safeguarding.actions import open_case
from app.safeguarding.rules import Level
from app.stories import actions as telling
from app.stories.models import Story
from app.stories.rules import Author
from app.web.guard import CHILD_STORYTELLER
from tests.browser.cookies import go_on_as
from tests.factories.campaigns import make_campaign
from tests.factories.people import describe_child, make_guardian
from tests.factories.stories import (
    LONG_AGO,
    add_picture,
    add_sound,
    approve,
    begin_story,
    child_says,
    guardian_says,
    yes_to,
)
from tests.services.chromium import Visitor
from tests.services.live import Live
from tests.web.reviewing import at
from tests.web.team import hire

NAME = "\"'><img src=x onerror=canary()>"
TITLE = f"<script>canary()</script>{NAME}"
FRAME = "<iframe srcdoc='<script>parent.canary()</script>'></iframe>"
TEXT = f"{TITLE}</textarea><svg onload=canary()>{FRAME}{{{{canary()}}}}"

Visit = Callable[[], Visitor]


@pytest.fixture
def called() -> list[str]:
    """The pages in which what was written ran."""
    return []


@pytest.fixture
def visit(new_visitor: Callable[..., Visitor], called: list[str]) -> Visit:
    """A browser in whose pages `canary()` can be called."""

    def open_context() -> Visitor:
        visitor = new_visitor()
        visitor.context.expose_binding("canary", lambda source: called.append(source["page"].url))
        return visitor

    return open_context


def shown() -> tuple[str, str, str]:
    """A story that is shown everywhere: its id, its child's, and its guardian's token."""
    with clock.fixed(clock.now() - LONG_AGO):
        campaign = make_campaign(slug="here")
        story = begin_story(title=TITLE, text=TEXT)
        describe_child(story.storyteller, AgeBand.TEN_TO_TWELVE, "RO", NAME, NAME)
        add_picture(story)
        add_sound(story)
        yes = yes_to(["gallery", "embed", f"campaign:{campaign.id}"], own_voice=True)
        child_says(story, yes)
        telling.submit(story, Role.CHILD)
        guardian = make_guardian(story.storyteller, name=NAME)
        guardian_says(story, guardian, yes)
        for author in Author:
            telling.say(story, author, TEXT)
        approve(story)
    choose_stories("cli", campaign, [story.id])
    return story.id, story.storyteller_id, issue_link(guardian, story.id, keep_readable=True)


def look(visitor: Visitor, live: Live, *addresses: str) -> None:
    """Open each address and find the words that were written there, as they were written."""
    page = visitor.page()
    for address in addresses:
        page.goto(f"{live.url}{address}", wait_until="load")
        expect(page.locator("body")).to_contain_text(NAME)


def test_nothing_that_was_written_runs(live: Live, visit: Visit, called: list[str]) -> None:
    lead, child = hire(live.app, Role.SAFEGUARDING_LEAD), visit()
    with live.app.app_context(), transaction():
        story_id, storyteller_id, token = shown()
    link = f"/consent/{token}"
    public = ("/", "/gallery", f"/stories/{story_id}", "/campaigns/here", "/embed/campaigns/here")
    frames = (f"/embed/stories/{story_id}", "/embed/stories", f"/embed?what=story&story={story_id}")
    look(visit(), live, *public, *frames, f"{link}?lang=en", f"{link}/receipt?lang=en")
    with live.app.test_client() as browser:
        with browser.session_transaction() as session:
            session[CHILD_STORYTELLER] = storyteller_id
        go_on_as(child.context, live, browser)
    look(child, live, "/my-story/home", "/my-story/look")
    with live.app.app_context(), transaction():
        case = open_case(lead.id, db.session.get_one(Story, story_id), Level.AMBER, TEXT)
        case_id = case.id
    staff = visit()
    go_on_as(staff.context, live, lead.client)
    look(staff, live, at(story_id), f"/staff/cases/{case_id}")
    assert called == []


def test_the_same_words_would_run_on_a_careless_page(visit: Visit, called: list[str]) -> None:
    page = visit().page()
    page.set_content(f"<h1>{TITLE}</h1><p>{TEXT}</p>")
    page.wait_for_function("document.images.length > 0 && [...document.images].every(image => image.complete)")
    assert len(called) >= 4
