"""Database, queue and store go away one after the other, under the running product, and come back (R23).

Nobody meets a fault: what needs the missing part says so in a sentence, what was acknowledged is there and finishes,
and the logs say nothing about anybody (R19).
"""

import secrets
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app import clock
from app.adapters import outside
from app.cli.writing import transaction
from app.extensions import db, new_id
from app.media.sweeping import orphans, sweep_orphans
from app.release.publishing import publish
from app.release.watch import TRUSTED
from app.stories.lifecycle import State
from app.stories.models import Story
from tests.browser.finishing import finish_decoding
from tests.browser.wire import Answer, Wire
from tests.factories.stories import make_shown
from tests.services.live import Live
from tests.services.postgres import Postgres
from tests.services.redis_server import RedisServer
from tests.services.s3 import Swift
from tests.services.switch import Switch
from tests.web.public_side import file_names
from tests.web.telling import ABOUT, WORDS, Child, picture

PICTURE = picture(48)
EMAIL = "canary-mother@example.org"
REST = "having a short rest"
"""What the page says when a part of the site does not answer."""


@pytest.fixture
def line(swift: Swift, new_switch: Callable[[int], Switch]) -> Switch:
    """The line to the store."""
    return new_switch(swift.port)


@pytest.fixture
def chosen(swift: Swift, line: Switch, redis_server: RedisServer) -> dict[str, Any]:
    """Everything on a server of its own."""
    store = swift.settings() | {"s3_endpoint": f"http://127.0.0.1:{line.port}"}
    return store | {"queue_url": redis_server.url, "trusted_proxies": 1, "database_direct": True}


def shown_addresses(live: Live) -> tuple[list[str], str]:
    """The public pages of a story that is shown, and one of its files."""
    with live.app.app_context():
        with transaction():
            story_id = make_shown(pictures=1).id
        publish(story_id)
    return ["/", "/gallery", f"/stories/{story_id}", "/campaigns"], f"/media/{file_names(live.app, story_id)[0]}"


def about_to_send(live: Live) -> Child:
    """A child with a picture, on the last page, whose browser asks only once."""
    wire = Wire(live.url, f"10.2.0.{secrets.randbelow(250) + 1}")
    child = Child(wire)  # type: ignore[arg-type]  (a client over a socket)
    child.begin(client_id=secrets.token_urlsafe(24))
    child.get("/tell/story")
    assert child.put_file(f"/tell/files/{new_id()}", PICTURE).status_code == 201
    child.go_on(email=EMAIL, gallery="yes")
    child.get("/tell/look")
    wire.stubborn = False
    return child


def told(child: Child) -> bool:
    """Whether sending was acknowledged; otherwise the page says that it was not, and when to try again."""
    answer = child.post("/tell/look", {"go": "send"})
    return answer.location == "/tell/card" or not resting(answer)  # type: ignore[arg-type]


def resting(answer: Answer) -> bool:
    """Whether an answer says, in a sentence, that a part of the site is away."""
    return (answer.status_code, answer.retry_after) == (503, "30") and REST in answer.text


@pytest.mark.timeout(180)
@pytest.mark.parametrize("backend", ["postgresql"])
def test_each_service_may_go_and_comes_back(
    start_live: Callable[..., Live], postgres: Postgres, redis_server: RedisServer, line: Switch
) -> None:
    live = start_live()
    pages, file = shown_addresses(live)
    visitor = Wire(live.url, "10.3.0.1")
    visitor.stubborn = False
    assert [visitor.get(page).status_code for page in [*pages, file]] == [200] * 5

    without_database(live, postgres, visitor, pages, file)
    without_queue(live, redis_server, visitor, [*pages, file])
    without_store(live, line, visitor, pages, file)

    with live.app.app_context():
        finish_decoding(30)
        states = db.session.scalars(select(Story.state).order_by(Story.state)).all()
        assert states == [State.APPROVED, *[State.SUBMITTED] * 4]
        db.session.rollback()
        with clock.fixed(clock.now() + timedelta(hours=2)):  # a decoder that was cut off left files the sweeper finds
            sweep_orphans()
        assert orphans([stored.name for stored in outside().vault.listing("")]) == []
    said = live.logs()
    assert "queue.unreachable" in said
    assert [words for words in (*WORDS.values(), ABOUT["invented_name"], EMAIL, "/consent/") if words in said] == []


def without_database(live: Live, postgres: Postgres, visitor: Wire, pages: list[str], file: str) -> None:
    """What was kept of the gallery can be read for as long as it lasts, and nothing else; what could not be sent is
    sent again.
    """
    child = about_to_send(live)
    before = [visitor.get(page).text for page in pages]
    known = Wire(live.url, "10.3.0.2")
    known.stubborn, known.cookies = False, {"a": "cookie"}
    postgres.stop()
    try:
        for wait in (0.0, TRUSTED + 1):
            time.sleep(wait)
            assert [visitor.get(page).text for page in pages] == before
            assert [page for page in [*pages, file] if not resting(known.get(page))] == []
        assert resting(visitor.get(file))
        assert [page for page in ["/tell", "/my-story/help"] if known.get(page).status_code == 500] == []
        assert visitor.get("/healthz").status_code == 200
        assert visitor.get("/readyz").status_code == 503
        assert not told(child)
    finally:
        postgres.start()
    assert told(child)
    assert [visitor.get(page).status_code for page in [*pages, file]] == [200] * 5


def without_queue(live: Live, redis_server: RedisServer, visitor: Wire, pages: list[str]) -> None:
    """Nobody notices, and the brakes still hold."""
    redis_server.stop()
    try:
        assert told(about_to_send(live))
        assert [visitor.get(page).status_code for page in pages] == [200] * 5
        thief = Child(visitor)  # type: ignore[arg-type]
        thief.get("/my-story")
        wrong = [thief.post("/my-story", {"card": "1" * 16, "picture": "1"}).status_code for _ in range(21)]
        assert wrong == [422] * 20 + [429]
    finally:
        redis_server.start()


def without_store(live: Live, line: Switch, visitor: Wire, pages: list[str], file: str) -> None:
    """Pages and words go on, files say so; a file that could not be kept leaves nothing and is sent again."""
    child = about_to_send(live)
    name = f"/tell/files/{new_id()}"
    line.off()
    try:
        assert [visitor.get(page).status_code for page in pages] == [200] * 4
        assert resting(visitor.get(file))
        refused = child.put_file(name, PICTURE)
        assert (refused.status_code, refused.mimetype) == (503, "application/json")
        assert visitor.get("/readyz").status_code == 503
        assert told(child)
    finally:
        line.on()
    assert visitor.get(file).status_code == 200
    again = about_to_send(live)
    assert again.put_file(name, PICTURE).status_code == 201
    assert told(again)
