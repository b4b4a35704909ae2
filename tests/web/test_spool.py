"""The files of a large form wait for their end on the disk, and nobody could read them there."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from stat import S_ISREG

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.adapters import Outside
from app.adapters.storage import LocalStore
from app.web.spool import SealedSpool
from tests.browser.wire import BOUNDARY
from tests.web.telling import WORDS, Child, picture

CANARY = b"canary-of-a-picture"


def spooled() -> Iterator[bytes]:
    """What lies in the temporary files, named or not, that this process has open."""
    for link in Path("/proc/self/fd").iterdir():
        try:
            where, mode = str(link.readlink()), link.stat().st_mode
        except FileNotFoundError:  # the descriptor of this very walk
            continue
        if S_ISREG(mode) and where.startswith((tempfile.gettempdir(), "/memfd:")):
            yield link.read_bytes()


class WatchedVault(LocalStore):
    """A vault that looks at the temporary files whenever it is given a file to keep."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.seen: list[bytes] = []

    def put(self, name: str, chunks: Iterable[bytes]) -> None:
        self.seen += spooled()
        super().put(name, chunks)


@pytest.fixture
def vault(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WatchedVault:
    """The app's vault, in a process whose temporary files lie in a folder of this test."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    connected: Outside = app.extensions["eyes"]
    watched = WatchedVault(connected.settings.data_dir / "vault")
    app.extensions["eyes"] = replace(connected, vault=watched)
    return watched


def with_comment(photo: bytes, words: bytes) -> bytes:
    """A JPEG with a comment behind its first mark."""
    return photo[:2] + b"\xff\xfe" + (len(words) + 2).to_bytes(2, "big") + words + photo[2:]


def form_with(fields: dict[str, str], picture: bytes) -> bytes:
    """A form as a page without a script sends it. The test client would write it to the disk itself."""
    parts = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items()]
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="pictures"; filename="a.jpg"\r\n\r\n'
    return ("".join(parts) + head).encode() + picture + f"\r\n--{BOUNDARY}--\r\n".encode()


def test_a_large_form_leaves_nothing_readable_on_the_disk(client: FlaskClient, vault: WatchedVault) -> None:
    child = Child(client)
    child.begin()
    child.get("/tell/story")
    photo = with_comment(picture(1400), CANARY)
    assert len(photo) > 500_000
    body = form_with({"csrf_token": child.token, "go": "next", **WORDS}, photo)
    sent = {
        "wsgi.input": BytesIO(body),
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}",
    }
    assert client.post("/tell/story", environ_overrides=sent).location == "/tell/about"
    assert [len(content) for content in vault.seen] == [len(photo)], (
        "the form did not go by the disk: nothing is proven"
    )
    assert [content for content in vault.seen if CANARY in content or photo[:64] in content] == []
    assert list(spooled()) == []


@pytest.mark.parametrize("piece", [1, 15, 16, 17, 4096, 100_000])
def test_a_spool_gives_back_what_was_written_from_any_place(piece: int) -> None:
    content = os.urandom(100_000)
    with SealedSpool() as spool:
        for start in range(0, len(content), 7_001):
            assert spool.write(content[start : start + 7_001]) == len(content[start : start + 7_001])
        assert spool.seek(0) == 0
        assert b"".join(iter(lambda: spool.read(piece), b"")) == content
        for place in (0, 5, 16, 99_999, 100_000):
            spool.seek(place)
            assert spool.read() == content[place:]
