"""The picture that a link brings along where somebody shares it: 1200 × 630, from what the page itself shows.

Each is drawn once for everything it was made from and kept in a small memory. What it shows is read from the showcase
at each request, so that it is gone with its story.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from hashlib import blake2b
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request, url_for
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from app.adapters import outside
from app.errors import EyesError
from app.release import queries
from app.release.publishing import open_public
from app.web.lettering import Letters
from app.web.locale import page_code
from app.web.memory import Memory

WIDTH, HEIGHT = 1200, 630
LARGEST = 300_000
"""Bytes: some messengers drop a larger one."""
ROOM = 8 * 2**20
QUALITIES = (84, 72, 55, 35)
MARGIN, GAP, MAT, EMPTY = 64, 56, 14, 300
PAPER, SHEET, INK, SOFT, LINE, SUN, BRICK = "#faf6ee", "#fffdf8", "#1c2745", "#434c68", "#ddd4c2", "#f7b92f", "#e0694a"
LEAST_SIDE = 800
"""Pixels of the rendition that is drawn from: the smallest that is as large as its place."""


@dataclass(frozen=True)
class Motif:
    """What is shown: a title, a line below it, a picture, and words where there is none.

    A picture without bytes is one that cannot be read at this moment.
    """

    title: str
    below: str = ""
    words: str = ""
    picture: bytes | None = None


def connect(app: Flask) -> None:
    """Give `app` its memory, and its templates the addresses."""
    app.extensions["share_pictures"] = Memory[bytes](ROOM)
    app.jinja_env.globals.update(share_address=share_address)


def share_address(endpoint: str, **values: Any) -> str:
    """Where the picture of a page is fetched, in the language of the page."""
    return str(outside().settings.public_url) + url_for(endpoint, **{"lang": page_code(), **values})


def answer(make: Callable[[], Motif], *made_from: Hashable) -> Response:
    """A share picture, drawn once for each language and `made_from`: all that `make` depends on."""
    memory: Memory[bytes] = current_app.extensions["share_pictures"]
    key = (request.endpoint, page_code(), *made_from)
    drawn = memory.get(key)
    if drawn is None:
        motif = make()
        drawn = draw(motif, Path(current_app.static_folder or "", "dist", "fonts"))
        if motif.picture != b"":
            memory.put(key, drawn, len(drawn) + 2 * sum(len(str(part)) for part in key))
    response = Response(drawn, mimetype="image/jpeg")
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.set_etag(blake2b(drawn, digest_size=16).hexdigest())
    return response.make_conditional(request)  # type: ignore[return-value]


def read_picture(image: dict[str, Any]) -> bytes:
    """The bytes of a picture of a story, in the size that is needed; none when they cannot be had."""
    by_size = sorted(image["renditions"], key=lambda item: max(item["width"] or 0, item["height"] or 0))
    enough = [item for item in by_size if max(item["width"] or 0, item["height"] or 0) >= LEAST_SIDE]
    chosen = (enough or by_size[-1:])[:1]
    try:
        found = [file for item in chosen if (file := queries.media(item["name"]))]
        return b"".join(open_public(found[0])) if found else b""
    except EyesError:
        return b""


def draw(motif: Motif, fonts: Path) -> bytes:
    """A JPEG without a word about where it comes from."""
    page = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    left = MARGIN
    piece = opened(motif.picture) or sheet(motif.words, fonts)
    if piece is not None:
        left = MARGIN + hang(page, piece) + GAP
    else:
        page.paste(mark(EMPTY), (WIDTH - MARGIN - EMPTY, (HEIGHT - EMPTY) // 2))
    write_words(page, motif, fonts, left, WIDTH - MARGIN - left - (0 if piece else EMPTY + GAP))
    return encoded(page)


def encoded(page: Image.Image) -> bytes:
    """The best of the qualities that is small enough."""
    out = BytesIO()
    for quality in QUALITIES:
        out = BytesIO()
        page.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= LARGEST:
            break
    return out.getvalue()


def opened(picture: bytes | None) -> Image.Image | None:
    """The pixels of a rendition of ours, as large as its place."""
    if not picture:
        return None
    try:
        image = Image.open(BytesIO(picture), formats=("WEBP", "JPEG")).convert("RGB")
    except OSError:
        return None
    return ImageOps.contain(image, (580, HEIGHT - 2 * MARGIN - 2 * MAT), Image.Resampling.LANCZOS)


def sheet(words: str, fonts: Path) -> Image.Image | None:
    """The first words on a sheet of lined paper."""
    letters, width, height = Letters(fonts, 29), 440, 474
    lines = letters.lines(words, width - 100, 10)
    if not lines:
        return None
    page = Image.new("RGB", (width, height), SHEET)
    pen = ImageDraw.Draw(page)
    for number in range(12):
        y = 52 + number * letters.leading
        pen.line((0, y, width, y), LINE)
    pen.line((56, 0, 56, height), BRICK)
    for number, line in enumerate(lines):
        letters.write(pen, (74, 44 + number * letters.leading), line, INK)
    return page


def hang(page: Image.Image, piece: Image.Image) -> int:
    """Put a piece in its mat on the left; how wide it is."""
    wide, tall = piece.width + 2 * MAT, piece.height + 2 * MAT
    top = (HEIGHT - tall) // 2
    shadow = Image.new("L", page.size)
    ImageDraw.Draw(shadow).rectangle((MARGIN + 2, top + 10, MARGIN + wide - 2, top + tall + 12), 70)
    page.paste(Image.new("RGB", page.size, "#2a2210"), mask=shadow.filter(ImageFilter.GaussianBlur(12)))
    page.paste(SHEET, (MARGIN, top, MARGIN + wide, top + tall))
    page.paste(piece, (MARGIN + MAT, top + MAT))
    return wide


def write_words(page: Image.Image, motif: Motif, fonts: Path, left: int, width: int) -> None:
    """Title and line below it in the middle of the room that is left, our mark at its foot."""
    pen = ImageDraw.Draw(page)
    title, below = Letters(fonts, 58 if width > 400 else 46, 650), Letters(fonts, 28)
    lines, more = title.lines(motif.title, width, 4), below.lines(motif.below, width, 3)
    tall = len(lines) * title.leading + (len(more) * below.leading + 18 if more else 0)
    y = (HEIGHT - 110 - tall) / 2 + title.size
    for line in lines:
        title.write(pen, (left, y), line, INK)
        y += title.leading
    y += 18 - title.size + below.size
    for line in more:
        below.write(pen, (left, y), line, SOFT)
        y += below.leading
    page.paste(mark(), (left, HEIGHT - MARGIN - 62))
    Letters(fonts, 30, 650).write(pen, (left + 82, HEIGHT - MARGIN - 20), "Eyes on Me", INK)


def mark(side: int = 64, finer: int = 4) -> Image.Image:
    """The eye of our mark (templates/icons/mark.svg), in its grid of 48."""
    scale = side * finer / 48
    drawn = Image.new("RGB", (side * finer, side * finer), PAPER)
    pen, stroke = ImageDraw.Draw(drawn), round(3.2 * scale)
    pen.ellipse([scale * edge for edge in (15.4, 19.6, 32.8, 37)], SUN, INK, stroke)
    upper = bend((3.6, 29.3), (11, 15), (24, 15)) + bend((24, 15), (37, 15), (44.4, 28.9))
    lower = bend((44.4, 28.9), (36, 41.5), (24, 41.5)) + bend((24, 41.5), (11, 41.5), (3.6, 29.3))
    lashes = [[(24, 3.5), (24.1, 9)], [(12.8, 5.7), (15.2, 10.7)], [(35.4, 5.5), (32.9, 10.5)]]
    lashes += [[(3.8, 12.9), (7.7, 16.9)], [(44.3, 12.7), (40.3, 16.7)]]
    panes = [[(24.1, 20.8), (24, 35.8)], [(16.7, 28.4), (31.4, 28.2)]]
    for line in (upper + lower, *lashes, *panes):
        points = [(scale * x, scale * y) for x, y in line]
        pen.line(points, INK, stroke, joint="curve")
        for x, y in (points[0], points[-1]):
            pen.ellipse((x - stroke / 2, y - stroke / 2, x + stroke / 2, y + stroke / 2), INK)
    return drawn.resize((side, side), Image.Resampling.LANCZOS)


Point = tuple[float, float]


def bend(start: Point, over: Point, end: Point) -> list[Point]:
    """A curve from one point to another, drawn towards a third."""
    steps = [step / 24 for step in range(25)]
    return [
        (
            (1 - at) ** 2 * start[0] + 2 * at * (1 - at) * over[0] + at**2 * end[0],
            (1 - at) ** 2 * start[1] + 2 * at * (1 - at) * over[1] + at**2 * end[1],
        )
        for at in steps
    ]
