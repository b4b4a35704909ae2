"""What a telephone's camera reads from a page: each QR code, painted out of its SVG and decoded by another library."""

import re
from collections.abc import Iterator

import zxingcpp
from PIL import Image

SVG = re.compile(r'<svg viewBox="0 0 (\d+) \d+" class="segno">.*?<path[^>]*class="qrline"[^>]* d="([^"]+)"', re.DOTALL)
STEP = re.compile(r"([Mmh])(-?[\d.]+)(?:[ ,]?(-?[\d.]+))?")
SCALE = 4


def codes(page: str) -> list[str]:
    """The text of every code on a page, in order. A code that cannot be read fails."""
    return [_read(int(size), path) for size, path in SVG.findall(page)]


def _read(size: int, path: str) -> str:
    image = Image.new("L", (size, size), 255)
    for x, y in _dark(path):
        image.putpixel((x, y), 0)
    found = zxingcpp.read_barcodes(image.resize((size * SCALE, size * SCALE), Image.Resampling.NEAREST))
    assert len(found) == 1, "the code cannot be read"
    return str(found[0].text)


def _dark(path: str) -> Iterator[tuple[int, int]]:
    """The modules that a path of horizontal strokes paints: it moves to (M), moves by (m), and draws by (h)."""
    x = y = 0
    for step, first, second in STEP.findall(path):
        if step == "h":
            yield from ((x + offset, y) for offset in range(int(first)))
            x += int(first)
        elif step == "m":
            x, y = x + int(float(first)), y + int(float(second or 0))
        else:
            x, y = int(float(first)), int(float(second))
