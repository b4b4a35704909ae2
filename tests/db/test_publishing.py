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
    """A folder with the texts and their sounds, in which a third and a fourth version of the child's are whole too."""
    for name in ("texts", "speech"):
        shutil.copytree(texts.FOLDER.parent / name, tmp_path / name)
    for path in [*tmp_path.rglob("child-2.*.toml"), *tmp_path.rglob("child-2-*.mp3")]:
        for version in ("3", "4"):
            copy = path.with_name(path.name.replace("child-2", f"child-{version}", 1))
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
    assert {text_id: in_force(text_id) for text_id in texts.TEXT_IDS} == {"child": 2, "guardian": 2}
    assert majors() == {"child": 2, "guardian": 2}
    for text_id in texts.TEXT_IDS:
        assert [(release.version, release.digests) for release in releases(text_id)] == [(2, digests(text_id, 2))]
        assert {current(text_id, locale).version for locale in Locale} == {2}


def test_a_version_that_came_later_waits_for_the_command(written: Path) -> None:
    upgrade()
    assert (in_force("child"), how_many()) == (2, 2)


def test_without_any_published_text_nothing_is_asked() -> None:
    with transaction():
        for text_id in texts.TEXT_IDS:
            for release in releases(text_id):
                db.session.delete(release)
    with pytest.raises(Unavailable):
        current("child", "en")


def test_a_minor_version_is_asked_and_supersedes_nothing(app: Flask, written: Path) -> None:
    answer = command(app, "publish", "child", "3", "--minor")
    assert (answer.exit_code, answer.output) == (0, "child 3 is asked from now on\n")
    assert current("child", "ro").version == 3
    assert majors() == {"child": 2, "guardian": 2}
    assert [release.version for release in releases("child")] == [2, 3]


def test_a_major_version_supersedes(app: Flask, written: Path) -> None:
    command(app, "publish", "child", "3", "--minor")
    assert command(app, "publish", "child", "4", "--major").exit_code == 0
    assert majors() == {"child": 4, "guardian": 2}
    entries = db.session.execute(select(AuditEntry.actor, AuditEntry.subject, AuditEntry.detail)).all()
    assert [tuple(entry) for entry in entries] == [
        ("cli", "child-3", {"major": False}),
        ("cli", "child-4", {"major": True}),
    ]


def test_whether_it_supersedes_must_be_said(app: Flask, written: Path) -> None:
    assert command(app, "publish", "child", "3").exit_code == 2
    assert in_force("child") == 2


def test_a_version_never_goes_backwards(app: Flask, written: Path) -> None:
    command(app, "publish", "child", "4", "--minor")
    for version in ("2", "3", "4"):
        answer = command(app, "publish", "child", version, "--minor")
        assert answer.exit_code == 1
        assert answer.output == "Error: child 4 is published already: a version must be newer\n"
    assert in_force("child") == 4


def test_a_text_that_lacks_something_is_refused(app: Flask, written: Path) -> None:
    (written / "texts" / "child-3.zh.toml").unlink()
    (written / "speech" / "ro" / "child-3-press.mp3").unlink()
    answer = command(app, "publish", "child", "3", "--major")
    assert answer.exit_code == 1
    assert answer.output.splitlines() == [
        "Error: child 3 lacks zh/text/child-3.zh.toml",
        "child 3 lacks ro/audio/child-3-press.mp3",
    ]
    with pytest.raises(Conflict, match="text_not_publishable"):
        publish("child", 3, major=True)
    assert how_many() == 2


@pytest.mark.parametrize("part", ["intro", "closing"])
def test_a_text_whose_beginning_or_end_cannot_be_heard_is_refused(app: Flask, written: Path, part: str) -> None:
    (written / "speech" / "zh" / f"child-3-{part}.mp3").unlink()
    answer = command(app, "publish", "child", "3", "--minor")
    assert (answer.exit_code, answer.output) == (1, f"Error: child 3 lacks zh/audio/child-3-{part}.mp3\n")
    assert in_force("child") == 2


def test_a_release_from_before_they_could_be_heard_is_not_edited_by_it(app: Flask, written: Path) -> None:
    with transaction():
        release = db.session.get_one(TextRelease, ("child", 2))
        release.digests = {key: digest for key, digest in release.digests.items() if key.count("/") == 1}
        assert len(release.digests) == len(Locale) * 3
    assert command(app, "publish", "child", "3", "--minor").exit_code == 0


@pytest.mark.parametrize(
    ("name", "channel"),
    [
        ("texts/child-2.en.toml", "en/text"),
        ("speech/zh/child-2-age.mp3", "zh/audio"),
        ("speech/zh/child-2-closing.mp3", "zh/audio/closing"),
    ],
)
def test_nothing_is_published_beside_an_edited_version(app: Flask, written: Path, name: str, channel: str) -> None:
    with (written / name).open("ab") as file:
        file.write(b"\n# edited\n")
    load.cache_clear()
    answer = command(app, "publish", "child", "3", "--minor")
    assert answer.exit_code == 1
    assert answer.output == f"Error: child 2 was edited after it was published: {channel}\n"
    assert in_force("child") == 2


@pytest.mark.parametrize(("name", "served"), [("texts/guardian-2.ro.toml", False), ("speech/ro/child-2-age.mp3", True)])
def test_nobody_is_served_while_a_published_text_is_reworded(
    app: Flask, written: Path, monkeypatch: pytest.MonkeyPatch, name: str, served: bool
) -> None:
    monkeypatch.setattr(sys.modules["app.cli.serve"], "run_together", lambda _targets, _begun, prepare: prepare() or 0)
    with (written / name).open("ab") as file:
        file.write(b"\n# edited\n")
    load.cache_clear()
    answer = app.test_cli_runner().invoke(args=["serve"])
    assert (answer.exit_code == 0) is served
    refusal = "Error: guardian 2 was edited after it was published: ro/text\n"
    assert answer.output == ("" if served else refusal)


def test_a_better_drawing_is_no_edit(monkeypatch: pytest.MonkeyPatch, written: Path) -> None:
    shutil.copytree(texts.PICTURES, written / "place")
    (written / "place" / "press.svg").write_text("<svg></svg>", encoding="utf-8")
    monkeypatch.setattr(texts, "PICTURES", written / "place")
    assert obstacles("child", 3) == []


def test_the_list_says_what_is_so(app: Flask, written: Path) -> None:
    (written / "texts" / "child-4.ro.toml").unlink()
    command(app, "publish", "child", "3", "--minor")
    printed = [line.partition(", published 2")[0] for line in command(app, "list").output.splitlines()]
    first = printed.pop(0)
    assert first.startswith("child 1  not published, ")
    assert printed[:3] == ["child 2  major", "child 3  minor", "child 4  not published, 1 parts missing"]
    assert printed[4:] == ["guardian 2  major"]
