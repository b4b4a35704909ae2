"""Somebody who has already come a long way, at a browser: what they did before was sent without one."""

from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext

from tests.services.live import Live

COOKIE = "eyes"


def go_on_as(context: BrowserContext, live: Live, client: FlaskClient) -> None:
    """Give a browser the session of a test client of the same deployment."""
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    context.add_cookies([{"name": COOKIE, "value": cookie.value, "url": live.url}])
