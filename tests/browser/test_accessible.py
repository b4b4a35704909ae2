"""Each kind of page: nothing for axe to say in either look and at either width, and the keyboard is enough."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.campaigns.models import Campaign
from app.cli.seed_reach import add_reach
from app.cli.writing import transaction
from app.extensions import db
from app.moderation.models import Review
from app.people.permissions import Role
from app.stories.lifecycle import State
from app.stories.models import Story
from app.web.guard import CHILD_STORYTELLER
from tests.browser.cookies import go_on_as
from tests.browser.keyboard import tab_to
from tests.factories.stories import make_submitted
from tests.house.canaries import Planted, plant
from tests.services.chromium import AXE, Visitor, axe_violations
from tests.services.live import Live
from tests.web.reviewing import at, claimed
from tests.web.team import hire
from tests.web.telling import Child

VIEWS: tuple[tuple[int, str, tuple[str, ...]], ...] = (
    (360, "light", ()),
    (360, "dark", ("color-contrast",)),
    (1280, "dark", ()),
    (1280, "light", ("color-contrast",)),
)
"""Width, look, and the rules of axe where not all: only colours depend on the look, so each width and each look has
all of them once."""


@pytest.fixture(scope="module")
def live(shared_live: Live) -> Live:
    """One for all tests here."""
    return shared_live


@pytest.fixture
def planted(live: Live) -> dict[str, Planted]:
    """A story in each state."""
    return plant(live.app)


def pages(live: Live, planted: dict[str, Planted]) -> dict[str, tuple[FlaskClient | None, list[str]]]:
    """Each kind of visitor with the session they have, and the pages they open."""
    own, case = planted["own"], planted["held"].parts["/staff/cases"]["case_id"]
    telling, sent = Child(live.app.test_client()), Child(live.app.test_client())
    telling.fill()
    sent.tell()
    child = live.app.test_client()
    with child.session_transaction() as session:
        session[CHILD_STORYTELLER] = own.storyteller_id
    lead = hire(live.app, Role.SAFEGUARDING_LEAD)
    claimed(lead, planted["pending"].story_id)
    link = f"/consent/{own.parts['/consent']['token']}?lang=en"
    shown = f"/stories/{planted['shown'].story_id}"
    built = planted["shown"].parts["/staff/campaigns"]
    builder, block = f"/staff/campaigns/{built['campaign_id']}", built["block_id"]
    words, written = f"/staff/words/{planted['shown'].story_id}", planted["shown"].parts["/staff/words"]["wording_id"]
    with live.app.app_context(), transaction():
        add_reach(db.session.scalars(select(Campaign)).one())
    return {
        "visitor": (
            None,
            [
                *("/", "/gallery", shown, "/campaigns/here", "/embed/campaigns/here", "/about", "/help", "/api/v1/"),
                "/nowhere",
                *(f"/campaigns/here/{output}" for output in ("exhibition", "print", "press", "brief")),
            ],
        ),
        "telling": (telling.client, ["/tell", *(f"/tell/{step}" for step in ("story", "about", "answers", "look"))]),
        "sent": (sent.client, ["/tell/card"]),
        "child": (child, [f"/my-story/{page}" for page in ("home", "answers", "change", "erase", "need-help")]),
        "nobody": (None, ["/my-story", "/staff/login", link]),
        "lead": (lead.client, ["/staff/", "/staff/review", at(planted["pending"].story_id), f"/staff/cases/{case}"]),
        "curator": (
            hire(live.app, Role.CURATOR).client,
            [
                *(builder, f"{builder}/settings", f"{builder}/blocks/{block}"),
                *("/staff/words", words, f"{words}/check/{written}", "/staff/impact"),
            ],
        ),
        "administrator": (hire(live.app, Role.ADMINISTRATOR).client, ["/staff/audit"]),
    }


def change(page: Page, width: int, look: str) -> None:
    """Look at the page at this width and in this look, if it is not seen so already."""
    if page.viewport_size != {"width": width, "height": 900}:
        page.set_viewport_size({"width": width, "height": 900})
    if page.evaluate("look => !matchMedia(`(prefers-color-scheme: ${look})`).matches", look):
        page.emulate_media(color_scheme=look)  # type: ignore[arg-type]
    assert page.evaluate("innerWidth") == width


@pytest.mark.timeout(240)
def test_axe_finds_nothing(live: Live, planted: dict[str, Planted], new_visitor: Callable[..., Visitor]) -> None:
    said = {}
    for client, addresses in pages(live, planted).values():
        visitor = new_visitor()  # without motion: else axe would measure colours on their way
        if client is not None:
            go_on_as(visitor.context, live, client)
        visitor.context.add_init_script(path=AXE)
        page, views = visitor.page(), VIEWS[:]
        for address in addresses:
            answered = page.goto(f"{live.url}{address}")
            assert answered is not None, address
            assert answered.ok == (address != "/nowhere"), address
            for width, look, rules in views:
                change(page, width, look)
                said[f"{address} {width} {look}"] = axe_violations(page, *rules)
            views = views[::-1]  # the next page is looked at first as this one was last
    assert len(said) == len(VIEWS) * 39
    assert {view: wrong for view, wrong in said.items() if wrong} == {}


def test_axe_would_find_something(page: Page) -> None:
    page.set_content('<html lang="en"><title>t</title><main><h1>h</h1><p style="color:#ccc">pale</p><input></main>')
    assert [each.partition(":")[0] for each in axe_violations(page)] == ["color-contrast", "label"]


def test_the_keyboard_alone_tells_who_i_am(live: Live, new_visitor: Callable[..., Visitor]) -> None:
    child = Child(live.app.test_client())
    child.begin()
    visitor = new_visitor(viewport={"width": 360, "height": 740})
    go_on_as(visitor.context, live, child.client)
    page = visitor.page()
    page.goto(f"{live.url}/tell/about")
    tab_to(page, "[name=invented_name]")
    page.keyboard.type("Lantern")
    tab_to(page, "[name=age_band]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    tab_to(page, "[name=country]")
    page.keyboard.type("Roma")
    tab_to(page, "button[name=go][value=next]")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live.url}/tell/helper")
    page.goto(f"{live.url}/tell/look")
    for words in ("Lantern", "Romania", "10"):
        expect(page.locator("main")).to_contain_text(words)


def test_the_keyboard_alone_decides(live: Live, new_visitor: Callable[..., Visitor]) -> None:
    with live.app.app_context(), transaction():
        story_id = make_submitted().id
    visitor = new_visitor(viewport={"width": 1280, "height": 900})
    go_on_as(visitor.context, live, hire(live.app).client)
    page = visitor.page()
    page.goto(f"{live.url}{at(story_id)}")
    tab_to(page, 'button[formaction$="/claim"], form[action$="/claim"] button')
    page.keyboard.press("Enter")
    expect(page.locator(".checklist fieldset")).to_have_count(20)
    for line in page.locator(".checklist fieldset input[value=fine]").all():
        tab_to(page, f'[name="{line.get_attribute("name")}"]')
        page.keyboard.press("Space")
    tab_to(page, "[name=themes]")
    page.keyboard.press("Space")
    tab_to(page, "button[name=decision][value=approve]")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live.url}/staff/review")
    with live.app.app_context():
        assert db.session.get_one(Story, story_id).state is State.APPROVED
        review = db.session.scalars(select(Review).where(Review.story_id == story_id)).one()
        assert set(review.marks.values()) == {"fine"}
