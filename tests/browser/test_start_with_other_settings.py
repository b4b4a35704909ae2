"""Started with stricter settings, the product answers its first request without what they forbid."""

import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from flask import Flask

from app.cli.following import catch_up
from app.cli.log_ins import LOG_INS
from app.cli.writing import transaction
from app.config import Settings
from tests.factories.stories import make_shown
from tests.services.live import environment
from tests.services.processes import ROOT, Server, free_port


def status_of(address: str) -> int:
    """The status of an address; 0 while nobody listens."""
    try:
        with urlopen(address, timeout=10) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code
    except OSError:
        return 0


def first_status(story_id: str, log: Path, settings: Settings) -> int:
    """How the first request for a story is answered by a server that was just started with these settings."""
    port = free_port()
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--no-worker", "--port", str(port)]
    server = Server(command, log=log, cwd=ROOT, env=environment(settings))
    answered: list[int] = []

    def asked() -> bool:
        answered.append(status_of(f"http://127.0.0.1:{port}/stories/{story_id}"))
        return answered[-1] != 0

    try:
        server.wait_until(asked, 60)
    finally:
        server.stop()
    return answered[-1]


def test_a_demo_that_makes_its_own_keys_can_be_logged_in_to_at_once(settings: Settings, tmp_path: Path) -> None:
    port = free_port()
    fresh = settings.model_copy(update={"keyring": tmp_path / "keys" / "keyring.json", "demo": True})
    (fresh.data_dir / LOG_INS).write_text("[]")  # as if its stories were told already
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "demo", "run", "--port", str(port)]
    server = Server(command, log=tmp_path / "demo.log", cwd=ROOT, env=environment(fresh))
    try:
        server.wait_until(lambda: status_of(f"http://127.0.0.1:{port}/healthz") == 200, 60)
        assert status_of(f"http://127.0.0.1:{port}/staff/login") == 200
    finally:
        server.stop()


def test_the_first_request_already_meets_the_new_rule(app: Flask, settings: Settings, tmp_path: Path) -> None:
    with app.app_context():
        with transaction():
            story_id = make_shown().id
        catch_up()
    assert first_status(story_id, tmp_path / "as-before.log", settings) == 200
    longer = settings.model_copy(update={"cooling_off_minutes": 60 * 24 * 60})
    assert first_status(story_id, tmp_path / "stricter.log", longer) == 410
