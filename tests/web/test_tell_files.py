"""Files on their way in: by themselves or in the form, twice, too large, hostile, somebody else's."""

import io
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.adapters import outside
from app.cli.writing import transaction
from app.extensions import db, limiter
from app.media.actions import make_renditions
from app.media.models import Asset, Rendition
from app.media.rules import Refusal, State
from app.stories.models import VersionAsset
from tests.web.telling import Child, picture

AN_ID = "AAAAAAAAAAAAAAAAAAAAAA"


@pytest.fixture(autouse=True)
def fresh_brakes(app: Flask) -> None:
    limiter.reset()


@pytest.fixture
def child(client: FlaskClient) -> Child:
    child = Child(client)
    child.begin()
    child.get("/tell/story")
    return child


def vault(app: Flask) -> list[str]:
    with app.app_context():
        return sorted(outside().vault.names(""))


def assets() -> list[Asset]:
    return list(db.session.scalars(select(Asset)))


def decode_all(app: Flask) -> None:
    with app.app_context():
        for asset_id in [asset.id for asset in assets()]:
            with transaction():
                make_renditions(asset_id)


def test_a_file_sent_by_itself_is_acknowledged_once_it_is_kept(app: Flask, child: Child) -> None:
    answer = child.put_file(f"/tell/files/{AN_ID}?kind=image", picture())
    assert answer.status_code == 201
    assert answer.json == {"id": AN_ID, "kind": "image", "state": "quarantined", "sentence": ""}
    assert len(vault(app)) == 1
    child.get("/tell/story")
    assert "Picture 1" in child.words


def test_an_empty_story_is_told_so_on_its_own_page(app: Flask, child: Child) -> None:
    nothing = {"title": "The yard", "text": " ", "go": "next"}
    assert child.post("/tell/story", nothing).status_code == 200
    assert "Your story is still empty." in child.words
    assert 'value="The yard"' in child.page
    child.put_file(f"/tell/files/{AN_ID}?kind=image", picture())
    assert child.post("/tell/story", nothing).location == "/tell/about"
    with app.app_context(), transaction():
        asset = db.session.get_one(Asset, AN_ID)
        asset.state, asset.refusal = State.REFUSED, Refusal.BROKEN
    child.get("/tell/story")
    child.post("/tell/story", nothing)
    assert "Your story is still empty." in child.words
    assert child.post("/tell/story", {**nothing, "go": "back"}).location == "/tell"


def test_the_same_id_again_is_the_same_file(app: Flask, child: Child) -> None:
    first = child.put_file(f"/tell/files/{AN_ID}?kind=image", picture())
    again = child.put_file(f"/tell/files/{AN_ID}?kind=image", picture(80))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    with app.app_context():
        assert len(assets()) == 1


def test_a_browser_may_write_the_id_as_a_uuid(app: Flask, child: Child) -> None:
    made = str(uuid.uuid4())
    for status in (201, 200):
        assert child.put_file(f"/tell/files/{made}?kind=image", picture()).status_code == status
    with app.app_context():
        assert len(assets()) == 1


def test_an_id_that_is_none_is_refused(app: Flask, child: Child) -> None:
    for bad in ("x", "A" * 23, "..%2f..%2fetc", "A" * 200, "é" * 22):
        assert child.put_file(f"/tell/files/{bad}?kind=image", picture()).status_code in (400, 404), bad
    assert vault(app) == []


def test_another_childs_id_is_refused(app: Flask, child: Child) -> None:
    child.put_file(f"/tell/files/{AN_ID}?kind=image", picture())
    other = Child(app.test_client())
    other.begin()
    other.get("/tell/story")
    assert other.put_file(f"/tell/files/{AN_ID}?kind=image", picture()).status_code == 409
    other.get("/tell/story")
    assert "Picture 1" not in other.words


def test_without_a_draft_no_file_is_taken(app: Flask, client: FlaskClient) -> None:
    visitor = Child(client)
    visitor.get("/tell")
    assert visitor.put_file(f"/tell/files/{AN_ID}?kind=image", picture()).status_code == 302
    assert vault(app) == []


def test_a_huge_file_is_refused_before_it_is_read(app: Flask, child: Child) -> None:
    class Unread(io.BytesIO):
        """A body that must not be read."""

        def read(self, *_size: object) -> bytes:
            raise AssertionError("the body was read")

    answer = child.client.put(
        f"/tell/files/{AN_ID}?kind=sound",
        environ_overrides={"wsgi.input": Unread()},
        content_type="application/octet-stream",
        content_length=61_000_001,
        headers={"X-CSRFToken": child.token, "Accept": "application/json"},
    )
    assert answer.status_code == 413
    assert "60 MB" in answer.json["sentence"]
    assert vault(app) == []


def test_a_picture_over_its_limit_is_refused_while_it_is_read(app: Flask, child: Child) -> None:
    answer = child.put_file(f"/tell/files/{AN_ID}?kind=image", picture() + bytes(25_000_001))
    assert answer.status_code == 413
    assert "25 MB" in answer.json["sentence"]
    assert vault(app) == []


USELESS = [
    (b"", "image", "empty"),
    (b"MZ" + bytes(100), "image", "not_a_picture"),
    (b"#EXTM3U\nhttp://127.0.0.1:1/a.ts", "sound", "unsupported"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "image", "unsupported"),
    (b"GIF89a" + b"<script>alert(1)</script>", "image", "hostile"),
]


def test_what_cannot_be_used_is_refused_with_a_sentence(app: Flask, child: Child) -> None:
    for content, kind, code in USELESS:
        answer = child.put_file(f"/tell/files/{AN_ID}?kind={kind}", content)
        assert (answer.status_code, answer.json["code"]) == (400, code)
        assert answer.json["sentence"] == answer.json["message"] != ""
    assert vault(app) == []


def test_a_bad_file_in_the_form_does_not_lose_the_rest(app: Flask, child: Child) -> None:
    answer = child.write(
        pictures=[(io.BytesIO(b"not a picture"), "a.jpg"), (io.BytesIO(picture()), "b.jpg")],
        recording=(io.BytesIO(b""), "empty.mp3"),
    )
    assert answer.status_code == 200
    assert "This is not a picture." in child.words
    assert "This file is empty." in child.words
    assert "Picture 1" in child.words
    child.get("/tell/story")
    assert "I feed the hens." in child.page
    assert "Picture 1" in child.words


def test_a_seventh_file_is_one_too_many(app: Flask, child: Child) -> None:
    for number in range(6):
        assert child.put_file(f"/tell/files/{number:022}?kind=image", picture()).status_code == 201
    answer = child.put_file(f"/tell/files/{AN_ID}?kind=image", picture())
    assert (answer.status_code, answer.json["code"]) == (400, "too_many_files")
    child.write(pictures=(io.BytesIO(picture()), "g.jpg"))
    assert "You can add six files." in child.words
    assert len(vault(app)) == 6


def test_taking_a_file_out_keeps_what_was_typed(app: Flask, child: Child) -> None:
    child.put_file(f"/tell/files/{AN_ID}?kind=image", picture())
    child.get("/tell/story")
    answer = child.post(f"/tell/files/{AN_ID}/remove", {"title": "", "text": "half a sentence"})
    assert answer.location == "/tell/story"
    child.get("/tell/story")
    assert "Picture 1" not in child.words
    assert "half a sentence" in child.page


def test_another_childs_file_cannot_be_taken_out(app: Flask, child: Child) -> None:
    child.put_file(f"/tell/files/{AN_ID}?kind=image", picture())
    other = Child(app.test_client())
    other.begin()
    other.get("/tell/story")
    other.post(f"/tell/files/{AN_ID}/remove", {"title": "", "text": ""})
    with app.app_context():
        assert db.session.scalars(select(VersionAsset.asset_id)).all() == [AN_ID]


def test_the_preview_is_private(app: Flask, child: Child) -> None:
    child.put_file(f"/tell/files/{AN_ID}?kind=image", picture())
    decode_all(app)
    with app.app_context():
        names = list(db.session.scalars(select(Rendition.name)))
    answer = child.client.get(f"/tell/files/{names[0]}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    part = child.client.get(f"/tell/files/{names[0]}", headers={"Range": "bytes=2-5"})
    assert (part.status_code, part.data) == (206, answer.data[2:6])
    assert child.client.get(f"/tell/files/{names[0]}x").status_code == 404
    other = Child(app.test_client())
    other.begin()
    assert other.client.get(f"/tell/files/{names[0]}").status_code == 404


def test_a_file_that_was_refused_is_told_kindly_and_left_out(app: Flask, child: Child) -> None:
    child.put_file(f"/tell/files/{AN_ID}?kind=image", picture()[:600])
    decode_all(app)
    child.get("/tell/story")
    assert "This file is broken. Please take the photo again" in child.words
    child.get("/tell/look")
    assert child.post("/tell/look", {"go": "send"}).status_code == 422
    assert "Your story is still empty." in child.words
