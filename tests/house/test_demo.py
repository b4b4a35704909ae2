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
from app.cli.demo import welcome
from app.cli.demo_material import drawings
from app.cli.demo_material.drawings import page, photo
from app.cli.demo_material.story import stories
from app.cli.log_ins import LogIn
from app.config import Settings
from app.consent.rules import CAMPAIGN
from app.extensions import db
from app.people.models import Guardian
from app.release.check import differences
from app.release.models import Showing
from app.stories.lifecycle import State
from app.stories.models import Story, Wording
from app.stories.rules import Beside, Standing, puts_into_another_language
from app.stories.wordings import standing_of
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
        beside = db.session.scalars(select(Wording)).all()
        assert {row.kind for row in beside if row.reviewed_by} == set(Beside)
        assert {standing_of(row) for row in beside} == {Standing.CHECKED, Standing.WAITING, Standing.RETURNED}
        assert not [row.id for row in beside if row.written_by == row.reviewed_by]
        found = select(Showing.story_id, Showing.body).where(Showing.place == "gallery")
        shown = {body["title"]: (story_id, body) for story_id, body in db.session.execute(found)}
    written = json.loads(log_ins(demo).read_text(encoding="utf-8"))
    assert {entry["role"] for entry in written} >= {"moderator", "safeguarding_lead", "administrator", "curator"}
    assert len({entry["password"] for entry in written}) == len(written)
    assert stat.S_IMODE(log_ins(demo).stat().st_mode) == 0o600

    story_id, body = shown["Avionul de marți"]
    assert set(body["translations"]) == {"en", "it"}
    assert set(body["images"][0]["alts"]) == set(body["sounds"][0]["transcripts"]) == {"en", "it", "ro"}
    pair = demo.test_client().get(f"/stories/{story_id}").text
    for words in ("Avionul de marți", "The Tuesday aeroplane", "Vine! Vine avionul!", "The aeroplane is coming!"):
        assert words in pair

    again = run(args=["demo", "prepare"])
    assert (again.exit_code, again.output) == (0, "")
    with demo.app_context():
        assert Counter(db.session.scalars(select(Story.state))) == states
    assert "it is made up" in demo.test_client().get("/gallery").text


def test_whatever_is_put_into_another_language_was_allowed_to_be() -> None:
    for made_up in stories():
        translated = [
            each for each in made_up.beside if puts_into_another_language(each.kind, each.locale, made_up.locale)
        ]
        said = {made_up.child.get("translate"), made_up.guardian.get("translate")}
        assert not translated or said == {"yes"}, made_up.key


def test_a_real_deployment_tells_no_demo(app: Flask) -> None:
    refused = app.test_cli_runner().invoke(args=["demo", "prepare"])
    assert refused.exit_code == 1
    assert "EYES_DEMO=1" in refused.output
    assert not log_ins(app).exists()


def test_each_word_of_a_log_in_stands_under_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    welcome([LogIn("ana@demo.invalid", "lead", "a-password", "SECRETOFTOTP")], 8123)
    lines = capsys.readouterr().out.splitlines()
    at = next(number for number, line in enumerate(lines) if line.split()[:1] == ["role"])
    assert lines[at].split() == ["role", "e-mail", "password", "SECRET"]
    assert lines[at + 1].split() == ["lead", "ana@demo.invalid", "a-password", "SECRETOFTOTP"]
    assert [lines[at].index(name) for name in ("e-mail", "password", "SECRET")] == [
        lines[at + 1].index(word) for word in ("ana@", "a-password", "SECRETOF")
    ]
