"""Built files come compressed to whoever reads that, without a server in front."""

import gzip

from flask import Flask
from flask.testing import FlaskClient

from app.web.templating import asset


def test_a_style_comes_compressed_to_whoever_reads_that(app: Flask, client: FlaskClient) -> None:
    with app.test_request_context():
        address = asset("site.css")
    plain = client.get(address, buffered=True)
    zipped = client.get(address, buffered=True, headers={"Accept-Encoding": "br, gzip"})
    assert "Content-Encoding" not in plain.headers
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.data) == plain.data
    assert plain.headers["ETag"] != zipped.headers["ETag"]
    for answer in (plain, zipped):
        assert answer.mimetype == "text/css"
        assert "Content-Disposition" not in answer.headers
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    refused = client.get(address, buffered=True, headers={"Accept-Encoding": "gzip;q=0"})
    assert refused.data == plain.data


def test_what_is_not_text_comes_as_it_is(app: Flask, client: FlaskClient) -> None:
    with app.test_request_context():
        address = asset("touch-icon.png")
    picture = client.get(address, buffered=True, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in picture.headers
    assert picture.data.startswith(b"\x89PNG")
    assert client.get("/static/dist/nothing.css", headers={"Accept-Encoding": "gzip"}).status_code == 404
