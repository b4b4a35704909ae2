"""The page and the frame of a campaign that was built: its parts, its languages, and what leaves with a story."""

import re
from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.campaigns.blocks import Kind, digest_of
from app.campaigns.models import Campaign
from app.campaigns.queries import blocks_of, by_slug
from app.cli.writing import transaction
from app.consent.actions import hide
from app.consent.rules import Party
from app.curation.actions import choose_hero
from app.curation.building import add_block, change_block
from app.curation.choosing import choose_story, unchoose
from app.stories.rules import Beside
from tests.factories.campaigns import make_campaign
from tests.factories.stories import TITLE
from tests.factories.wordings import put_beside
from tests.web.building import said_yes
from tests.web.public_side import change, file_names, in_campaign, say, shown

PAGE, FRAME = "/campaigns/here", "/embed/campaigns/here"
SENTENCE = "On Sundays we fly our kites at the same hour."
WHO = "curator"
FIGURE = {"value": {"en": "7"}, "words": {"en": "hens"}, "source": "We counted", "link": "https://example.org/hens"}


def make(app: Flask, build: Callable[[Campaign], None]) -> None:
    """Change the campaign, in a transaction of its own."""
    with app.app_context(), transaction():
        campaign = by_slug("here")
        assert campaign is not None
        build(campaign)


def begin(app: Flask) -> None:
    with app.app_context(), transaction():
        make_campaign(slug="here")


def quote_and_hero(campaign: Campaign, story_id: str) -> None:
    """One story, said by its own words and its picture."""
    block = next(block for block in blocks_of(campaign.id) if block.kind is Kind.STORIES)
    choose_story(WHO, campaign, block, story_id)
    quote = add_block(WHO, campaign, Kind.QUOTE)
    change_block(WHO, campaign, quote, {"story_id": story_id, "digest": digest_of(SENTENCE)})
    choose_hero(WHO, campaign, story_id)


def parts(page: str) -> list[str]:
    """The kinds of the parts that a page shows, in order."""
    return re.findall(r'class="part part--(\w+)"', page)


def test_a_story_that_is_taken_back_leaves_with_its_quote_and_its_picture(app: Flask, client: FlaskClient) -> None:
    begin(app)
    story_id = said_yes(app, "gallery", "embed", pictures=1)
    make(app, lambda campaign: quote_and_hero(campaign, story_id))
    names = file_names(app, story_id)
    for address in (PAGE, FRAME):
        page = client.get(address).text
        assert parts(page) == ["stories", "quote"]
        assert re.search(rf'href="[^"]*/stories/{story_id}"[^>]*>The whole story</a>', page)
        assert (f"<p>“{SENTENCE}”</p>" in page, "campaign-head__hero" in page) == (True, True)
    say(app, story_id, embed="no")
    assert (parts(client.get(PAGE).text), parts(client.get(FRAME).text)) == (["stories", "quote"], [])
    change(app, story_id, lambda story: hide(story, Party.CHILD))
    for address in (PAGE, FRAME):
        page = client.get(address).text
        found = [words for words in (TITLE, "kites", "campaign-head__hero", story_id, *names) if words in page]
        assert (parts(page), found) == ([], [])
        assert "No story is shown here now" in page


def test_a_picture_stands_for_a_campaign_where_the_gallery_shows_it_too(app: Flask, client: FlaskClient) -> None:
    def in_lists(story_id: str) -> list[bool]:
        names = file_names(app, story_id)
        lists = [client.get(address).text.partition("campaign-list")[2] for address in ("/campaigns", "/")]
        return [any(name in page for name in names) for page in lists]

    begin(app)
    story_id = said_yes(app, "gallery", pictures=1)
    make(app, lambda campaign: quote_and_hero(campaign, story_id))
    assert in_lists(story_id) == [True, True]
    say(app, story_id, gallery="no")
    assert "campaign-head__hero" in client.get(PAGE).text
    assert in_lists(story_id) == [False, False]
    say(app, story_id, gallery="yes")
    assert in_lists(story_id) == [True, True]
    change(app, story_id, lambda story: put_beside(story, Beside.NOTE))
    assert in_lists(story_id) == [False, False], "a picture with a content note is not shown unasked"


def test_a_story_that_only_the_campaign_shows_has_a_page_there(app: Flask, client: FlaskClient) -> None:
    begin(app)
    story_id, everywhere = said_yes(app), said_yes(app, "gallery")
    for each in (story_id, everywhere):
        make(app, lambda campaign, each=each: choose_story(WHO, campaign, blocks_of(campaign.id)[0], each))
    page = client.get(PAGE).text
    own = f"{PAGE}/stories/{story_id}"
    assert sorted(re.findall(r'class="tile" href="([^"]+)"', page)) == sorted([own, f"/stories/{everywhere}"])
    assert (client.get(own).status_code, client.get(f"/stories/{story_id}").status_code) == (200, 404)
    assert client.get(f"{PAGE}/stories/{'A' * 22}").status_code == 404
    say(app, everywhere, gallery="no")
    left = [client.get(address).status_code for address in (f"{PAGE}/stories/{everywhere}", f"/stories/{everywhere}")]
    assert left == [200, 410]
    change(app, story_id, lambda story: hide(story, Party.CHILD))
    assert client.get(own).status_code == 410


def several_parts(campaign: Campaign) -> None:
    campaign.title = {"en": "I am here", "ro": "Sunt aici"}
    campaign.text = {"en": "Listen."}
    campaign.action_link, campaign.action_until = "https://example.org/sign?a=1&b=2", clock.now().date()
    campaign.partners = [{"name": "A school", "link": "https://school.example"}]
    for kind, content in (
        (Kind.TEXT, {"heading": {"ro": "De ce"}, "text": {"ro": "Fiindcă.\n\nAtât."}}),
        (Kind.NUMBERS, {"figures": [FIGURE]}),
        (Kind.MAP, {}),
        (Kind.ACTION, {"label": {"ro": "Semnați"}}),
        (Kind.PARTNERS, {}),
        (Kind.TEXT, {}),
    ):
        change_block(WHO, campaign, add_block(WHO, campaign, kind), content)


def test_a_no_to_the_campaign_alone_says_gone_there_and_nowhere_else(app: Flask, client: FlaskClient) -> None:
    scope, story_id = in_campaign(app, "gallery")
    other = shown(app, ["gallery"])
    addresses = (f"{PAGE}/stories/{story_id}", f"{PAGE}/stories/{other}", f"/stories/{story_id}")
    assert [client.get(address).status_code for address in addresses] == [200, 404, 200]
    say(app, story_id, **{scope: "no"})
    assert [client.get(address).status_code for address in addresses] == [410, 404, 200]
    say(app, story_id, **{scope: "yes"})
    assert [client.get(address).status_code for address in addresses] == [200, 404, 200]


def test_who_is_not_chosen_any_more_did_not_take_anything_back(app: Flask, client: FlaskClient) -> None:
    _, story_id = in_campaign(app, "gallery")
    make(app, lambda campaign: unchoose(WHO, campaign, blocks_of(campaign.id)[0], story_id))
    addresses = (f"{PAGE}/stories/{story_id}", f"/stories/{story_id}")
    assert [client.get(address).status_code for address in addresses] == [404, 200]


def test_each_part_speaks_the_visitors_language_or_says_which_it_speaks(app: Flask, client: FlaskClient) -> None:
    begin(app)
    make(app, several_parts)
    romanian = client.get(f"{PAGE}?lang=ro").text
    assert parts(romanian) == ["text", "numbers", "action", "partners"]
    assert '<h1 dir="auto">Sunt aici</h1>' in romanian
    assert '<p class="lead" lang="en" dir="auto">Listen.</p>' in romanian
    assert "campaign-head__fallback" in romanian
    assert '<h2 class="part__title" dir="auto">De ce</h2>' in romanian
    english = client.get(f"{PAGE}?lang=en").text
    assert "campaign-head__fallback" not in english
    assert '<h2 class="part__title" lang="ro" dir="auto">De ce</h2>' in english
    assert '<p class="prose" lang="ro" dir="auto">Fiindcă.</p>' in english
    chinese = client.get(f"{PAGE}?lang=zh").text
    assert '<h1 lang="en" dir="auto">I am here</h1>' in chinese


def test_the_head_leads_to_the_appeal_and_each_date_says_what_ends(app: Flask, client: FlaskClient) -> None:
    begin(app)
    assert 'href="#appeal"' not in client.get(PAGE).text
    make(app, several_parts)
    day = clock.now().replace(year=2099, month=11, day=30)
    make(app, lambda campaign: setattr(campaign, "closes_at", day))
    make(app, lambda campaign: setattr(campaign, "action_until", day.date()))
    page = client.get(f"{PAGE}?lang=en").text
    assert (page.count('href="#appeal"'), page.count('id="appeal"')) == (1, 1)
    assert re.findall(r"\w+ until 30 November 2099", page) == [
        "show until 30 November 2099",
        "Open until 30 November 2099",
    ]
    assert 'href="#appeal"' not in client.get(FRAME).text


def test_links_lead_out_without_telling_where_from(app: Flask, client: FlaskClient) -> None:
    begin(app)
    make(app, several_parts)
    outward = r'<a[^>]* href="(https://(?!127)[^"]+)" rel="noopener noreferrer"( target="_blank")?>'
    links = ["https://example.org/hens", "https://example.org/sign?a=1&amp;b=2", "https://school.example"]
    assert re.findall(outward, client.get(PAGE).text) == [(link, "") for link in links]
    assert re.findall(outward, client.get(FRAME).text) == [(link, ' target="_blank"') for link in links]


def test_countries_are_counted_when_ten_children_live_in_each_of_two(app: Flask, client: FlaskClient) -> None:
    begin(app)
    ids = [said_yes(app, "research_counts", country=code) for code in ["LV"] * 10 + ["MD"] * 9]

    def choose(campaign: Campaign) -> None:
        if not any(block.kind is Kind.MAP for block in blocks_of(campaign.id)):
            add_block(WHO, campaign, Kind.MAP)
        for story_id in ids:
            choose_story(WHO, campaign, blocks_of(campaign.id)[0], story_id)

    make(app, choose)
    assert "countries__bar" not in client.get(PAGE).text
    ids[:] = [said_yes(app, "research_counts", country="MD")]
    make(app, choose)
    page = client.get(PAGE).text
    counted = re.search(r'<ul class="countries">(.*?)</ul>', page, re.DOTALL)
    assert counted is not None
    assert " ".join(re.sub(r"<[^>]+>", " ", counted[1]).split()) == "Latvia 10 children Moldova 10 children"
    assert "Numbers of fewer than ten children are not told" in page


def test_a_campaign_that_is_over_says_so_in_its_frame_too(app: Flask, client: FlaskClient) -> None:
    begin(app)
    make(app, several_parts)
    make(app, lambda campaign: setattr(campaign, "closes_at", clock.now() + timedelta(days=1)))
    with clock.fixed(clock.now() + timedelta(days=2)):
        for address in (PAGE, FRAME):
            page = client.get(address).text
            assert ("This campaign is over" in page, parts(page)) == (True, [])
        assert "I am here" not in client.get("/campaigns").text
