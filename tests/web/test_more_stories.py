"""What stands below a story: others of its theme, and the line that is printed beside it."""

import re

from flask import Flask
from flask.testing import FlaskClient

from app.curation.worded import find
from app.curation.wording import set_themes
from app.people.permissions import Role
from tests.factories.people import make_staff
from tests.web.public_side import change, in_campaign, say, shown


def on(page: str) -> list[str]:
    """The stories whose tiles a page has, in order."""
    return re.findall(r'class="tile" href="/stories/([\w-]{22})"', page)


def more(client: FlaskClient, story_id: str) -> list[str]:
    """The stories below a story."""
    return on(client.get(f"/stories/{story_id}").text)


def test_others_of_its_first_theme_stand_below_a_story(app: Flask, client: FlaskClient) -> None:
    alike, others = [shown(app) for _ in range(6)], [shown(app) for _ in range(3)]
    for story_id in alike:
        change(app, story_id, lambda story: set_themes(make_staff(Role.CURATOR), find(story.id), ["heard"]))
    wall = on(client.get("/gallery?theme=heard").text)
    assert sorted(wall) == sorted(alike)
    for story_id in wall:
        assert more(client, story_id) == [other for other in wall if other != story_id][:3]
    page = client.get(f"/stories/{wall[0]}").text
    assert '<a href="/gallery?theme=heard">All stories: Being heard</a>' in page
    say(app, wall[1], gallery="no")
    assert more(client, wall[0]) == wall[2:5]
    say(app, wall[2], gallery="no")
    for story_id in (wall[0], others[0]):  # four stories, and three, are too few to be shown on their own
        assert "More stories" not in client.get(f"/stories/{story_id}").text


def test_the_line_beside_a_story_is_ready_to_copy(app: Flask, client: FlaskClient) -> None:
    _, story_id = in_campaign(app)
    own, other = f"/campaigns/here/stories/{story_id}", f"/stories/{shown(app)}"
    for address in (own, other):
        page = client.get(f"{address}?lang=en").text
        credit = re.findall(r'<span id="credit" dir="auto">([^<]*)</span>', page)
        who = re.findall(r'class="label__name" lang="en">([^<]*)<', page)[0]
        assert credit == [f"{who} · 10 to 12 years · Romania · Eyes on Me · http://127.0.0.1:8000{address}"]
        assert 'data-copy="#credit" data-copied="Copied" hidden' in page
