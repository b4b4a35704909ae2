"""`/media/<name>`: fixed type, ranges, ETag, and nothing for a story that is not shown."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.public_side import file_names, say, shown


@pytest.fixture
def story_id(app: Flask) -> str:
    return shown(app, pictures=1)


@pytest.fixture
def address(app: Flask, story_id: str) -> str:
    return f"/media/{file_names(app, story_id)[0]}"


def asked(client: FlaskClient, address: str, **headers: str) -> TestResponse:
    return client.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})


def test_a_file_has_a_fixed_type_and_may_do_nothing(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200
    assert response.mimetype in ("image/webp", "image/jpeg", "image/avif")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response.headers["Accept-Ranges"] == "bytes"
    assert response.headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in response.headers
    assert response.content_length == len(response.data)


def test_other_sites_show_a_file_while_the_family_lets_them(app: Flask, client: FlaskClient) -> None:
    story_id = shown(app, ["gallery", "embed"], pictures=1)
    address = f"/media/{file_names(app, story_id)[0]}"

    def may() -> tuple[str, str | None]:
        headers = client.get(address).headers
        return headers["Cross-Origin-Resource-Policy"], headers.get("Access-Control-Allow-Origin")

    assert may() == ("cross-origin", "*")
    say(app, story_id, embed="no")
    assert may() == ("same-origin", None)


def test_head_says_the_same_without_the_bytes(client: FlaskClient, address: str) -> None:
    got, head = client.get(address), client.head(address)
    assert (head.status_code, head.data) == (200, b"")
    assert dict(head.headers) == dict(got.headers)


@pytest.mark.parametrize(
    ("wanted", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=2-5", 2, 6),
        ("bytes=3-", 3, None),
        ("bytes=-4", -4, None),
        ("bytes=-99999", 0, None),
        ("bytes=0-99999", 0, None),
    ],
)
def test_a_range_is_that_part(client: FlaskClient, address: str, wanted: str, start: int, stop: int | None) -> None:
    whole = client.get(address).data
    response = asked(client, address, Range=wanted)
    assert response.data == whole[start:stop]
    if len(response.data) < len(whole):
        first = start % len(whole)
        assert response.status_code == 206
        assert response.headers["Content-Range"] == f"bytes {first}-{first + len(response.data) - 1}/{len(whole)}"
        assert response.content_length == len(response.data)


@pytest.mark.parametrize("wanted", ["bytes=999999-", "bytes=100000-100001"])
def test_a_range_behind_the_end_is_refused(client: FlaskClient, address: str, wanted: str) -> None:
    response = asked(client, address, Range=wanted)
    assert response.status_code == 416
    assert response.headers["Content-Range"] == f"bytes */{len(client.get(address).data)}"


@pytest.mark.parametrize("wanted", ["bytes=0-1,3-4", "lines=0-1", "bytes=abc", "bytes=5-2", "bytes="])
def test_what_is_no_single_range_gets_the_whole(client: FlaskClient, address: str, wanted: str) -> None:
    response = asked(client, address, Range=wanted)
    assert (response.status_code, response.data) == (200, client.get(address).data)


@pytest.mark.parametrize("wanted", ["bytes=0-1", "bytes=999999-"])
def test_nobody_asks_for_the_head_of_a_part(client: FlaskClient, address: str, wanted: str) -> None:
    response = client.head(address, headers={"Range": wanted})
    assert (response.status_code, "Content-Range" in response.headers) == (200, False)
    assert response.content_length == len(client.get(address).data)


def test_what_is_known_is_not_sent_again(client: FlaskClient, address: str) -> None:
    etag = client.get(address).headers["ETag"]
    same = asked(client, address, If_None_Match=etag)
    assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", etag)
    assert asked(client, address, If_None_Match=f'"other", W/{etag}').status_code == 304
    assert asked(client, address, If_None_Match='"other"').status_code == 200


def test_a_range_of_another_file_gets_the_whole(client: FlaskClient, address: str) -> None:
    etag = client.get(address).headers["ETag"]
    assert asked(client, address, Range="bytes=0-1", If_Range=etag).status_code == 206
    assert asked(client, address, Range="bytes=0-1", If_Range='"other"').status_code == 200
    assert asked(client, address, Range="bytes=0-1", If_Range="Tue, 24 Nov 2026 10:00:00 GMT").status_code == 200


def test_every_file_is_gone_with_the_next_request(app: Flask, client: FlaskClient, story_id: str) -> None:
    names = file_names(app, story_id)
    assert len(names) == 6
    etags = [client.get(f"/media/{name}").headers["ETag"] for name in names]
    say(app, story_id, gallery="no")
    for name, etag in zip(names, etags, strict=True):
        assert asked(client, f"/media/{name}", If_None_Match=etag).status_code == 410
        assert asked(client, f"/media/{name}", Range="bytes=0-1").status_code == 410


@pytest.mark.parametrize("name", ["A" * 22, "x.webp", "..vault", "a" * 300])
def test_a_name_that_never_was_says_no_more_than_one_that_was(client: FlaskClient, name: str) -> None:
    assert client.get(f"/media/{name}").status_code == 410
