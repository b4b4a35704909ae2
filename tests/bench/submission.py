"""How long a child waits until the story is safe: the last step of telling, acknowledged and durable.

Granian and the worker run as in production, SQLite with `synchronous=FULL`; each story has a photograph.
Run it alone with `python -m tests.bench.submission`.
"""

import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from app.extensions import new_id
from tests.bench.media import Row, table
from tests.browser.wire import Wire
from tests.factories import media
from tests.services.application import disconnect, migrate, settings_in
from tests.services.live import Live
from tests.services.processes import free_port
from tests.web.telling import Child

SUBMISSIONS = 150


def submit(live: Live, number: int, picture: bytes) -> tuple[float, float]:
    """One child's story; seconds that the file took, and seconds that the last step took."""
    child = Child(Wire(live.url, f"10.2.0.{number % 250 + 1}"))  # type: ignore[arg-type]  (a client over a socket)
    child.begin()
    child.get("/tell/story")
    began = time.perf_counter()
    answer = child.put_file(f"/tell/files/{new_id()}?kind=image", picture)
    taken = time.perf_counter() - began
    if answer.status_code != 201:
        raise RuntimeError(f"the file was answered {answer.status_code}")
    child.go_on(gallery="yes")
    child.get("/tell/look")
    began = time.perf_counter()
    sent = child.post("/tell/look", {"go": "send"})
    acknowledged = time.perf_counter() - began
    if sent.location != "/tell/card":
        raise RuntimeError(f"the story was answered {sent.status_code} {sent.location}")
    return taken, acknowledged


def rows() -> list[Row]:
    """The slowest of a hundred and the median, for the story and for the file."""
    picture = media.jpeg()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = settings_in(folder, public_url=f"http://127.0.0.1:{free_port()}", trusted_proxies=1)
        migrate(settings)
        live = Live(settings, folder)
        try:
            times = np.array([submit(live, number, picture) for number in range(SUBMISSIONS)]) * 1000
        finally:
            live.kill9()
            disconnect(live.app)
    (file_50, story_50), (file_99, story_99) = np.percentile(times, [50, 99], axis=0)
    how = f"{SUBMISSIONS} stories one after another, the worker decoding beside them"
    return [
        Row("story acknowledged, p99", story_99, " ms", None, f"p50 {story_50:.0f} ms; {how}"),
        Row(
            f"photograph of {len(picture) / 1e6:.1f} MB sealed and acknowledged, p99",
            file_99,
            " ms",
            None,
            f"p50 {file_50:.0f} ms",
        ),
    ]


if __name__ == "__main__":
    sys.stdout.write(table(rows()) + "\n")
