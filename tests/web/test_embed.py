"""A campaign, on its own page and in other sites' frames: only what said yes to both, and only while it lasts."""

import re
from datetime import timedelta
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.campaigns.models import Campaign
from app.cli.writing import transaction
from app.extensions import db
from tests.factories.campaigns import make_campaign
from tests.factories.stories import TITLE
from tests.web.public_side import PARTNER, file_names, in_campaign, say

PAGE, FRAME = "/campaigns/here", "/embed/campaigns/here"


def ancestors(client: FlaskClient, address: str) -> str:
    policy = client.get(address).headers["Content-Security-Policy"]
    return next(part.strip() for part in policy.split(";") if part.strip().startswith("frame-ancestors"))


def test_only_allowed_sites_may_frame_it(app: Flask, client: FlaskClient) -> None:
    in_campaign(app, "embed")
    assert ancestors(client, FRAME) == f"frame-ancestors 'self' {PARTNER}"
    response = client.get(FRAME)
    assert "X-Frame-Options" not in response.headers
    assert "Set-Cookie" not in response.headers
    assert len(re.findall('<script type="module" src="/static/dist/frame-[^"]+"></script>', response.text)) == 1
    assert response.text.count("<script") == 1
    with app.app_context(), transaction():
        make_campaign(slug="nobody")
    assert ancestors(client, "/embed/campaigns/nobody") == "frame-ancestors 'self'"


def test_a_frame_shows_what_said_yes_to_the_campaign_and_to_other_sites(app: Flask, client: FlaskClient) -> None:
    _, story_id = in_campaign(app, "embed")
    assert TITLE in client.get(PAGE).text
    assert TITLE in client.get(FRAME).text
    say(app, story_id, embed="no")
    assert TITLE in client.get(PAGE).text
    assert TITLE not in client.get(FRAME).text


def test_a_no_empties_page_frame_and_files_at_once(app: Flask, client: FlaskClient) -> None:
    scope, story_id = in_campaign(app, "embed")
    names = file_names(app, story_id)
    assert [client.get(f"/media/{name}").status_code for name in names] == [200] * 6
    say(app, story_id, **{scope: "no", "embed": "no"})
    for address in (PAGE, FRAME):
        response = client.get(address)
        assert response.status_code == 200
        assert TITLE not in response.text
        assert not any(name in response.text for name in names)
    assert [client.get(f"/media/{name}").status_code for name in names] == [410] * 6


def test_a_campaign_has_its_dates(app: Flask, client: FlaskClient) -> None:
    in_campaign(app, "embed")
    with app.app_context(), transaction():
        campaign = db.session.scalars(select(Campaign)).one()
        opens = campaign.opens_at
        campaign.closes_at = clock.now() + timedelta(days=30)
    for address in (PAGE, FRAME):
        with clock.fixed(opens - timedelta(seconds=1)):
            assert client.get(address).status_code == 404
        with clock.fixed(clock.now() + timedelta(days=31)):
            over = client.get(address)
            assert over.status_code == 200
            assert TITLE not in over.text
    with clock.fixed(clock.now() + timedelta(days=31)):
        assert "This campaign is over" in client.get(PAGE).text


def test_the_snippet_embeds_this_campaign(app: Flask, client: FlaskClient) -> None:
    in_campaign(app, "embed")
    page = unescape(client.get(PAGE).text)
    frame = re.search(r'<iframe[^>]*src="http://127\.0\.0\.1:8000([^"]+)"[^>]*>', page)
    assert frame is not None
    assert unescape(frame[1]).partition("?")[0] == FRAME
    assert client.get(unescape(frame[1])).status_code == 200
    assert "<script" not in frame[0]


def test_campaigns_nobody_made_are_not_found(client: FlaskClient) -> None:
    for slug in ("nothing", "%00", "..%2f", "A" * 300, "😀"):
        assert client.get(f"/campaigns/{slug}").status_code == 404
        assert client.get(f"/embed/campaigns/{slug}").status_code == 404
