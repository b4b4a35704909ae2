"""Where a story is met, its title stands a second time in the page's language, once a second speaker has checked it."""

import re
from collections.abc import Mapping

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.people.rules import Locale
from app.stories.rules import Beside
from tests.factories.stories import TITLE
from tests.factories.wordings import put_beside, write_beside
from tests.web.public_side import change, in_campaign, say

PAGE = "/campaigns/here"
WHERE = {
    "/": "tile__other",
    "/gallery": "tile__other",
    "/gallery?q=zmeul": "tile__other",
    PAGE: "tile__other",
    f"{PAGE}/exhibition": "slide__other",
    f"{PAGE}/print": "hung__other",
    "/embed/stories": "tile__other",
    f"/embed{PAGE}": "tile__other",
}


def other_titles(client: FlaskClient, language: str, where: Mapping[str, str]) -> list[str]:
    """Every second title on these pages, each with its element's class and language, once for each page."""
    found = []
    for address in where:
        page = client.get(address, headers={"Accept-Language": language}).text
        assert address.endswith("zmeul") or TITLE in page
        found += sorted(set(re.findall(r'class="(\w+__other" lang="\w+"><bdi>[^\n]*</bdi>)', page)))
    return found


@pytest.fixture
def story_id(app: Flask) -> str:
    """A story of everywhere."""
    return in_campaign(app, "gallery", "embed", "print", "translate")[1]


def test_a_checked_title_stands_below_the_childs_own(app: Flask, client: FlaskClient, story_id: str) -> None:
    own = [*WHERE, f"/embed/stories/{story_id}"]
    where = WHERE | {own[-1]: "story__other"}
    change(app, story_id, lambda story: write_beside(story, Beside.TRANSLATION, Locale.RO))
    assert other_titles(client, "ro", where) == []
    change(app, story_id, lambda story: put_beside(story, Beside.TRANSLATION, Locale.RO))
    printed = other_titles(client, "ro", where)
    assert [title.replace("<mark>", "").replace("</mark>", "") for title in printed] == [
        f'{name}" lang="ro"><bdi>Zmeul</bdi>' for name in where.values()
    ]
    assert printed[2] == 'tile__other" lang="ro"><bdi><mark>Zmeul</mark></bdi>'
    assert other_titles(client, "en", where) == other_titles(client, "zh", where) == []
    say(app, story_id, translate="no")
    assert other_titles(client, "ro", {address: "" for address in own if not address.endswith("zmeul")}) == []
    assert "Zmeul" not in client.get("/gallery?q=zmeul", headers={"Accept-Language": "ro"}).text
