"""How long the public still sees what was taken back: from the child's no to the last byte, under load everywhere.

Two web processes with their caches on, by themselves and behind nginx; a thousand requests a second on the wall, the
story, the frame for other sites, the API and a file. Run it alone with `python -m tests.bench.takedown`.
"""

import socket
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from threading import Event, Thread
from typing import BinaryIO
from urllib.parse import urlsplit

from flask import Flask

from app import create_app
from tests.bench.media import Row, table
from tests.bench.wrk import served
from tests.services.application import disconnect, migrate, settings_in
from tests.services.front import Front
from tests.services.processes import wait_for
from tests.web.public_side import file_names, in_campaign, say

WITHDRAWALS = 12
PROCESSES = 2
READERS = 8
REQUESTS_A_SECOND = 1_060
"""A little more than the thousand of the promise, so that a thousand come through."""
ORIGIN, BEHIND = 1.0, 5.0
"""Seconds in which a withdrawal is promised to be obeyed by the product itself, and by every cache of ours."""
AFTERWARDS = 0.5
"""Seconds that the load goes on beyond the promise."""


@dataclass
class Reader:
    """Asks for its addresses in turn at a steady pace, and notes when it last saw the story."""

    site: str
    addresses: dict[str, str]
    stop: Event
    address: str
    """Its own, of this machine: programs may ask ten times a second each."""
    asked: int = 0
    last_seen: dict[str, float] = field(default_factory=dict)

    def run(self) -> None:
        host = urlsplit(self.site)
        with socket.create_connection((host.hostname, host.port), 10, (self.address, 0)) as connection:
            answers = connection.makefile("rb")
            begun, pace = time.monotonic(), READERS / REQUESTS_A_SECOND
            names = list(self.addresses)
            while not self.stop.is_set():
                name = names[self.asked % len(names)]
                connection.sendall(f"GET {self.addresses[name]} HTTP/1.1\r\nHost: {host.netloc}\r\n\r\n".encode())
                status, body = answer_from(answers)
                if status == 200 and (name == "file" or self.addresses["story"].encode() in body):
                    self.last_seen[name] = time.monotonic()
                self.asked += 1
                time.sleep(max(0, begun + self.asked * pace - time.monotonic()))


def answer_from(stream: BinaryIO) -> tuple[int, bytes]:
    """The status and the body of one answer. `http.client` takes a tenth of the time that a request may take here."""
    status, length = int(stream.readline().split()[1]), None
    while (line := stream.readline().strip()) != b"":
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    if length is None:
        raise RuntimeError("an answer without a length")
    return status, stream.read(length)


def take_back(
    app: Flask, site: str, story_id: str, scope: str, turn: int, promise: float
) -> tuple[dict[str, float], float]:
    """Seconds from before the commit to the last sight of the story, by address; and the requests a second."""
    addresses = {
        "wall": "/gallery",
        "story": f"/stories/{story_id}",
        "frame": "/embed/campaigns/here",
        "api": f"/api/v1/stories/{story_id}",
        "file": f"/media/{file_names(app, story_id)[0]}",
    }
    stop = Event()
    readers = [Reader(site, addresses, stop, f"127.0.{turn}.{number}") for number in range(1, READERS + 1)]
    begun = time.monotonic()
    threads = [Thread(target=reader.run, daemon=True) for reader in readers]
    for thread in threads:
        thread.start()
    wait_for(lambda: all(len(reader.last_seen) == len(addresses) for reader in readers), 30, "a look at each address")
    said = time.monotonic()
    say(app, story_id, **{"gallery": "no", "embed": "no", scope: "no"})
    time.sleep(promise + AFTERWARDS)
    stop.set()
    for thread in threads:
        thread.join()
    rate = sum(reader.asked for reader in readers) / (time.monotonic() - begun)
    seen = {name: max(reader.last_seen[name] for reader in readers) - said for name in addresses}
    say(app, story_id, **{"gallery": "yes", "embed": "yes", scope: "yes"})
    return seen, rate


def rows() -> list[Row]:
    """The slowest of several withdrawals, at the origin and behind the nginx that is shipped."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = settings_in(folder)
        migrate(settings)
        app = create_app(settings)
        scope, story_id = in_campaign(app, "gallery", "embed")
        with served("wsgi:app", settings, folder, PROCESSES) as site:
            origin = [take_back(app, site, story_id, scope, turn, ORIGIN) for turn in range(1, WITHDRAWALS + 1)]
        behind = settings.model_copy(update={"x_accel": True, "trusted_proxies": 1})
        with (
            served("wsgi:app", behind, folder, PROCESSES) as site,
            Front(site, settings.data_dir, folder / "nginx") as front,
        ):
            turns = range(WITHDRAWALS + 1, 2 * WITHDRAWALS + 1)
            outside = [take_back(app, front.url, story_id, scope, turn, BEHIND) for turn in turns]
        disconnect(app)
    return [_row("of the origin", origin, ORIGIN), _row("of the shipped nginx before it", outside, BEHIND)]


def _row(where: str, taken: list[tuple[dict[str, float], float]], promise: float) -> Row:
    slowest = {name: max(seen[name] for seen, _ in taken) for name in taken[0][0]}
    rate = median(rate for _, rate in taken)
    each = ", ".join(f"{name} {1000 * seconds:.0f} ms" for name, seconds in slowest.items())
    return Row(
        f"withdrawal: from the no, its commit included, to the last public byte {where}, the slowest",
        1000 * max(slowest.values()),
        " ms",
        1000 * promise,
        f"{len(taken)} withdrawals, {PROCESSES} web processes, {rate:.0f} requests/s; {each}",
    )


if __name__ == "__main__":
    sys.stdout.write(table(rows()) + "\n")
