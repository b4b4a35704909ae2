"""Taking files in, decoding them and sweeping up, with a real database, a real vault and the real decode process."""

import io
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.adapters import outside
from app.adapters.queue import HINTS, commit
from app.adapters.sealing import Damaged
from app.adapters.storage import LocalStore, Missing
from app.errors import Conflict, Gone, Invalid, Unavailable
from app.extensions import db, new_id
from app.media import actions, queries, rules, sandbox, vault
from app.media.models import Asset, Rendition
from app.media.rules import IMAGE_BYTES, Format, Kind, Purpose, Refusal, State
from app.media.sweeping import sweep_orphans
from app.people.keys import destroy_key
from app.stories.models import Story
from tests.factories import hostile_media, media
from tests.factories.stories import begin_story

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def story(in_context: None) -> Story:
    story = begin_story()
    commit(outside().queue)
    return story


def receive(story: Story, data: bytes, **more: object) -> Asset:
    asset = actions.receive(story.id, io.BytesIO(data), **more)  # type: ignore[arg-type]
    commit(outside().queue)
    return asset


def files() -> list[str]:
    return sorted(outside().vault.names())


def decoded(asset: Asset) -> Asset:
    actions.make_renditions(asset.id)
    commit(outside().queue)
    return asset


class Drip(io.RawIOBase):
    """A body that arrives in small pieces, and counts what was taken of it."""

    def __init__(self, data: Iterable[bytes]) -> None:
        self.pieces = iter(data)
        self.held = b""
        self.taken = 0

    def read(self, size: int = -1, /) -> bytes:
        self.held = self.held or next(self.pieces, b"")
        piece, self.held = self.held[:size], self.held[size:]
        self.taken += len(piece)
        return piece


def test_a_picture_is_taken_in_and_made_ready(story: Story, app: Flask) -> None:
    data = media.jpeg(orientation=6)
    asset = receive(story, data, kind=Kind.IMAGE)
    assert (asset.state, asset.kind, asset.media_type, asset.size) == (
        State.QUARANTINED,
        Kind.IMAGE,
        "image/jpeg",
        len(data),
    )
    assert app.extensions["eyes"].queue.sent == [("media.make_renditions", asset.id)]
    assert files() == [asset.vault_name]
    decoded(asset)
    assert (asset.state, asset.width, asset.height, asset.refusal) == (State.READY, 600, 900, None)
    renditions = queries.renditions_of(asset.id)
    assert [each.purpose for each in renditions] == [purpose for purpose in Purpose if "image" in purpose]
    assert files() == sorted([asset.vault_name, *(each.vault_name for each in renditions)])
    assert asset.vault_bytes == sum(outside().vault.size(name) for name in files())


def test_a_recording_is_taken_in_and_made_ready(story: Story) -> None:
    asset = decoded(receive(story, media.recording("3gp"), kind=Kind.SOUND))
    assert (asset.state, asset.width, asset.placeholder) == (State.READY, None, None)
    assert asset.duration_ms == pytest.approx(3000, abs=60)
    assert {each.purpose: each.media_type for each in queries.renditions_of(asset.id)} == {
        Purpose.SOUND_OPUS: "audio/webm",
        Purpose.SOUND_AAC: "audio/mp4",
        Purpose.PEAKS: "application/json",
    }


def test_the_vault_holds_noise_and_the_actions_open_it(story: Story) -> None:
    data = media.jpeg()
    asset = decoded(receive(story, data))
    for name in files():
        sealed = b"".join(outside().vault.open(name))
        assert [canary for canary in (*media.CANARIES, b"JFIF", b"WEBP", b"ftypavif") if canary in sealed] == []
    assert b"".join(actions.open_original(asset)) == data
    assert b"".join(actions.open_original(asset, 70_000, 5)) == data[70_000:70_005]
    for rendition in queries.renditions_of(asset.id):
        content = b"".join(actions.open_rendition(rendition))
        assert len(content) == rendition.size
        assert b"".join(actions.open_rendition(rendition, 3, 9)) == content[3:12]
        assert rules.recognise(content) in {Format.WEBP, Format.JPEG, Format.AVIF}


def test_what_is_sent_again_under_an_id_replaces_nothing(story: Story) -> None:
    first, second, asset_id = media.jpeg(), media.jpeg(quality=70), new_id()
    late = actions.prepare(story.id, asset_id)
    asset = actions.keep(actions.take(actions.prepare(story.id, asset_id), io.BytesIO(first)))
    assert actions.keep(actions.take(late, io.BytesIO(second))) is asset
    assert b"".join(actions.open_original(asset)) == first
    assert files() == [asset.vault_name]


def test_swapped_files_do_not_open(story: Story) -> None:
    first, second = receive(story, media.jpeg()), receive(story, media.png())
    outside().vault.copy(first.vault_name, second.vault_name)
    with pytest.raises(Damaged):
        list(actions.open_original(second))
    actions.make_renditions(second.id)
    assert (second.state, second.attempts) == (State.QUARANTINED, 1)  # not the child's fault


def test_an_erased_story_is_noise(story: Story) -> None:
    asset = receive(story, media.jpeg())
    destroy_key(story.id)
    with pytest.raises(Gone):
        actions.open_original(asset)
    with pytest.raises(Gone):
        receive(story, media.jpeg())


def test_the_same_id_is_the_same_asset(story: Story) -> None:
    asset_id = new_id()
    first = receive(story, media.jpeg(), asset_id=asset_id)
    again = Drip([b"never read"])
    assert actions.receive(story.id, again, asset_id=asset_id) is first
    assert again.taken == 0
    assert db.session.scalar(select(func.count(Asset.id))) == 1


def test_the_same_upload_twice_at_once_is_one_asset(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = actions.prepare(story.id, new_id())
    one = actions.take(shelf, io.BytesIO(media.jpeg()))
    two = actions.take(shelf, io.BytesIO(media.jpeg()))
    first = actions.keep(one)
    assert actions.keep(two) is first
    commit(outside().queue)
    db.session.expunge_all()
    unseen, find = iter([True]), actions.find_taken
    monkeypatch.setattr(actions, "find_taken", lambda *ids: None if next(unseen, False) else find(*ids))
    assert actions.keep(two).id == shelf.asset_id
    commit(outside().queue)
    assert db.session.scalar(select(func.count(Asset.id))) == 1


def test_an_id_of_another_story_is_a_conflict(story: Story) -> None:
    asset = receive(story, media.jpeg())
    with pytest.raises(Conflict):
        receive(begin_story(), media.jpeg(), asset_id=asset.id)


@pytest.mark.parametrize("asset_id", ["", "short", "../../../../etc/passwd", "x" * 23, "ü" * 22])
def test_a_strange_id_is_refused(story: Story, asset_id: str) -> None:
    with pytest.raises(Invalid):
        actions.prepare(story.id, asset_id)


def test_it_does_not_matter_how_the_bytes_arrive(story: Story) -> None:
    data = media.jpeg()
    drip = Drip(data[at : at + 7] for at in range(0, len(data), 7))
    asset = actions.receive(story.id, drip)
    assert b"".join(actions.open_original(asset)) == data


@pytest.mark.parametrize("name", [name for name, twin in hostile_media.TWINS.items() if twin.when == "taken"])
def test_a_twin_that_is_refused_at_once_leaves_nothing(name: str, story: Story, settings: object) -> None:
    twin = hostile_media.TWINS[name]
    with pytest.raises(Invalid) as caught:
        receive(story, twin.make(), kind=twin.kind)
    assert (caught.value.code, caught.value.field) == (twin.reason.value, "file")
    assert queries.assets_of(story.id) == []
    assert HINTS not in db.session.info
    assert stray_files() == []


def stray_files() -> list[Path]:
    """Every file below the vault's folder, unfinished ones included."""
    store = outside().vault
    assert isinstance(store, LocalStore)
    return [path for path in store.root.rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", ["pixel bomb", "half a jpeg", "bombs in text chunks", "a film", "half a flac"])
def test_a_twin_that_is_refused_by_the_decoder_says_why(name: str, story: Story) -> None:
    twin = hostile_media.TWINS[name]
    asset = decoded(receive(story, twin.make(), kind=twin.kind))
    assert (asset.state, asset.refusal) == (State.REFUSED, twin.reason)
    assert queries.renditions_of(asset.id) == []
    assert files() == [asset.vault_name]


def test_a_file_that_is_too_large_is_refused_before_it_is_read_to_the_end(story: Story) -> None:
    endless = Drip(iter(lambda: b"\xff\xd8\xff" + bytes(4093), None))
    with pytest.raises(Invalid) as caught:
        actions.receive(story.id, endless)
    assert caught.value.code == Refusal.TOO_LARGE.value
    assert IMAGE_BYTES < endless.taken < IMAGE_BYTES + 100_000
    assert stray_files() == []


def test_a_connection_that_breaks_leaves_nothing(story: Story) -> None:
    def broken() -> Iterator[bytes]:
        yield media.jpeg()[:4096]
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        actions.receive(story.id, Drip(broken()))
    assert stray_files() == []


def test_a_full_vault_is_unavailable(story: Story, app: Flask) -> None:
    receive(story, media.jpeg())
    connected = app.extensions["eyes"]
    small = connected.settings.model_copy(update={"vault_quota_gb": 0})
    app.extensions["eyes"] = replace(connected, settings=small)
    with pytest.raises(Unavailable) as caught:
        receive(story, media.jpeg())
    assert caught.value.code == "vault_full"


def test_decoding_twice_changes_nothing(story: Story) -> None:
    asset = decoded(receive(story, media.jpeg()))
    before = files()
    decoded(asset)
    assert files() == before
    assert asset.attempts == 1


def test_an_attempt_keeps_others_away_until_it_must_be_dead(story: Story) -> None:
    with clock.fixed(NOON):
        asset = receive(story, media.jpeg())
        assert actions.claim(asset.id) is not None
        assert actions.claim(asset.id) is None
        assert queries.due(clock.now()) == []
    with clock.fixed(NOON + timedelta(minutes=5)):
        assert queries.due(clock.now()) == [asset]
        assert actions.claim(asset.id) is not None
    assert asset.attempts == 2


def test_an_answer_that_comes_too_late_leaves_nothing(story: Story) -> None:
    asset = receive(story, media.jpeg())
    work = actions.claim(asset.id)
    assert work is not None
    outcome = vault.make(work.shelf, work.form)
    assert len(files()) == 7
    db.session.delete(asset)
    commit(outside().queue)
    actions.finish(work, outcome)
    assert len(files()) == 1  # the original is the eraser's to delete


Decode = Callable[[Iterable[bytes], Format], object]


def failing(error: Exception) -> Decode:
    def decode(chunks: Iterable[bytes], form: Format) -> object:
        b"".join(chunks)
        raise error

    return decode


def test_a_machine_without_memory_is_no_reason_to_refuse(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "decode", failing(Unavailable("decoder")))
    moment = NOON
    with clock.fixed(moment):
        asset = receive(story, media.jpeg())
    waits = []
    for _ in range(10):
        with clock.fixed(moment):
            assert queries.due(moment) == [asset]
            decoded(asset)
            waits.append(int((asset.next_attempt_at - moment).total_seconds()))
            assert queries.due(moment) == []
            moment = asset.next_attempt_at
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
    assert (asset.state, asset.attempts, asset.crashes) == (State.QUARANTINED, 10, 0)
    monkeypatch.undo()
    with clock.fixed(moment):
        assert decoded(asset).state is State.READY


def test_a_file_that_crashes_its_decoder_three_times_is_refused(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "decode", failing(sandbox.Crashed()))
    asset = receive(story, media.jpeg())
    states = []
    for hours in range(3):
        with clock.fixed(clock.now() + timedelta(hours=hours)):
            states.append(decoded(asset).state)
    assert states == [State.QUARANTINED, State.QUARANTINED, State.REFUSED]
    assert (asset.refusal, asset.crashes) == (Refusal.HOSTILE, 3)


def test_a_store_that_dies_between_renditions_leaves_none(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    asset = receive(story, media.jpeg())
    put, count = LocalStore.put, iter(range(100))

    def third_fails(self: LocalStore, name: str, chunks: Iterable[bytes]) -> int:
        if next(count) == 2:
            raise Unavailable("store")
        return put(self, name, chunks)

    monkeypatch.setattr(LocalStore, "put", third_fails)
    decoded(asset)
    assert (asset.state, asset.attempts, asset.crashes) == (State.QUARANTINED, 1, 0)
    assert files() == [asset.vault_name]


def test_the_job_commits_what_it_began_and_what_came_of_it(story: Story, work: Callable[[], list[str]]) -> None:
    asset = receive(story, media.recording("ogg"))
    asset_id = asset.id
    db.session.close()
    assert work()[0] == "media.make_renditions"
    assert db.session.get_one(Asset, asset_id).state is State.READY


def test_deleting_a_story_empties_its_part_of_the_vault(story: Story, work: Callable[[], list[str]]) -> None:
    decoded(receive(story, media.jpeg()))
    other = receive(begin_story(), media.png())
    actions.delete_for_story(story.id)
    assert files() == [other.vault_name]


def test_the_sweeper_deletes_only_what_is_old_and_unknown(story: Story) -> None:
    asset = decoded(receive(story, media.jpeg()))
    known = files()
    store = outside().vault
    orphans = [f"{story.id}/{asset.id}/left.webp", f"{story.id}/{new_id()}/original", f"{new_id()}/x/original", "odd"]
    for name in orphans:
        store.put(name, [b"x"])
    assert sweep_orphans().deleted == 0  # all of them are young
    assert isinstance(store, LocalStore)
    for name in [*orphans[:3], *known]:
        os.utime(store.root / name, (0, 0))
    assert sweep_orphans().deleted == 3
    assert files() == sorted([*known, "odd"])


def test_the_sweeper_reports_what_is_missing(story: Story) -> None:
    asset, young = receive(story, media.jpeg()), receive(story, media.png())
    asset.created_at -= timedelta(hours=2)
    commit(outside().queue)
    assert sweep_orphans().missing == []
    outside().vault.delete(asset.vault_name)
    outside().vault.delete(young.vault_name)
    assert sweep_orphans().missing == [asset.id]
    assert sweep_orphans("~").missing == []
    with pytest.raises(Missing):
        actions.open_original(asset)


def test_the_database_repeats_the_rules(story: Story) -> None:
    """CHECK constraints refuse rows that the actions would never write."""
    asset = decoded(receive(story, media.jpeg()))
    for name, value in [("size", 0), ("sha256", "short"), ("refusal", Refusal.BROKEN), ("width", None), ("crashes", 5)]:
        with pytest.raises(Exception, match=r"(?i)check"), db.session.begin_nested():
            setattr(asset, name, value)
        db.session.refresh(asset)
    assert db.session.scalar(select(func.count(Rendition.id))) == 6
