"""Public pages before Lighthouse: its four categories on a slow telephone, what jumps, and how long the page is deaf.

The stories are the demo's, served by granian as the product starts it. One Chromium looks at all pages, and only after
its own start is over, which would else be counted against the page. Each figure is the median of three visits.
Lighthouse comes by `tools/lighthouse/package.json`, and only for this.
Run it alone with `python -m tests.bench.lighthouse`.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from urllib.request import urlopen

from app import create_app
from app.cli.demo import prepare
from tests.bench.media import Row, table
from tests.bench.wrk import served
from tests.services.application import disconnect, settings_in
from tests.services.chromium import FLAGS
from tests.services.processes import Server, find_program, free_port, listens
from tools.build_assets import ROOT, install

FOLDER = ROOT / "tools" / "lighthouse"
PROGRAM = FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"
VISITS = 3
ATTEMPTS = 3
"""Chromium's trace lacks the beginning of the page now and then, and Lighthouse asks to be run again."""
START_SECONDS = 10
"""How long Chromium is busy with itself."""
SLOWER = 4
"""By how much the telephone of Lighthouse's mobile preset is slower than this machine."""
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PAGES = {
    "home": "/",
    "gallery": "/gallery",
    "story": "{story}",
    "campaign": "/campaigns/i-am-here",
    "embed": "/embed/campaigns/i-am-here",
}
ONE_WORD = "a page of one word, without a style or a script"
FRAMED = ("embed",)
"""Pages for frames keep search engines away on purpose: the one audit that minds it is left out for them."""


@dataclass(frozen=True)
class Visit:
    """What Lighthouse saw: points of a hundred by category, the layout shift, and the longest task in milliseconds."""

    points: dict[str, float]
    shift: float
    longest: float
    bytes: float


def visit(address: str, port: int, *, framed: bool) -> Visit:
    """Look at one page, as a telephone that comes for the first time."""
    node = find_program("node", Path(sys.executable).parent)
    wanted = (f"--only-categories={','.join(CATEGORIES)}", "--output=json", "--quiet", "--no-enable-error-reporting")
    left_out = ("--skip-audits=is-crawlable",) if framed else ()
    command = [node, str(PROGRAM), address, f"--port={port}", *wanted, *left_out]
    for attempt in range(ATTEMPTS):
        done = subprocess.run(command, check=attempt == ATTEMPTS - 1, stdout=subprocess.PIPE, text=True)
        if done.returncode == 0:
            break
    return read(json.loads(done.stdout))


def read(report: dict[str, Any]) -> Visit:
    """A visit out of Lighthouse's report; what it could not look at is an error, not a good figure."""
    if "runtimeError" in report:
        raise RuntimeError(report["runtimeError"])
    audits = report["audits"]
    tasks = audits["main-thread-tasks"]["details"]["items"]
    return Visit(
        {name: 100 * report["categories"][name]["score"] for name in CATEGORIES},
        round(audits["cumulative-layout-shift"]["numericValue"], 3),  # as Lighthouse says it
        max(task["duration"] for task in tasks),
        audits["total-byte-weight"]["numericValue"],
    )


@contextmanager
def chromium(folder: Path) -> Iterator[int]:
    """Debian's Chromium, settled; the port by which it is told what to do."""
    port = free_port()
    program = find_program("chromium")
    options = ["--headless=new", f"--user-data-dir={folder / 'profile'}", f"--remote-debugging-port={port}"]
    server = Server([program, *FLAGS, *options, "about:blank"], log=folder / "chromium.log")
    try:
        server.wait_until(lambda: listens(port))
        time.sleep(START_SECONDS)
        yield port
    finally:
        server.kill()


def heard_story(address: str) -> str:
    """The newest story with a recording: nothing on its page may jump while the waveform is drawn."""
    with urlopen(f"{address}/gallery?medium=sound", timeout=30) as answer:
        found = re.search(r'href="(/stories/[^"]+)"', answer.read().decode())
    if found is None:
        raise RuntimeError("the demo's gallery shows no recording")
    return found[1]


def page_rows(name: str, visits: list[Visit]) -> list[Row]:
    """What is said of one page."""
    points = {category: median(seen.points[category] for seen in visits) for category in CATEGORIES}
    left_out = "; without the audit for search engines, which a page for frames keeps away" if name in FRAMED else ""
    each = ", ".join(f"{category} {points[category]:.0f}" for category in CATEGORIES)
    weight = median(seen.bytes for seen in visits) / 1000
    longest = median(seen.longest for seen in visits)
    return [
        Row(
            f"{name}: the least of Lighthouse's four categories",
            min(points.values()),
            "",
            98,
            f"{each}; {weight:.0f} kB{left_out}",
            True,
        ),
        Row(f"{name}: layout shift, the worst", max(seen.shift for seen in visits), "", 0, f"{len(visits)} visits"),
        Row(f"{name}: longest task, as it ran here", longest, " ms", 50, "the browser's own start of a page with it"),
        Row(
            f"{name}: the same on a telephone {SLOWER} times slower",
            SLOWER * longest,
            " ms",
            50,
            "as Lighthouse has it",
        ),
    ]


def rows() -> list[Row]:
    """Everything."""
    install(FOLDER)
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        settings = settings_in(folder, demo=True, public_url=f"http://127.0.0.1:{port}")
        app = create_app(settings)
        with app.app_context():
            prepare()
        disconnect(app)
        with (
            served("wsgi:app", settings, folder, port=port) as ours,
            served("tests.bench.hello:app", settings, folder) as hello,
            chromium(folder) as browser,
        ):
            pages = {name: ours + path.format(story=heard_story(ours)) for name, path in PAGES.items()}
            pages[ONE_WORD] = hello
            turns = [
                {name: visit(address, browser, framed=name in FRAMED) for name, address in pages.items()}
                for _ in range(VISITS)
            ]
    least = median(turn[ONE_WORD].longest for turn in turns)
    how = f"less no page can have; {SLOWER * least:.0f} ms on a telephone {SLOWER} times slower"
    return [
        *(row for name in PAGES for row in page_rows(name, [turn[name] for turn in turns])),
        Row(f"{ONE_WORD}: longest task, as it ran here", least, " ms", None, how),
    ]


if __name__ == "__main__":
    sys.stdout.write(table(rows()) + "\n")
