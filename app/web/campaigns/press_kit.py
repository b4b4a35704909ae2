"""The press kit of a campaign: what both the campaign and newspapers may show, in one ZIP, made while it is sent."""

from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import Any, NamedTuple

from flask import Response
from flask_babel import gettext as _
from PIL import Image

from app import clock
from app.adapters import outside
from app.errors import EyesError, NotFound
from app.extensions import limiter
from app.release import queries
from app.release.exhibits import PRESS, exhibits
from app.release.publishing import find_public
from app.release.queries import Item
from app.web.absolute import absolute
from app.web.campaigns import bp
from app.web.campaigns.found import find, pages_of
from app.web.campaigns.press_papers import Named, Part, paper, papers
from app.web.captions import Caption, caption_of
from app.web.guard import Audience, open_to
from app.web.locale import page_code
from app.web.templating import LANGUAGES, by_width
from app.web.zipping import Member, zipped

JPEG_QUALITY = 92
ENDINGS = {"image/webp": "webp", "image/jpeg": "jpg", "audio/webm": "webm", "audio/mp4": "m4a"}


class File(NamedTuple):
    """One file of the kit: its name there, the story it is of, where it lies in the public store, and what it shows."""

    name: str
    item: Item
    stored: str
    shows: str
    as_jpeg: bool
    """Whether it is made into a JPEG on its way."""


@bp.get("/<slug>/press-kit.zip")
@limiter.limit("30 per minute; 600 per hour")
@open_to(Audience.PUBLIC, kept=False)
def press_kit(slug: str) -> Response:
    """The ZIP. Everything it needs from the database is read before the first byte leaves."""
    campaign = find(slug)
    items = exhibits(campaign.id, PRESS)
    if not items:
        raise NotFound
    pages = pages_of(campaign, items, absolute)
    parts = [Part(folder_of(number, item), item, pages[item.story_id]) for number, item in enumerate(items, start=1)]
    files = [file for part in parts for file in files_of(part.folder, part.item)]
    named = [(Named(file.name, file.shows), file.item) for file in files]
    members = [*papers(campaign, parts, named), *map(member_of, files)]
    answer = Response(zipped(members, clock.now(), note_missing()), content_type="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{campaign.slug}-press-kit.zip"'
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def folder_of(number: int, item: Item) -> str:
    """Where a story's files lie: in the campaign's order, and named after its address."""
    return f"{number:02}-{item.story_id[:6]}"


def files_of(folder: str, item: Item) -> Iterator[File]:
    """The pictures in their largest form and one that any program opens, and the recordings."""
    for number, image in enumerate(item.images, start=1):
        caption = caption_of(image, page_code(), item.locale)
        for rendition, as_jpeg in chosen_of(image):
            yield from stored_as(f"{folder}/picture-{number}", item, rendition, told_of(caption), as_jpeg=as_jpeg)
    for number, sound in enumerate(item.sounds, start=1):
        plain = next((source for source in sound["sources"] if source["media_type"] == "audio/mp4"), None)
        yield from stored_as(f"{folder}/recording-{number}", item, plain or sound["sources"][0])


def told_of(caption: Caption | None) -> str:
    """A caption as plain text, with the name of its language where that is not the kit's."""
    if caption is None:
        return ""
    return f"{caption.words} ({LANGUAGES[caption.code][1]})" if caption.is_named else caption.words


def chosen_of(image: dict[str, Any]) -> Iterator[tuple[dict[str, Any], bool]]:
    """The largest rendition, and a JPEG of that size, which every newsroom opens; whether it is still to be made."""
    largest, plain = (by_width(image, media_type)[-1:] for media_type in ("image/webp", "image/jpeg"))
    yield from ((rendition, False) for rendition in largest)
    if largest and (not plain or plain[0]["width"] < largest[0]["width"]):
        yield largest[0], True
    else:
        yield from ((rendition, False) for rendition in plain)


def stored_as(
    name: str, item: Item, rendition: dict[str, Any], shows: str = "", *, as_jpeg: bool = False
) -> Iterator[File]:
    """A file that can be fetched at this moment, under its name in the kit."""
    file = queries.media(rendition["name"])
    if file is not None:
        try:
            stored = find_public(file)
        except EyesError:
            return
        ending = "jpg" if as_jpeg else ENDINGS.get(file.media_type, "bin")
        yield File(f"{name}.{ending}", item, stored, shows, as_jpeg)


def member_of(file: File) -> Member:
    """A file as the ZIP reads it, when its turn comes."""
    store = outside().public
    return Member(file.name, lambda: (jpeg_of if file.as_jpeg else iter)(store.open(file.stored)))


def jpeg_of(picture: Iterable[bytes]) -> Iterator[bytes]:
    """One of our own pictures as a JPEG. Raises `NotFound` for one that cannot be opened."""
    out = BytesIO()
    try:
        with Image.open(BytesIO(b"".join(picture)), formats=("WEBP",)) as opened:
            opened.convert("RGB").save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
    except (OSError, ValueError) as broken:
        raise NotFound from broken
    yield out.getvalue()


def note_missing() -> Callable[[list[str]], Member]:
    """What says, at the end, which files went while the kit was being sent."""
    said = _("These files are not in the kit any more. Please do not use them, and load the kit again.")
    return lambda names: paper("not-complete.txt", "\n".join([said, "", *names, ""]).encode())
