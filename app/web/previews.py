"""Private looks at a story's files: what was made of them, decrypted and streamed, kept by nobody on the way."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext

from app.errors import NotFound
from app.media.actions import open_rendition
from app.media.models import Asset, Rendition
from app.media.queries import assets_of, renditions_of
from app.media.rules import Kind, Purpose, State
from app.stories.models import Story
from app.web.words import sentence

LOCKED = "sandbox; default-src 'none'"

Address = Callable[[str], str]
"""From the name of a rendition to where this audience may look at it."""


def find_rendition(story: Story, name: str) -> Rendition:
    """A rendition of one of a story's files by name. Raises `NotFound` for one of any other story."""
    for asset in assets_of(story.id):
        for rendition in renditions_of(asset.id):
            if rendition.name == name:
                return rendition
    raise NotFound


def stream(rendition: Rendition) -> Response:
    """Send a rendition; a player may ask for a part of it."""
    response = Response(open_rendition(rendition), content_type=rendition.media_type)
    response.headers["Content-Security-Policy"] = LOCKED
    response.headers["Content-Length"] = str(rendition.size)
    return response.make_conditional(request, accept_ranges=True, complete_length=rendition.size)  # type: ignore[return-value]


def image_of(asset: Asset) -> dict[str, Any]:
    """A picture as the media macros print it."""
    return {
        "width": asset.width,
        "height": asset.height,
        "placeholder": asset.placeholder,
        "renditions": [
            {"name": item.name, "width": item.width, "media_type": item.media_type} for item in renditions_of(asset.id)
        ],
    }


def sound_of(asset: Asset) -> dict[str, Any]:
    """A recording as the media macros print it."""
    made = renditions_of(asset.id)
    return {
        "duration_ms": asset.duration_ms,
        "sources": [
            {"name": item.name, "media_type": item.media_type} for item in made if item.purpose is not Purpose.PEAKS
        ],
        "peaks": next((item.name for item in made if item.purpose is Purpose.PEAKS), None),
    }


def images(assets: Sequence[Asset]) -> list[dict[str, Any]]:
    """The pictures that came out of the decoder whole."""
    return [image_of(asset) for asset in assets if asset.kind is Kind.IMAGE and asset.state is State.READY]


def sounds(assets: Sequence[Asset]) -> list[dict[str, Any]]:
    """The recordings that did."""
    return [sound_of(asset) for asset in assets if asset.kind is Kind.SOUND and asset.state is State.READY]


def no_address(_name: str) -> str:
    """Where no file may be looked at, or none is."""
    return ""


def rows(assets: Sequence[Asset], address: Address, remove_endpoint: str = "") -> list[dict[str, str]]:
    """The files of a version as the list of what was handed in prints them."""
    counts = {Kind.IMAGE: 0, Kind.SOUND: 0}
    listed = []
    for asset in assets:
        counts[asset.kind] += 1
        listed.append(
            {
                "id": asset.id,
                "kind": asset.kind.value,
                "name": name_of(asset.kind, counts[asset.kind]),
                "state": asset.state.value,
                "message": str(sentence(asset.refusal.value)) if asset.refusal else "",
                "preview": _smallest(asset, address),
                "remove": url_for(remove_endpoint, asset_id=asset.id) if remove_endpoint else "",
            }
        )
    return listed


def name_of(kind: Kind, number: int) -> str:
    """What a file is called on a page; the name it had on the telephone is never kept."""
    if kind is Kind.IMAGE:
        return str(gettext("Picture %(number)s", number=number))
    return str(gettext("Recording %(number)s", number=number))


def _smallest(asset: Asset, address: Address) -> str:
    if asset.kind is not Kind.IMAGE or asset.state is not State.READY:
        return ""
    pictures = [item for item in renditions_of(asset.id) if item.width is not None]
    return address(min(pictures, key=lambda item: (item.width or 0, item.size)).name)
