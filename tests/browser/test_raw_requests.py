"""What no browser sends, over bare sockets: floods, endless bodies, and clients that hardly send at all (R20)."""

import hashlib
import random
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest
from sqlalchemy import select

from app.adapters import outside
from app.cli.writing import transaction
from app.extensions import db, new_id
from app.media.models import Asset
from app.media.sweeping import orphans
from app.people.permissions import Role
from tests.browser.finishing import finish_decoding
from tests.browser.wire import Wire
from tests.factories.people import make_staff
from tests.factories.stories import make_submitted
from tests.services.live import Live
from tests.web.team import Colleague
from tests.web.telling import Child, picture

SLOW_CLIENTS = 24
AT_ONCE_SECONDS = 3
"""How long somebody may wait beside the slow ones, on a busy machine; each of those takes minutes."""


def head(first: str, **headers: str) -> bytes:
    """The head of a request."""
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([f"{first} HTTP/1.1", "Host: 127.0.0.1", *lines, "", ""]).encode()


def connect(live: Live) -> socket.socket:
    return socket.create_connection(("127.0.0.1", live.port), timeout=10)


def status(live: Live, request: bytes) -> int:
    """What a request is answered, whether all of it was taken or not."""
    with connect(live) as line:
        with suppress(OSError):  # refused before it was sent to its end
            line.sendall(request)
        return int(line.recv(64).split()[1])


FORM = {"Content_Type": "application/x-www-form-urlencoded"}
PARTS = "--b\r\nContent-Disposition: form-data; name=x\r\n\r\n\r\n" * 500 + "--b--\r\n"
REFUSED = {
    "a body of a terabyte": (head("PUT /tell/files/x", Content_Length=str(10**12)), 413),
    "a form of a terabyte": (head("POST /tell", Content_Length=str(10**12), **FORM), 413),
    "ten thousand headers": (head("GET /", **{f"X_{number}": "1" for number in range(10_000)}), 431),
    "a header of two megabytes": (head("GET /", X="x" * 2_000_000), 431),
    "an address of 200 kB": (head(f"GET /{'x' * 200_000}"), 414),
    "a negative length": (head("POST /tell", Content_Length="-5"), 400),
    "two lengths at once": (head("POST /tell", Content_Length="5", Transfer_Encoding="chunked") + b"0\r\n\r\n", 400),
    "five hundred parts": (
        head("POST /tell", Content_Length=str(len(PARTS)), Content_Type="multipart/form-data; boundary=b")
        + PARTS.encode(),
        413,
    ),
    "no HTTP at all": (b"\x16\x03\x01\x00\xff" * 10, 400),
}


def test_floods_are_refused_and_the_server_lives(live: Live) -> None:
    answered = {what: status(live, request) for what, (request, _) in REFUSED.items()}
    assert answered == {what: expected for what, (_, expected) in REFUSED.items()}
    assert live.answers()


@pytest.fixture
def child(live: Live) -> Child:
    """A child who is telling a story."""
    child = Child(Wire(live.url, ""))  # type: ignore[arg-type]  (a client over a socket)
    child.begin()
    child.get("/tell/story")
    return child


def upload(child: Child, asset_id: str, **headers: str) -> bytes:
    """The head of an upload by this child."""
    wire: Wire = child.client  # type: ignore[assignment]
    who = {"Cookie": wire.jar, "X_CSRFToken": child.token, "Content_Type": "application/octet-stream"}
    return head(f"PUT /tell/files/{asset_id}", **who, **headers)


def test_an_endless_body_is_cut_off(live: Live, child: Child) -> None:
    piece = b"10000\r\n" + b"ID3\x04" + bytes(65_532) + b"\r\n"
    endless = upload(child, new_id(), Transfer_Encoding="chunked") + piece * 1_500
    with connect(live) as line, pytest.raises(OSError):
        line.sendall(endless)
    assert live.answers()
    assert list((live.data_dir / "vault").glob("*/*")) == []


def test_slow_clients_hold_nobody_up(live: Live, child: Child) -> None:
    """Uploads, forms, heads; and a form of staff, whose log-in is read from the database that others write to."""
    heads = [upload(child, new_id(), Content_Length="1000000") + b"ID3\x04" for _ in range(SLOW_CLIENTS // 3)]
    heads += [head("POST /tell", Content_Length="9000", **FORM)] * (SLOW_CLIENTS // 3)
    heads += [b"GET / HTTP/1.1\r\nHost: 127"] * (SLOW_CLIENTS // 3)
    heads += [head(f"GET /consent/{new_id()}", Content_Length="1000", **FORM)] * (SLOW_CLIENTS // 3)
    heads.append(claim(live))
    for second in trickling(live, heads):
        begun = time.monotonic()
        assert child.write().location == "/tell/about"
        assert Wire(live.url, "").get(f"/gallery?q=word-{second}").status_code == 200
        assert time.monotonic() - begun < AT_ONCE_SECONDS


def claim(live: Live) -> bytes:
    """The head of a moderator's form."""
    wire = Wire(live.url, "")
    with live.app.app_context(), transaction():
        story_id = make_submitted().id
        moderator = Colleague(wire, make_staff(Role.MODERATOR))  # type: ignore[arg-type]  (a client over a socket)
    assert moderator.log_in().location == "/staff/"
    return head(f"POST /staff/review/{story_id}/claim", Cookie=wire.jar, Content_Length="9000", **FORM)


def trickling(live: Live, heads: list[bytes]) -> Iterator[int]:
    """Clients that send these beginnings and then a byte a second, for three seconds."""
    with ExitStack() as stack:
        lines = [stack.enter_context(connect(live)) for _ in heads]
        for line, begun in zip(lines, heads, strict=True):
            line.sendall(begun)
        for second in range(3):
            time.sleep(1)
            for line in lines:
                with suppress(BrokenPipeError, ConnectionResetError):  # who only reads was answered
                    line.sendall(b"x")
            yield second


def test_an_upload_that_is_cut_a_hundred_times_is_kept_once(live: Live, child: Child) -> None:
    """R6: whatever the connection did before, the same id is one file, and its bytes are the whole ones."""
    dice, asset_id, content = random.Random(6), new_id(), picture(200)
    whole = upload(child, asset_id, Content_Length=str(len(content))) + content
    for _ in range(100):
        with connect(live) as line:
            line.sendall(whole[: dice.randrange(1, len(whole))])
            line.shutdown(socket.SHUT_WR)
            line.recv(64)
    assert [status(live, whole) for _ in range(2)] == [201, 200]
    with live.app.app_context():
        asset = db.session.scalars(select(Asset)).one()
        assert (asset.id, asset.sha256) == (asset_id, hashlib.sha256(content).hexdigest())
        finish_decoding(30)
        assert orphans([stored.name for stored in outside().vault.listing("")]) == []
        assert list(outside().vault.root.glob(".incoming/*")) == []
