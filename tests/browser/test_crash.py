"""The crash test: web process and worker are killed at random moments while children hand in stories.

What was acknowledged is there and finishes, nothing is there twice, and no file is left that no row knows.
"""

import random
import re
import secrets
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app import clock
from app.adapters import outside
from app.cli.sweeper import sweep
from app.extensions import db, new_id
from app.media.sweeping import orphans
from app.people.models import Storyteller
from app.stories.lifecycle import State
from app.stories.models import Story, Version
from app.stories.queries import content, version_of
from tests.browser.finishing import finish_decoding
from tests.browser.wire import Wire
from tests.services.live import Live, Quick
from tests.services.processes import wait_for
from tests.web.telling import ABOUT, Child, picture

SUBMISSIONS = 200
AT_ONCE = 12
KILLS = ["web"] * 12 + ["worker"] * 6
PICTURE = picture(48)


def hand_in(live: Live, number: int) -> tuple[str, str]:
    """One child's whole way, repeated step by step until it is acknowledged; client id and the file's id."""
    wire = Wire(live.url, f"10.1.{number // 200}.{number % 200 + 1}")
    child = Child(wire)  # type: ignore[arg-type]  (a client over a socket)
    client_id = child.begin(client_id=secrets.token_urlsafe(24))
    asset_id = new_id()
    assert child.put_file(f"/tell/files/{asset_id}", PICTURE).status_code in (200, 201)
    words = {"title": f"Story {number}", "text": f"Number {number} was here.", "go": "next"}
    assert child.post("/tell/story", words, content_type="multipart/form-data").location == "/tell/about"
    assert child.post("/tell/about", {**ABOUT, "go": "next"}).location == "/tell/helper"
    assert child.post("/tell/helper", {"helper": "nobody", "go": "next"}).location == "/tell/answers"
    assert child.answer(gallery="yes").location == "/tell/guardian"
    how = {"how": "hand", "guardian_locale": "en", "go": "next"}
    assert child.post("/tell/guardian", how).location == "/tell/look"
    assert child.post("/tell/look", {"go": "send"}).location == "/tell/card"
    assert re.fullmatch(r"\d{16}", child.card().digits)
    return client_id, asset_id


def kill_at_random(live: Live, done: list[int], killed: Counter[str]) -> None:
    """Kill one process after another and start it again, at random moments of the work, however quick the machine."""
    dice = random.Random(20121)
    moments = sorted(dice.sample(range(SUBMISSIONS - AT_ONCE), len(KILLS)))
    for moment, name in zip(moments, dice.sample(KILLS, len(KILLS)), strict=True):
        wait_for(lambda moment=moment: len(done) >= moment, 120, f"submission {moment}")  # type: ignore[misc]
        time.sleep(dice.uniform(0, 0.3))
        getattr(live, name).kill()
        killed[name] += 1
        live.start_again(name)


@pytest.mark.timeout(420)
@pytest.mark.xdist_group("crash")
def test_every_acknowledged_story_survives_kill_nine(start_live: Callable[..., Live]) -> None:
    live = start_live(Quick, trusted_proxies=1)
    done: list[int] = []
    killed: Counter[str] = Counter()

    def one(number: int) -> tuple[str, str]:
        acknowledged = hand_in(live, number)
        done.append(number)
        return acknowledged

    with ThreadPoolExecutor(AT_ONCE + 1) as people:
        killer = people.submit(kill_at_random, live, done, killed)
        acknowledged = dict(people.map(one, range(SUBMISSIONS)))
        killer.result()
    assert len(acknowledged) == SUBMISSIONS
    assert killed == Counter(KILLS)

    with live.app.app_context():
        finish_decoding(180)
    live.stop()
    with live.app.app_context():
        told = {story.client_id: story for story in db.session.scalars(select(Story))}
        assert set(told) == set(acknowledged)
        for client_id, story in told.items():
            assert story.state is State.SUBMITTED
            assert [asset.id for asset in content(version_of(story)).assets] == [acknowledged[client_id]]
        assert db.session.scalar(select(func.count()).select_from(Version)) == SUBMISSIONS
        assert db.session.scalar(select(func.count()).select_from(Storyteller)) == SUBMISSIONS
    with live.app.app_context(), clock.fixed(clock.now() + timedelta(hours=2)):
        sweep()
        names = [file.name for file in outside().vault.listing("")]
        assert orphans(names) == []
        originals = {name.split("/")[1] for name in names if name.endswith("original")}
        assert originals == set(acknowledged.values())
