"""On another site, under that site's strict policy: frames, the web component, and what stands in their place."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app import clock
from app.cli.writing import transaction
from app.extensions import db
from app.people.rules import Locale
from app.stories.models import Story
from app.stories.rules import Beside
from app.stories.wordings import refuse_words
from tests.browser import actors
from tests.browser.keyboard import tab_to
from tests.factories.campaigns import make_campaign
from tests.factories.media import photograph, webp
from tests.factories.stories import TEXT, make_shown
from tests.factories.wordings import CAPTION, WORDS, put_beside
from tests.services.chromium import Visitor, axe_violations
from tests.services.live import Live
from tests.services.other_site import OtherSite
from tests.web.public_side import change, choose, say, shown

STRICT = (
    "default-src 'none'; script-src {0}; connect-src {0}; img-src {0}; media-src {0}; frame-src {0}; "
    "style-src 'self'; require-trusted-types-for 'script'"
)
NOTE = WORDS[Beside.NOTE]["text"]
PLACES = ("gallery", "embed")
TITLE = "<img src=x onerror=alert(1)> & a kite"
LINK = '<a href="/ours">Read it there</a>'


@pytest.fixture
def live(start_live: Callable[..., Live]) -> Live:
    """In a demo a site of this machine may hold what every site may."""
    return start_live(demo=True)


def campaigns(app: Flask, *, allowed: str) -> str:
    """Two campaigns, one of which the other site may hold; the id of a story in that one."""
    with app.app_context(), transaction():
        campaign_id = make_campaign(slug="ours", embedding_sites=[allowed]).id
        make_campaign(slug="theirs", embedding_sites=["https://partner.example"])
    story_id = shown(app, [f"campaign:{campaign_id}", *PLACES], title=TITLE)
    choose(app, campaign_id, story_id)
    return story_id


def component(live: Live, attributes: str) -> str:
    """What somebody pastes who wants no frame."""
    script = f'<script type="module" src="{live.url}/embed.js"></script>'
    return f'{script}<eyes-on-me {attributes}>{LINK}</eyes-on-me><a href="/after">After</a>'


def look(page: Page, site: OtherSite, snippet: str) -> None:
    site.snippet = snippet
    page.goto(site.url)


@pytest.mark.timeout(240)
def test_stories_stand_on_another_site_and_leave_it(
    live: Live, other_site: OtherSite, new_visitor: Callable[..., Visitor]
) -> None:
    story_id = campaigns(live.app, allowed=other_site.url)
    other_site.policy = STRICT.format(live.url)
    visitor = new_visitor(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = visitor.page()

    copy_lines(page, live, story_id)
    frame_in_place(page, live, other_site)
    component_in_place(page, live, other_site, story_id)

    say(live.app, story_id, embed="no")
    look(page, other_site, component(live, f'story="{story_id}" lang="en"'))
    expect(page.locator("eyes-on-me p")).to_have_text("This was here, and was taken back. That is how it should be.")
    look(page, other_site, component(live, 'campaign="ours" lang="en"'))
    expect(page.locator("eyes-on-me p", has_text="No story is shown here now")).to_be_visible()
    other_site.snippet = f'<iframe src="{live.url}/embed/stories/{story_id}?lang=en"></iframe>'
    page.goto(other_site.url)
    expect(actors.frame(page).get_by_role("heading")).to_have_text("This story has been taken back")
    look(page, other_site, component(live, 'campaign="theirs" lang="en"'))
    expect(page.locator("eyes-on-me iframe")).not_to_have_attribute("height", "0")
    expect(page.frames[1].get_by_role("heading")).to_have_text("Not in this frame")
    assert visitor.context.cookies() == []


def copy_lines(page: Page, live: Live, story_id: str) -> None:
    """The page that makes the lines follows its form, is clean for axe, and hands the lines over."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live.url)
    page.goto(f"{live.url}/embed?what=selection")
    page.get_by_label("Look").select_option("dark")
    expect(page.locator("#component")).to_have_value(
        f'<script type="module" src="{live.url}/embed.js"></script>\n<eyes-on-me selection="newest" theme="dark">\n'
        f'  <a href="{live.url}/gallery">Stories of children whose parents work far away</a>\n</eyes-on-me>'
    )
    assert page.url.endswith("&count=6&look=dark")
    expect(actors.frame(page).locator(".tile")).to_have_count(1)
    page.locator("[data-copy='#frame']").click()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#frame").input_value()
    for address in ("/embed?what=campaign", f"/embed/stories/{story_id}?accent=ffd166", "/embed/stories?look=dark"):
        page.goto(f"{live.url}{address}")
        assert axe_violations(page) == [], address


def frame_in_place(page: Page, live: Live, site: OtherSite) -> None:
    """A frame grows to what it holds; one that this site may not hold says where to look."""
    script = f'<script type="module" src="{live.url}/embed.js"></script>'
    sandbox = 'sandbox="allow-scripts allow-popups" referrerpolicy="strict-origin" title="Stories" height="50"'
    look(page, site, f'<iframe src="{live.url}/embed/campaigns/ours" {sandbox}></iframe>{script}')
    expect(actors.frame(page).locator(".tile")).to_have_count(1)
    expect(page.locator("iframe")).not_to_have_attribute("height", "50")
    inside = page.frames[1].evaluate("document.documentElement.getBoundingClientRect().height")
    assert int(page.locator("iframe").get_attribute("height") or 0) == pytest.approx(inside, abs=1)
    look(page, site, f'<iframe src="{live.url}/embed/campaigns/theirs?lang=en" {sandbox}></iframe>')
    expect(actors.frame(page).get_by_role("heading")).to_have_text("Not in this frame")
    expect(actors.frame(page).locator(f'a[href="{live.url}/campaigns/theirs"]')).to_be_visible()


@pytest.mark.timeout(240)
def test_a_component_reads_a_story_in_two_languages(
    live: Live, other_site: OtherSite, new_visitor: Callable[..., Visitor]
) -> None:
    with live.app.app_context(), transaction():
        story = make_shown(
            [*PLACES, "translate"], sounds=1, own_voice=True, locale=Locale.ZH, title="风筝", text="我想妈妈。"
        )
        put_beside(story, Beside.TRANSLATION, Locale.RO)
        told = put_beside(story, Beside.TRANSCRIPT, cues=[[0, 900, "妈妈，"], [900, 1_800, "晚上好。"]]).id
        put_beside(story, Beside.TRANSCRIPT, Locale.RO, cues=[[0, 900, "Bună seara,"], [900, 1_800, "mamă."]])
        story_id = story.id
    page = new_visitor(viewport={"width": 1280, "height": 900}).page()
    for language, said in (("ro", ["Zmeul", "Mama lucrează departe.", "Bună seara, mamă."]), ("it", [])):
        look(page, other_site, component(live, f'story="{story_id}" lang="{language}"'))
        inside = page.locator("eyes-on-me article")
        expect(inside.locator("h2")).to_have_text("风筝")
        words = inside.text_content() or ""
        assert [each for each in ("我想妈妈。", "妈妈，晚上好。", *said) if each not in words] == []
        assert inside.locator(".twofold").count() == (2 if said else 0)
        assert axe_violations(page) == []
    with live.app.app_context(), transaction():
        refuse_words(db.session.get_one(Story, story_id), told)
    look(page, other_site, component(live, f'story="{story_id}" lang="ro"'))
    left = page.locator("eyes-on-me .transcript .story__text")
    expect(left).to_have_text("Bună seara, mamă.")
    expect(left).to_have_attribute("lang", "ro")


def test_a_wall_of_one_column_is_no_wider_than_its_pictures(
    live: Live, other_site: OtherSite, new_visitor: Callable[..., Visitor]
) -> None:
    shown(live.app, list(PLACES))
    page = new_visitor(viewport={"width": 1280, "height": 900}).page()
    look(page, other_site, component(live, 'selection="newest" columns="1"'))
    expect(page.locator("eyes-on-me .tile")).to_have_count(1)
    assert page.locator("eyes-on-me .tile").evaluate("tile => tile.getBoundingClientRect().width") <= 22 * 16


def component_in_place(page: Page, live: Live, site: OtherSite, story_id: str) -> None:
    """The component is part of the page, for axe and for the keyboard too; the link in it is not seen any more."""
    look(page, site, component(live, f'story="{story_id}" theme="dark" accent="ffd166"'))
    expect(page.locator("eyes-on-me h2")).to_have_text(TITLE)
    expect(page.locator("eyes-on-me").get_by_text(TEXT)).to_be_visible()
    expect(page.locator("eyes-on-me > a")).not_to_be_visible()
    assert page.locator("eyes-on-me img").count() == 0  # the title is words, whatever it looks like
    assert axe_violations(page) == []
    paper = page.locator("eyes-on-me [data-look]").evaluate("element => getComputedStyle(element).backgroundColor")
    assert paper == "rgb(18, 24, 42)"
    look(page, site, component(live, 'campaign="ours" columns="2" lang="ro"'))
    expect(page.locator("eyes-on-me h2")).to_have_text("Campania ours")
    tile = page.locator(f'eyes-on-me a[href="{live.url}/stories/{story_id}?lang=ro"]')
    expect(tile).to_have_count(1)
    page.keyboard.press("Tab")
    assert tile.evaluate("link => link.getRootNode().activeElement === link")
    tab_to(page, "a[href='/after']")
    with live.app.app_context(), transaction():
        put_beside(db.session.get_one(Story, story_id), Beside.NOTE)
    look(page, site, component(live, 'campaign="ours" lang="en"'))
    expect(page.locator("eyes-on-me .tile__note")).to_have_text(NOTE)
    look(page, site, component(live, f'story="{story_id}" lang="en"'))
    expect(page.locator("eyes-on-me summary")).to_contain_text(NOTE)
    expect(page.locator("eyes-on-me").get_by_text(TEXT)).not_to_be_visible()
    page.locator("eyes-on-me summary").click()
    expect(page.locator("eyes-on-me").get_by_text(TEXT)).to_be_visible()


def test_a_component_says_what_a_picture_shows_and_when_a_campaign_is_over(
    live: Live, other_site: OtherSite, new_visitor: Callable[..., Visitor]
) -> None:
    with live.app.app_context(), transaction():
        past = clock.now() - timedelta(days=1)
        make_campaign(slug="past", opens_at=past - timedelta(days=1), closes_at=past, embedding_sites=[other_site.url])
    story_id = shown(live.app, PLACES, pictures=1)
    change(live.app, story_id, lambda story: put_beside(story, Beside.CAPTION, Locale.RO))
    page = new_visitor().page()
    page.route("**/media/**", lambda route: route.fulfill(body=webp(photograph()), content_type="image/webp"))
    drawn = page.locator("eyes-on-me img")
    for language, mark in (("ro", None), ("it", "ro")):
        for attributes in (f'story="{story_id}"', 'selection="newest"'):
            look(page, other_site, component(live, f'{attributes} lang="{language}"'))
            expect(drawn).to_have_attribute("alt", CAPTION)
            assert drawn.get_attribute("lang") == mark
    look(page, other_site, component(live, 'campaign="past" lang="en"'))
    expect(page.locator("eyes-on-me p", has_text="over")).to_have_text(
        "This campaign is over. Thank you for looking. Its stories are no longer shown here."
    )
    expect(page.locator("eyes-on-me p a")).to_have_attribute("href", f"{live.url}/campaigns/past?lang=en")


def test_where_ours_cannot_be_the_links_stay(
    live: Live, other_site: OtherSite, new_visitor: Callable[..., Visitor]
) -> None:
    story_id = shown(live.app, PLACES, title=TITLE, pictures=1)  # whose pictures are no pictures: they cannot be drawn
    without = new_visitor(java_script_enabled=False).page()
    look(without, other_site, component(live, f'story="{story_id}"'))
    expect(without.get_by_text("Read it there")).to_be_visible()

    visitor = new_visitor()
    page = visitor.page()
    look(page, other_site, component(live, f'story="{story_id}"'))
    expect(actors.frame(page).locator("h1")).to_have_text(TITLE)
    expect(page.get_by_text("Read it there")).not_to_be_visible()
    look(page, other_site, component(live, f'story="{"A" * 22}" lang="en"'))
    expect(actors.frame(page).locator("h1")).to_have_text("There is nothing here")
    assert visitor.wrong == []

    other_site.policy = f"default-src 'none'; script-src {live.url}"
    look(page, other_site, component(live, f'story="{story_id}"'))
    expect(page.locator("eyes-on-me iframe")).to_have_count(0)
    expect(page.get_by_text("Read it there")).to_be_visible()
    assert len(visitor.wrong) >= 2
    visitor.wrong.clear()
