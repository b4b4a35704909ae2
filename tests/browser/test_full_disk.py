"""Not a byte more fits on the disk of the running product, and then there is room again (R5, R23).

The kernel's limit on the size of written files stands for the full disk: from one moment on every write fails, of the
database, the vault, the queue and the logs alike, and no superuser is needed.
"""

import resource
import secrets
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import func, select

from app.adapters import outside
from app.extensions import db, new_id
from app.media.models import Asset
from app.media.sweeping import orphans
from app.stories.models import Story
from tests.browser.finishing import finish_decoding
from tests.browser.wire import Answer, Wire
from tests.services.live import Live
from tests.services.processes import Server
from tests.web.telling import WORDS, Child, picture

PICTURE = picture(48)


def processes_of(pid: int) -> Iterator[int]:
    """A process and all that it started."""
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from processes_of(int(child))


def leave_room(server: Server, size: int) -> None:
    """Let the files that a server writes become so long and no longer."""
    for pid in processes_of(server.process.pid):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def resting(answer: Answer) -> bool:
    """Whether an answer says, in a sentence, that a part of the site is away."""
    return (answer.status_code, answer.retry_after) == (503, "30") and "rest" in answer.text


def test_a_full_disk_loses_nothing_that_was_acknowledged(live: Live) -> None:
    wire = Wire(live.url, "")
    child = Child(wire)  # type: ignore[arg-type]  (a client over a socket)
    child.begin(client_id=secrets.token_urlsafe(24))
    child.get("/tell/story")
    kept, refused = new_id(), new_id()
    assert child.put_file(f"/tell/files/{kept}", PICTURE).status_code == 201
    child.go_on(gallery="yes")
    child.get("/tell/look")

    wire.stubborn = False
    leave_room(live.web, 0)
    full = child.put_file(f"/tell/files/{refused}", PICTURE)
    assert (full.status_code, full.retry_after, full.mimetype) == (503, "30", "application/json")
    assert resting(child.post("/tell/look", {"go": "send"}))  # type: ignore[arg-type]
    assert resting(child.post("/tell", {"client_id": "i" * 30, "locale": "en"}))  # type: ignore[arg-type]
    assert [wire.get(page).status_code for page in ("/", "/gallery", "/campaigns", "/healthz", "/tell/look")] == [
        200
    ] * 5
    leave_room(live.web, resource.RLIM_INFINITY)

    assert child.put_file(f"/tell/files/{refused}", PICTURE).status_code == 201
    assert child.post("/tell/look", {"go": "send"}).location == "/tell/card"
    with live.app.app_context():
        finish_decoding(30)
        assert db.session.scalar(select(func.count()).select_from(Story)) == 1
        assert set(db.session.scalars(select(Asset.id))) == {kept, refused}
        assert orphans([stored.name for stored in outside().vault.listing("")]) == []
    assert [words for words in WORDS.values() if words in live.logs()] == []
