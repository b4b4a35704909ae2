"""A text is asked from the moment it is published: what is in force, what supersedes, and what is refused."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from app.audit.models import AuditEntry
from app.cli.database import upgrade
from app.cli.writing import transaction
from app.consent import texts
from app.consent.models import TextRelease
from app.consent.publishing import digests, obstacles, publish, releases
from app.consent.texts import current, in_force, load, majors
from app.errors import Conflict, Unavailable
from app.extensions import db
from app.people.rules import Locale


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A folder with the texts and their sounds, in which a fourth and a fifth version of the child's are whole too."""
    for name in ("texts", "speech"):
        shutil.copytree(texts.FOLDER.parent / name, tmp_path / name)
    for path in [*tmp_path.rglob("child-3.*.toml"), *tmp_path.rglob("child-3-*.mp3")]:
        for version in ("4", "5"):
            copy = path.with_name(path.name.replace("child-3", f"child-{version}", 1))
            copy.write_bytes(path.read_bytes() + (b"\n# later\n" if path.suffix == ".toml" else b""))
    monkeypatch.setattr(texts, "FOLDER", tmp_path / "texts")
    monkeypatch.setattr(texts, "SPEECH", tmp_path / "speech")
    load.cache_clear()
    yield tmp_path
    load.cache_clear()


def command(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["texts", *arguments])


def how_many() -> int:
    return db.session.scalar(select(func.count()).select_from(TextRelease)) or 0


def test_a_fresh_deployment_asks_the_newest_whole_version() -> None:
    assert {text_id: in_force(text_id) for text_id in texts.TEXT_IDS} == {"child": 3, "guardian": 3}
    assert majors() == {"child": 3, "guardian": 3}
    for text_id in texts.TEXT_IDS:
        assert [(release.version, release.digests) for release in releases(text_id)] == [(3, digests(text_id, 3))]
        assert {current(text_id, locale).version for locale in Locale} == {3}


def test_a_version_that_came_later_waits_for_the_command(written: Path) -> None:
    upgrade()
    assert (in_force("child"), how_many()) == (3, 2)


def test_without_any_published_text_nothing_is_asked() -> None:
    with transaction():
        for text_id in texts.TEXT_IDS:
            for release in releases(text_id):
                db.session.delete(release)
    with pytest.raises(Unavailable):
        current("child", "en")


def test_a_minor_version_is_asked_and_supersedes_nothing(app: Flask, written: Path) -> None:
    answer = command(app, "publish", "child", "4", "--minor")
    assert (answer.exit_code, answer.output) == (0, "child 4 is asked from now on\n")
    assert current("child", "ro").version == 4
    assert majors() == {"child": 3, "guardian": 3}
    assert [release.version for release in releases("child")] == [3, 4]


def test_a_major_version_supersedes(app: Flask, written: Path) -> None:
    command(app, "publish", "child", "4", "--minor")
    assert command(app, "publish", "child", "5", "--major").exit_code == 0
    assert majors() == {"child": 5, "guardian": 3}
    entries = db.session.execute(select(AuditEntry.actor, AuditEntry.subject, AuditEntry.detail)).all()
    assert [tuple(entry) for entry in entries] == [
        ("cli", "child-4", {"major": False}),
        ("cli", "child-5", {"major": True}),
    ]


def test_whether_it_supersedes_must_be_said(app: Flask, written: Path) -> None:
    assert command(app, "publish", "child", "4").exit_code == 2
    assert in_force("child") == 3


def test_a_version_never_goes_backwards(app: Flask, written: Path) -> None:
    command(app, "publish", "child", "5", "--minor")
    for version in ("3", "4", "5"):
        answer = command(app, "publish", "child", version, "--minor")
        assert answer.exit_code == 1
        assert answer.output == "Error: child 5 is published already: a version must be newer\n"
    assert in_force("child") == 5


def test_a_text_that_lacks_something_is_refused(app: Flask, written: Path) -> None:
    (written / "texts" / "child-4.zh.toml").unlink()
    (written / "speech" / "ro" / "child-4-press.mp3").unlink()
    answer = command(app, "publish", "child", "4", "--major")
    assert answer.exit_code == 1
    assert answer.output.splitlines() == [
        "Error: child 4 lacks zh/text/child-4.zh.toml",
        "child 4 lacks ro/audio/child-4-press.mp3",
    ]
    with pytest.raises(Conflict, match="text_not_publishable"):
        publish("child", 4, major=True)
    assert how_many() == 2


@pytest.mark.parametrize("part", ["intro", "closing"])
def test_a_text_whose_beginning_or_end_cannot_be_heard_is_refused(app: Flask, written: Path, part: str) -> None:
    (written / "speech" / "zh" / f"child-4-{part}.mp3").unlink()
    answer = command(app, "publish", "child", "4", "--minor")
    assert (answer.exit_code, answer.output) == (1, f"Error: child 4 lacks zh/audio/child-4-{part}.mp3\n")
    assert in_force("child") == 3


def test_a_release_from_before_they_could_be_heard_is_not_edited_by_it(app: Flask, written: Path) -> None:
    with transaction():
        release = db.session.get_one(TextRelease, ("child", 3))
        release.digests = {key: digest for key, digest in release.digests.items() if key.count("/") == 1}
        assert len(release.digests) == len(Locale) * 3
    assert command(app, "publish", "child", "4", "--minor").exit_code == 0


@pytest.mark.parametrize(
    ("name", "channel"),
    [
        ("texts/child-3.en.toml", "en/text"),
        ("speech/zh/child-3-age.mp3", "zh/audio"),
        ("speech/zh/child-3-closing.mp3", "zh/audio/closing"),
    ],
)
def test_nothing_is_published_beside_an_edited_version(app: Flask, written: Path, name: str, channel: str) -> None:
    with (written / name).open("ab") as file:
        file.write(b"\n# edited\n")
    load.cache_clear()
    answer = command(app, "publish", "child", "4", "--minor")
    assert answer.exit_code == 1
    assert answer.output == f"Error: child 3 was edited after it was published: {channel}\n"
    assert in_force("child") == 3


@pytest.mark.parametrize(("name", "served"), [("texts/guardian-3.ro.toml", False), ("speech/ro/child-3-age.mp3", True)])
def test_nobody_is_served_while_a_published_text_is_reworded(
    app: Flask, written: Path, monkeypatch: pytest.MonkeyPatch, name: str, served: bool
) -> None:
    monkeypatch.setattr(sys.modules["app.cli.serve"], "run_together", lambda _targets, _begun, prepare: prepare() or 0)
    with (written / name).open("ab") as file:
        file.write(b"\n# edited\n")
    load.cache_clear()
    answer = app.test_cli_runner().invoke(args=["serve"])
    assert (answer.exit_code == 0) is served
    refusal = "Error: guardian 3 was edited after it was published: ro/text\n"
    assert answer.output == ("" if served else refusal)


def test_a_better_drawing_is_no_edit(monkeypatch: pytest.MonkeyPatch, written: Path) -> None:
    shutil.copytree(texts.PICTURES, written / "place")
    (written / "place" / "press.svg").write_text("<svg></svg>", encoding="utf-8")
    monkeypatch.setattr(texts, "PICTURES", written / "place")
    assert obstacles("child", 4) == []


def test_the_list_says_what_is_so(app: Flask, written: Path) -> None:
    (written / "texts" / "child-5.ro.toml").unlink()
    command(app, "publish", "child", "4", "--minor")
    printed = [line.partition(", published 2")[0] for line in command(app, "list").output.splitlines()]
    first = printed.pop(0)
    assert first.startswith("child 1  not published, ")
    assert printed[:3] == ["child 2  not published", "child 3  major", "child 4  minor"]
    assert printed[3] == "child 5  not published, 1 parts missing"
    assert printed[5:] == ["guardian 2  not published", "guardian 3  major"]
