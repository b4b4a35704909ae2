"""The demo tells itself from empty, by the real actions, and shows every state and place; all of it made up."""

import json
import stat
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app import create_app
from app.audit.queries import verify
from app.cli.demo_material import drawings
from app.cli.demo_material.drawings import page, photo
from app.config import Settings
from app.consent.rules import CAMPAIGN
from app.extensions import db
from app.people.models import Guardian
from app.release.check import differences
from app.release.models import Showing
from app.stories.lifecycle import State
from app.stories.models import Story
from tests.services.application import disconnect

LANGUAGES = {"en", "it", "ro", "zh"}


@pytest.fixture
def small_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each scene is painted, photographed and decoded as ever, on a quarter of the paper: the rest is only pixels."""
    for module in (drawings, page):
        monkeypatch.setattr(module, "SCALE", page.SCALE / 2)
    monkeypatch.setattr(photo, "LONG", photo.LONG // 2)
    monkeypatch.setattr(photo, "SHORT", photo.SHORT // 2)


@pytest.fixture
def demo(tmp_path: Path, small_paper: None, quick_hashes: None) -> Iterator[Flask]:
    """An empty deployment in demo mode, without even a keyring."""
    settings = Settings(demo=True, data_dir=tmp_path / "data", keyring=tmp_path / "keys" / "keyring.json")
    app = create_app(settings)
    yield app
    disconnect(app)


def log_ins(app: Flask) -> Path:
    data_dir: Path = app.extensions["eyes"].settings.data_dir
    return data_dir / "demo-log-ins.json"


@pytest.mark.timeout(300)
def test_the_demo_is_told_once_in_every_state_and_place(demo: Flask) -> None:
    run = demo.test_cli_runner().invoke
    first = run(args=["demo", "prepare"])
    assert first.exit_code == 0, first.output
    with demo.app_context():
        states = Counter(db.session.scalars(select(Story.state)))
        assert sum(states.values()) >= 30
        assert set(states) == set(State)
        assert set(db.session.scalars(select(Story.locale))) == LANGUAGES
        assert set(db.session.scalars(select(Guardian.locale).where(Guardian.email_sealed.is_not(None)))) == {"it"}
        places = set(db.session.scalars(select(Showing.place)))
        assert {"gallery", "embed", "print", "press"} <= places
        assert any(place.startswith(CAMPAIGN) for place in places)
        assert list(differences()) == []
        assert verify() is None
    written = json.loads(log_ins(demo).read_text(encoding="utf-8"))
    assert {entry["role"] for entry in written} >= {"moderator", "safeguarding_lead", "administrator", "curator"}
    assert len({entry["password"] for entry in written}) == len(written)
    assert stat.S_IMODE(log_ins(demo).stat().st_mode) == 0o600

    again = run(args=["demo", "prepare"])
    assert (again.exit_code, again.output) == (0, "")
    with demo.app_context():
        assert Counter(db.session.scalars(select(Story.state))) == states
    assert "it is made up" in demo.test_client().get("/gallery").text


def test_a_real_deployment_tells_no_demo(app: Flask) -> None:
    refused = app.test_cli_runner().invoke(args=["demo", "prepare"])
    assert refused.exit_code == 1
    assert "EYES_DEMO=1" in refused.output
    assert not log_ins(app).exists()
