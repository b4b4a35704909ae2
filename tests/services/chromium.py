"""Debian's Chromium, driven by Playwright, cut off from everything but loopback.

The build without windows opens a context in a third of the time; where it is not installed, the whole browser serves.

A page that breaks its Content-Security-Policy, raises an error or asks for anything from elsewhere fails its test.
"""

import math
import shutil
import struct
import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from tests.services.processes import ServiceMissing

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
HERE = {"127.0.0.1", "localhost"}
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)
RATE = 48_000
SECONDS = 4


def write_tone(path: Path) -> None:
    """What the browser's microphone hears: a tone that comes and goes, so that loudness can be measured."""
    levels = (
        0.4 * math.sin(2 * math.pi * 440 * i / RATE) * abs(math.sin(math.pi * i / RATE)) for i in range(RATE * SECONDS)
    )
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(b"".join(struct.pack("<h", int(32_767 * level)) for level in levels))


@dataclass
class Visitor:
    """One browsing context: its own cookies and storage, and a list of what went wrong in it."""

    context: BrowserContext
    wrong: list[str] = field(default_factory=list)

    def page(self) -> Page:
        """A new, watched page."""
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        page.on("console", self._listen)
        page.on("request", self._notice)
        return page

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            self.wrong.append(message.text)

    def _notice(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.hostname not in HERE:
            self.wrong.append(f"asked for {request.url}")


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for this process of the test run."""
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if program is None:
        raise ServiceMissing("chromium-headless-shell is not installed; `make test` installs it")
    tone = tmp_path_factory.mktemp("microphone") / "tone.wav"
    write_tone(tone)
    with sync_playwright() as playwright:
        microphone = f"--use-file-for-fake-audio-capture={tone}"
        browser = playwright.chromium.launch(executable_path=program, args=[*FLAGS, microphone])
        yield browser
        browser.close()


@pytest.fixture
def new_visitor(chromium: Browser) -> Iterator[Callable[..., Visitor]]:
    """Open a browsing context (the options are Playwright's `new_context`); what went wrong in it fails the test.

    Its visitor asked for less motion, unless the test says otherwise: Playwright does not click while a page glides,
    and looks again only after half a second.
    """
    visitors: list[Visitor] = []

    def open_context(**options: Any) -> Visitor:
        visitor = Visitor(chromium.new_context(**{"locale": "en-GB", "reduced_motion": "reduce"} | options))
        visitor.context.set_default_timeout(15_000)
        visitors.append(visitor)
        return visitor

    yield open_context
    wrong = [complaint for visitor in visitors for complaint in visitor.wrong]
    for visitor in visitors:
        visitor.context.close()
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def page(new_visitor: Callable[..., Visitor]) -> Page:
    """A page of an ordinary visitor at a desk."""
    return new_visitor(viewport={"width": 1280, "height": 900}).page()


AXE_SAYS = """
only => window.axe && axe.run(document, {runOnly: only, resultTypes: ['violations']}).then(
    result => result.violations.map(
        ({id, help, nodes}) => `${id}: ${help}: ${JSON.stringify(nodes.map(node => node.target))}`
    )
)
"""


def axe_violations(page: Page, *rules: str) -> list[str]:
    """What axe says against the page as it stands: WCAG 2.2 A and AA, or only these of its rules."""
    page.context.set_default_timeout(60_000)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": tags}
    said = page.evaluate(AXE_SAYS, only)
    if said is None:  # it is not in this page yet
        page.evaluate(AXE.read_text(encoding="utf-8"))
        said = page.evaluate(AXE_SAYS, only)
    return [str(violation) for violation in said]
