"""JavaScript off: a child tells, a guardian answers, and everybody looks at what came of it."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.campaigns.actions import choose_stories
from app.campaigns.models import Campaign
from app.cli.writing import transaction
from app.extensions import db
from app.release.publishing import publish
from app.stories.models import Story
from tests.browser import actors
from tests.browser.finishing import finish_decoding
from tests.factories.campaigns import make_campaign
from tests.factories.media import jpeg, photograph, recording
from tests.factories.stories import approve
from tests.services.chromium import Visitor
from tests.services.live import Live


def test_the_whole_way_without_script(
    start_live: Callable[..., Live], new_visitor: Callable[..., Visitor], tmp_path: Path
) -> None:
    live = start_live(cooling_off_minutes=0)
    with live.app.app_context(), transaction():
        campaign_id = make_campaign(slug="hear-us").id
    drawing, voice = tmp_path / "drawing.jpg", tmp_path / "voice.m4a"
    drawing.write_bytes(jpeg(photograph(300, 200)))
    voice.write_bytes(recording("m4a"))
    yes = dict.fromkeys(["gallery", f"campaign:{campaign_id}"], "yes") | {"voice": "own"}

    child = new_visitor(java_script_enabled=False, viewport={"width": 360, "height": 740}).page()

    def bring(page: Page) -> None:
        page.set_input_files('input[name="pictures"]', drawing)
        page.set_input_files('input[name="recording"]', voice)

    card = actors.tell(child, live.url, bring, yes)
    with live.app.app_context():
        finish_decoding(30)
    guardian = new_visitor(java_script_enabled=False).page()
    actors.answer_as_guardian(guardian, card.link, yes)
    actors.confirm_as_guardian(guardian, actors.fresh_link(live))
    with live.app.app_context():
        with transaction():
            story = db.session.scalars(select(Story)).one()
            choose_stories("cli", db.session.get_one(Campaign, campaign_id), [story.id])
            approve(story)
            story_id = story.id
        publish(story_id)

    visitor = new_visitor(java_script_enabled=False, viewport={"width": 1280, "height": 900}).page()
    for page in ("/gallery", "/campaigns/hear-us"):
        visitor.goto(f"{live.url}{page}")
        expect(visitor.locator(".tile")).to_have_count(1)
    visitor.locator(f'a[href="/stories/{story_id}"]').first.click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text(actors.TITLE)
    assert visitor.locator("picture img").first.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    sounds = visitor.locator("audio[controls] source").evaluate_all("all => all.map(each => [each.src, each.type])")
    assert sorted(kind for _, kind in sounds) == ["audio/mp4", "audio/webm"]
    assert [visitor.request.get(src).headers["content-type"] for src, _ in sounds] == [kind for _, kind in sounds]

    actors.open_with_card(child, live.url, card)
    actors.press(child, "Hide my story")
    visitor.goto(f"{live.url}/gallery")
    expect(visitor.locator(".tile")).to_have_count(0)
